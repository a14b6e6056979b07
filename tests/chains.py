"""A small chain of our own, told in EPCIS 2.0, and the answers that follow from it.

F1 ─┐                                      09-06 pallet holds P1 of 20 kg, is shipped to the store,
    ├─ milling ─ P1 (and bran B1)          09-09 and is emptied there
F2 ─┘
F2 ─ a milling that never happened ─ P2    declared void
"""

import json
from pathlib import Path
from typing import Any

CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
F1, F2 = (f"https://id.gs1.org/01/09521234000013/10/F{number}" for number in (1, 2))
P1, P2 = (f"https://id.gs1.org/01/09521234000020/10/P{number}" for number in (1, 2))
B1 = "https://id.gs1.org/01/09521234000037/10/B1"
PALLET = "https://id.gs1.org/00/095212340000000013"
STORE = "https://id.gs1.org/414/9521234000006"


def kilograms(lot: str, mass: float, unit: str = "KGM") -> dict[str, Any]:
    """Return a quantity of *lot*."""
    return {"epcClass": lot, "quantity": mass, "uom": unit}


def event(number: int, kind: str, at: str, **members: Any) -> dict[str, Any]:
    """Return an event of *kind* at *at* (Beijing time), with an id made of *number*."""
    told = {
        "type": kind,
        "eventTime": f"{at}+08:00",
        "eventTimeZoneOffset": "+08:00",
        "eventID": f"urn:uuid:00000000-0000-4000-8000-{number:012}",
    }
    return told | members


def events() -> list[dict[str, Any]]:
    """Return the events of the chain, in no order."""
    never = event(
        5,
        "TransformationEvent",
        "2026-09-04T09:00:00",
        inputQuantityList=[kilograms(F2, 10)],
        outputQuantityList=[kilograms(P2, 9)],
    )
    void = {"declarationTime": "2026-09-05T00:00:00+08:00", "reason": "did_not_occur"}
    return [
        event(
            4,
            "ObjectEvent",
            "2026-09-07T08:00:00",
            action="OBSERVE",
            bizStep="shipping",
            epcList=[PALLET],
            destinationList=[{"type": "location", "destination": STORE}],
        ),
        never | {"errorDeclaration": void},
        event(
            3,
            "AggregationEvent",
            "2026-09-06T08:00:00",
            action="ADD",
            parentID=PALLET,
            childQuantityList=[kilograms(P1, 20)],
        ),
        event(
            2,
            "TransformationEvent",
            "2026-09-03T08:00:00",
            inputQuantityList=[kilograms(F1, 100), kilograms(F2, 0.3, "TNE")],
            outputQuantityList=[kilograms(P1, 250), kilograms(B1, 30)],
        ),
        never,
        event(0, "ObjectEvent", "2026-09-01T08:00:00", action="ADD", quantityList=[kilograms(F1, 100)]),
        event(1, "ObjectEvent", "2026-09-01T09:00:00", action="ADD", quantityList=[kilograms(F2, 400)]),
        event(6, "AggregationEvent", "2026-09-09T08:00:00", action="DELETE", parentID=PALLET),
    ]


def document(told: list[dict[str, Any]], **members: Any) -> dict[str, Any]:
    """Return an EPCIS document of the events *told*."""
    head = {
        "@context": [CONTEXT],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-12-01T00:00:00Z",
    }
    return head | {"epcisBody": {"eventList": told}} | members


def write(path: Path, told: list[dict[str, Any]], **members: Any) -> Path:
    """Write a document of the events *told* to *path* and return it."""
    path.write_text(json.dumps(document(told, **members)), encoding="utf-8")
    return path


EXPECTED: dict[str, Any] = {
    "trace_back": {F1: [], F2: [], P1: [F1, F2], B1: [F1, F2]},
    "trace_forward": {F1: [P1, B1], F2: [P1, B1], P1: [], B1: []},
    "container_contents_final": {PALLET: []},
    "mass_balance": [
        {
            "eventID": "urn:uuid:00000000-0000-4000-8000-000000000002",
            "input_kg": 400.0,
            "output_kg": 280.0,
            "violation": False,
        }
    ],
    "recall": {F1: {"affected_lots": [F1, P1, B1], "shipped_to": [STORE]}},
}
