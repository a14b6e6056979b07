"""Frozen facts, valid from the moment they exist; one module for each stage of the trade.

    registry     who there is, what they make and on which land
    field        what was done to a crop, and what was harvested
    processing   what was made of what, and what was packed into what
    movement     who handed what to whom
    quality      what a test found, what its issuer promises
    followup     what later facts say of earlier ones
    partner      what a partner's EPCIS document claims

The kinds and their classes stand in `KINDS`; who may state which kind stands in `MAY_STATE`.
"""

from traceability.events import field, followup, movement, partner, processing, quality, registry
from traceability.events.fact import Event

__all__ = ["KINDS", "MAY_STATE", "Event", "may_state"]

KINDS: dict[str, type[Event]] = {
    kind.kind: kind
    for kind in (
        registry.PartyRegistered,
        registry.PrefixLicensed,
        registry.ProductRegistered,
        registry.MemberRegistered,
        registry.PlotRegistered,
        registry.RulesAdopted,
        field.InputBought,
        field.Treated,
        field.InputApplied,
        field.Harvested,
        processing.UntracedReceived,
        processing.Processed,
        processing.Packed,
        processing.Unpacked,
        processing.CodesIssued,
        processing.CodesVoided,
        movement.Shipped,
        movement.Received,
        movement.Retailed,
        quality.Inspected,
        quality.CertificateIssued,
        followup.Corrected,
        followup.Confirmed,
        followup.Recalled,
        followup.HoldResolved,
        followup.Erased,
        partner.PartnerClaimed,
    )
}

_GROWERS = frozenset({"cooperative", "farm"})
_MAKERS = frozenset({"cooperative", "farm", "processor", "brand-owner"})
_TRADERS = _MAKERS | {"retailer", "market", "carrier"}
_OFFICES = frozenset({"operator", "regulator"})
_ALL = _TRADERS | _OFFICES | {"laboratory"}

MAY_STATE: dict[str, frozenset[str]] = {
    "party-registered": _OFFICES,
    "prefix-licensed": _OFFICES,
    "product-registered": _MAKERS,
    "member-registered": _GROWERS,
    "plot-registered": _GROWERS,
    "rules-adopted": _OFFICES,
    "input-bought": _GROWERS,
    "treated": _GROWERS,
    "input-applied": _GROWERS,
    "harvested": _GROWERS,
    "untraced-received": _TRADERS,
    "processed": _MAKERS,
    "packed": _TRADERS,
    "unpacked": _TRADERS,
    "codes-issued": _MAKERS,
    "codes-voided": _MAKERS | {"regulator"},
    "shipped": _TRADERS,
    "received": _TRADERS,
    "retailed": _TRADERS,
    "inspected": frozenset({"laboratory"}),
    "certificate-issued": _TRADERS,
    "corrected": _ALL,
    "confirmed": _ALL,
    "recalled": _MAKERS | {"regulator"},
    "hold-resolved": frozenset({"regulator", "laboratory"}),
    "erased": _ALL,
    "partner-claimed": _ALL,
}


def may_state(role: str, kind: str) -> bool:
    """Tell whether a party of *role* may state an event of *kind*."""
    return role in MAY_STATE.get(kind, frozenset())
