"""Certificates, who has collected them, and how much was sold under those that somebody was granted.

certificate_detail   one row a `certificate-issued`, beside `certificate`: who issued it, for how much
certificate_receipt  a buyer keeps it                  certificate_fault   somebody says that it is wrong
scheme_certificate   a certificate of 三品一标 and others, with its bounds
scheme_change        suspended, resumed, withdrawn      scheme_product     a kind of goods in its scope
scheme_plot          a plot of its base; areas in square metres, so that SQL adds them exactly
scheme_use           a lot sold under it; whole grams, so that SQL adds them exactly
"""

from sqlalchemy import Column, Index, Table, Text

from traceability.tables.frame import Position, entry, metadata, ordinal

certificate_detail = Table(
    "certificate_detail",
    metadata,
    entry(),
    Column("lot", Text, nullable=False, index=True),
    Column("by", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("division", Text, nullable=False),
    Column("amount", Text, nullable=False),
    Column("supersedes", Text, index=True),
    Index("certificate_detail_number", "by", "number"),
)
"""*amount* is in the measure of the lot."""

certificate_receipt = Table(
    "certificate_receipt",
    metadata,
    entry(),
    Column("certificate", Text, nullable=False, index=True),
    Column("lot", Text, nullable=False, index=True),
    Column("by", Text, nullable=False, index=True),
    Column("day", Text, nullable=False),
)

certificate_fault = Table(
    "certificate_fault",
    metadata,
    entry(),
    Column("certificate", Text, nullable=False, index=True),
    Column("lot", Text, nullable=False, index=True),
    Column("by", Text, nullable=False),
    Column("fault", Text, nullable=False),
)

scheme_certificate = Table(
    "scheme_certificate",
    metadata,
    entry(),
    Column("scheme", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("holder", Text, nullable=False, index=True),
    Column("since", Text, nullable=False),
    Column("until", Text, nullable=False),
    Column("area_ha", Text),
    Column("tonnage_kg", Text),
    Column("indication", Text),
    Column("registry", Text),
    Column("promise", Text),
    Index("scheme_certificate_number", "scheme", "number"),
)


def scheme_account(what: str, scheme: str, number: str, lot: str = "") -> str:
    """Return the running total of what was "used" or "based" of a certificate, or used of it for one lot.

    It is the certificate's by its number, so that one that is set right goes on where it was.
    """
    return f"scheme:{what}:{scheme}:{number}:{lot}"


scheme_product = Table(
    "scheme_product",
    metadata,
    entry(),
    ordinal(),
    Column("commodity", Text, nullable=False),
)

scheme_change = Table(
    "scheme_change",
    metadata,
    entry(),
    Column("certificate", Text, nullable=False, index=True),
    Column("state", Text, nullable=False),
    Column("day", Text, nullable=False),
)

scheme_plot = Table(
    "scheme_plot",
    metadata,
    entry(),
    ordinal(),
    Column("certificate", Text, nullable=False, index=True),
    Column("plot", Text, nullable=False, index=True),
    Column("square_metres", Position, nullable=False),
)

scheme_use = Table(
    "scheme_use",
    metadata,
    entry(),
    Column("certificate", Text, nullable=False, index=True),
    Column("lot", Text, nullable=False, index=True),
    Column("by", Text, nullable=False),
    Column("grams", Position, nullable=False),
)
