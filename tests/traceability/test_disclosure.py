"""Private words leave the log as salted digests: nothing opens them but the salt and the value together."""

import hashlib
import json
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given

from ledger import canonical
from ledger.errors import NotProven
from tests.strategies import events
from traceability import codec
from traceability.disclosure import SealedValue, check_opens, seal, sealed_fields
from traceability.events import KINDS, Event
from traceability.events.fact import Sealed
from traceability.events.movement import Shipped
from traceability.events.partner import PartnerClaimed, Place
from traceability.events.processing import Part
from traceability.quantity import Amount

AT = datetime(2026, 9, 21, tzinfo=UTC)
SHIPPED = Shipped(
    at=AT,
    parts=(Part("/lot/a/b/1", Amount(kg=Decimal(1))),),
    handover="00",
    to="虚构买家",
    vehicle="吉A00000",
)
VALUE = SealedValue("urn:uuid:1", "/to", bytes(range(32)), "虚构买家")


def test_a_digest_is_taken_over_the_spelling_that_the_format_draws() -> None:
    salt = b64encode(bytes(range(32))).decode()
    spelled = json.dumps(
        ["jizihao/sealed/v1", "urn:uuid:1", "/to", salt, "虚构买家"],
        ensure_ascii=False,
        separators=(",", ":"),
    )

    assert VALUE.digest == hashlib.sha256(spelled.encode()).digest()


def test_each_private_word_is_sealed_and_opened_by_what_stands_beside_it() -> None:
    sealed, values = seal(SHIPPED, "urn:uuid:1")

    fields = sealed_fields(sealed)
    assert [(each.pointer, each.value) for each in values] == [("/to", "虚构买家"), ("/vehicle", "吉A00000")]
    assert set(fields) == {"/to", "/vehicle"}
    for each in values:
        check_opens(each, fields[each.pointer])


def test_what_is_not_private_stays_as_it_is() -> None:
    sealed, _ = seal(SHIPPED, "urn:uuid:1")

    assert replace(sealed, to=SHIPPED.to, vehicle=SHIPPED.vehicle) == SHIPPED  # type: ignore[call-arg]  # it is a Shipped


def test_places_inside_lists_have_pointers_of_their_own() -> None:
    places = (Place("location"), Place("read-point", "虚构仓库"))
    claimed = PartnerClaimed(at=AT, position=0, event_id="1", type="ObjectEvent", places=places)

    _, values = seal(claimed, "urn:uuid:1")

    assert [each.pointer for each in values] == ["/places/1/place"]


@pytest.mark.parametrize(
    "bent",
    [
        replace(VALUE, statement_id="urn:uuid:2"),
        replace(VALUE, pointer="/destination"),
        replace(VALUE, salt=bytes(32)),
        replace(VALUE, value="虚构买家 "),
    ],
    ids=["statement", "pointer", "salt", "value"],
)
def test_nothing_else_opens_a_sealed_word(bent: SealedValue) -> None:
    check_opens(VALUE, Sealed(VALUE.digest))

    with pytest.raises(NotProven):
        check_opens(bent, Sealed(VALUE.digest))


def test_the_same_word_is_never_sealed_alike() -> None:
    first, second = (seal(SHIPPED, "urn:uuid:1")[1] for _ in range(2))

    assert {each.salt for each in first} & {each.salt for each in second} == set()
    assert first[0].digest != second[0].digest


def test_what_was_sealed_already_is_left_alone() -> None:
    sealed, _ = seal(SHIPPED, "urn:uuid:1")

    assert seal(sealed, "urn:uuid:1") == (sealed, ())


@given(event=events())
def test_no_private_word_reaches_the_log(event: Event) -> None:
    sealed, values = seal(event, "urn:uuid:1")

    spelled = codec.to_json(sealed)

    fields = sealed_fields(sealed)
    assert {each.pointer for each in values} <= set(fields)
    assert all(fields[each.pointer].digest == each.digest for each in values)
    for pointer in fields:
        part: Any = spelled
        for step in pointer.strip("/").split("/"):
            part = part[int(step)] if isinstance(part, list) else part[step]
        assert set(part) == {"sealed"}
    assert canonical.dumps(spelled)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_who_typed_it_is_private_in_every_kind(kind: str) -> None:
    assert [each.is_private for each in codec.members(KINDS[kind]) if each.name == "clerk"] == [True]
