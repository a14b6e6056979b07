"""The one way in: a statement is recorded once and whole, or it leaves no trace."""

import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from ledger.canonical import dumps
from ledger.checkpoint import Checkpoint
from ledger.dsse import REVOCATION, AuthorKey, pae
from ledger.errors import Conflict, Malformed, NotProven
from ledger.merkle import check_inclusion
from tests import world
from tests.world import ORIGIN, PLOT, World
from traceability import journal, kept, schema, tables
from traceability.disclosure import SealedValue
from traceability.errors import Invalid, NotAllowed, Refused, Repeated
from traceability.events import Event
from traceability.journal import NotAll, Recorded
from traceability.limits import digest_of
from traceability.statement import Signed, new_id, sign, stated
from web import database, key_life
from web.database import key_record

AUTHOR = AuthorKey(b"\x21" * 32)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world.opened(tmp_path_factory.mktemp("journal")) as opened:
        opened.at("2026-09-21T08:00:00+08:00")
        opened.services.journal.register_key(grant(opened, AUTHOR))
        yield opened


def grant(made: World, key: AuthorKey, party: str = "heitu", role: str = "cooperative") -> dict[str, Any]:
    """Return the record that grants *key* to its holder."""
    registrar = made.services.registrar()
    return key_record(ORIGIN, key, registrar, party=party, role=role, custody="author")


def revocation(made: World, key: AuthorKey) -> dict[str, Any]:
    """Return the record that ends *key*."""
    registrar = made.services.registrar()
    body = {"key": key.id, "log": ORIGIN, "party": "heitu", "reason": "lost", "v": 1}
    line = b64encode(registrar.sign(pae(REVOCATION, dumps(body)))).decode()
    return {
        "kind": "revocation",
        "links": {},
        "revocation": body,
        "sigs": [{"key": registrar.id, "sig": line}],
    }


def bought(made: World, name: str = "虚构尿素", **words: Any) -> Event:
    """Return a purchase."""
    told = {"name": name, "category": "fertiliser", "amount": "1", "unit": "kg", "dealer": "虚构农资店"}
    return schema.load("input-bought", {"at": made.clock().isoformat(), **told, **words})


def signed(made: World, *keys: AuthorKey, by: str = "heitu", **words: Any) -> Signed:
    """Return a purchase stated by *by*, signed with *keys*, else with the author's own."""
    return stated(bought(made, **words), *(keys or (AUTHOR,)), by=by, log=ORIGIN)


def too_much(made: World) -> Signed:
    """Return a harvest that no plot of two hectares bears."""
    amount = {"kg": "500000"}
    words = {"lot": "/lot/heitu/paddy/XL", "product": "paddy", "amount": amount}
    plots = [{"plot": PLOT, "amount": amount}]
    event = schema.load("harvested", {"at": made.clock().isoformat(), **words, "plots": plots})
    return stated(event, AUTHOR, by="heitu", log=ORIGIN)


def everything_stored(made: World) -> dict[str, list[Any]]:
    """Return every row of every table."""
    found: dict[str, list[Any]] = {}
    with made.services.reading() as reader:
        for metadata in (tables.metadata, kept.metadata):
            for table in metadata.sorted_tables:
                found[table.name] = [tuple(row) for row in reader.connection.execute(select(table))]
    return found | {"log": [made.services.log.head()[0]]}


def test_a_receipt_proves_the_entry_that_was_written(made: World) -> None:
    receipt = made.services.journal.submit(signed(made)).result()

    (recorded,) = receipt.value
    checkpoint = Checkpoint.parse(receipt.note.text)
    leaf = made.services.log.entry(recorded.index).entry.leaf
    path = receipt.proof(recorded.index).path
    check_inclusion(path, size=checkpoint.size, root=checkpoint.root, index=recorded.index, leaf=leaf)
    assert (recorded.flags, recorded.was_known) == ((), False)


def test_what_opens_a_statement_is_kept_beside_it(made: World) -> None:
    given = signed(made)

    made.services.journal.submit(given).result()

    with made.services.reading() as reader:
        opened = made.services.sealed.of_statement(reader.connection, given.statement.id)
    assert opened == {each.pointer: each for each in given.opened}


def test_the_same_statement_again_gets_the_first_receipt(made: World) -> None:
    given = signed(made)
    (first,) = made.services.journal.submit(given).result().value
    before = everything_stored(made)

    (again,) = made.services.journal.submit(given).result().value

    assert again == replace(first, was_known=True)
    assert everything_stored(made) == before


def test_the_same_statement_twice_at_once_is_recorded_once(made: World) -> None:
    given, size = signed(made), made.services.log.size()

    (one, other) = made.services.journal.submit(given, given).result().value

    assert (one.index, other.index, other.was_known) == (size, size, True)
    assert made.services.log.size() == size + 1


def test_another_signature_over_the_same_statement_changes_nothing(made: World) -> None:
    given = signed(made)
    (first,) = made.services.journal.submit(given).result().value

    again = sign(given.statement, made.services.journal.platform_key("heitu"), opened=given.opened)

    assert made.services.journal.submit(again).result().value[0].index == first.index


def test_a_statement_id_serves_one_content(made: World) -> None:
    statement_id = new_id()
    events = [bought(made, name) for name in ("先", "后")]
    first, other = (
        stated(event, AUTHOR, by="heitu", log=ORIGIN, statement_id=statement_id) for event in events
    )
    made.services.journal.submit(first).result()
    before = everything_stored(made)

    with pytest.raises(Repeated):
        made.services.journal.submit(other).result()

    assert everything_stored(made) == before


def test_another_party_may_use_the_same_id(made: World) -> None:
    statement_id = new_id()
    first = made.services.journal.record("heitu", bought(made), ids=[statement_id])
    recall = schema.load(
        "recalled",
        {"at": made.clock().isoformat(), "lot": "/lot/mifang/rice/none", "level": 1, "cause": "other"},
    )

    with pytest.raises(Refused):
        made.services.journal.record("mifang", recall, ids=[statement_id])

    assert not first[0].was_known


def bent(change: Callable[[Signed], Signed]) -> Callable[[World], Signed]:
    """Return how a sound statement is made and then changed."""
    return lambda made: change(signed(made))


def other_value(given: Signed) -> Signed:
    (opened,) = given.opened
    return replace(given, opened=(replace(opened, value="别的店"),))


def other_statement(given: Signed) -> Signed:
    (opened,) = given.opened
    return replace(given, opened=(replace(opened, statement_id="urn:uuid:1"),))


def unknown_rules(made: World) -> Signed:
    """Return the adoption of a rule set whose files are not on the shelf."""
    files = {"limits.csv": "00" * 32}
    words = {"version": "x", "digest": digest_of("x", files)}
    named = [{"name": name, "sha256": digest} for name, digest in files.items()]
    event = schema.load("rules-adopted", {"at": made.clock().isoformat(), **words, "files": named})
    return stated(event, made.services.journal.platform_key("yushu"), by="yushu", log=ORIGIN)


REFUSALS: dict[str, tuple[Callable[[World], Signed], type[Exception]]] = {
    "a rule forbids it": (too_much, Refused),
    "nobody granted the key": (lambda made: signed(made, AuthorKey(b"\x22" * 32)), NotProven),
    "another party's key": (
        lambda made: signed(made, made.services.journal.platform_key("mifang")),
        NotProven,
    ),
    "one key of two is another's": (
        lambda made: signed(made, AUTHOR, made.services.journal.platform_key("mifang")),
        NotProven,
    ),
    "the role may not state it": (
        lambda made: signed(made, made.services.journal.platform_key("mifang"), by="mifang"),
        Refused,
    ),
    "nobody signed": (bent(lambda given: replace(given, signatures=())), Malformed),
    "signed twice with one key": (
        bent(lambda given: replace(given, signatures=given.signatures * 2)),
        Malformed,
    ),
    "another log": (
        lambda made: stated(bought(made), AUTHOR, by="heitu", log="other.example"),
        NotProven,
    ),
    "the signature is of other words": (
        lambda made: replace(signed(made), signatures=signed(made, name="别的").signatures),
        NotProven,
    ),
    "what opens it is missing": (bent(lambda given: replace(given, opened=())), Invalid),
    "something more opens it": (
        bent(lambda given: replace(given, opened=(*given.opened, SealedValue("", "/x", b"", "")))),
        Invalid,
    ),
    "another value opens it": (bent(other_value), NotProven),
    "it is opened for another statement": (bent(other_statement), Invalid),
    "nobody here has the rules": (unknown_rules, NotProven),
}


@pytest.mark.parametrize("why", REFUSALS)
def test_a_refused_statement_leaves_no_trace(made: World, why: str) -> None:
    make, error = REFUSALS[why]
    given = make(made)
    before = everything_stored(made)

    with pytest.raises(error):
        made.services.journal.submit(given).result()

    assert everything_stored(made) == before


def test_statements_stand_or_fall_together(made: World) -> None:
    before = everything_stored(made)

    with pytest.raises(Refused):
        made.services.journal.submit(signed(made), too_much(made), signed(made)).result()

    assert everything_stored(made) == before


def test_an_attempt_tells_of_each_what_would_have_come_of_it(made: World) -> None:
    before = everything_stored(made)

    with pytest.raises(NotAll) as failed:
        made.services.journal.attempt([signed(made), too_much(made), signed(made)]).result()

    assert [type(each) for each in failed.value.answers] == [Recorded, Refused, Recorded]
    assert everything_stored(made) == before


def test_an_attempt_that_goes_on_records_all_but_what_is_refused(made: World) -> None:
    size = made.services.log.size()

    several = [signed(made), too_much(made), signed(made)]
    answers = made.services.journal.attempt(several, keep_going=True).result().value

    assert [each.index if isinstance(each, Recorded) else type(each) for each in answers] == [
        size,
        Refused,
        size + 1,
    ]
    assert made.services.log.size() == size + 2


def test_a_later_statement_sees_an_earlier_one_of_the_same_work(made: World) -> None:
    amount = {"kg": "10"}
    common = {"at": made.clock().isoformat(), "lot": "/lot/heitu/paddy/26-S"}
    plots = [{"plot": PLOT, "amount": amount}]
    harvest = schema.load("harvested", {**common, "product": "paddy", "amount": amount, "plots": plots})
    recall = schema.load("recalled", {**common, "level": 3, "cause": "other"})

    recorded = made.services.journal.record("heitu", harvest, recall)

    assert [each.was_known for each in recorded] == [False, False]


def state(made: World) -> Recorded:
    """Let the mill, whose key the platform keeps, register one more product."""
    product = f"rice-{new_id()[-8:]}"
    return made.say(
        "mifang", "product-registered", product=product, name="米", commodity="milled-rice", measure="mass"
    )


def test_a_key_that_is_remembered_is_forgotten_when_it_ends(made: World) -> None:
    state(made)
    old = made.services.journal.platform_key("mifang").id

    _, new = key_life.rotate(made.services, "mifang")
    state(made)

    assert (made.services.journal.platform_key("mifang").id, old != new) == (new, True)


def test_a_key_that_another_process_ended_is_refused_and_then_asked_for_again(
    made: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "REMEMBERED_SECONDS", 3600.0)
    state(made)
    other = database.open_services(made.services.settings, now=made.clock)
    try:
        _, new = key_life.rotate(other, "mifang")
    finally:
        other.close()

    with pytest.raises(NotProven):
        state(made)
    # An hour later, for the journal.
    later = time.monotonic() + 3601
    monkeypatch.setattr(journal, "time", SimpleNamespace(monotonic=lambda: later))
    state(made)

    assert made.services.journal.platform_key("mifang").id == new


def test_a_party_without_a_key_in_custody_is_told(made: World) -> None:
    with pytest.raises(NotAllowed) as refused:
        made.services.journal.platform_key("nobody")

    assert refused.value.reason == "no-platform-key"


def test_a_log_is_opened_once(made: World) -> None:
    with pytest.raises(NotAllowed) as refused:
        made.services.journal.open({})

    assert refused.value.reason == "log-already-open"


def test_a_key_is_granted_once(made: World) -> None:
    before = everything_stored(made)

    with pytest.raises(Conflict):
        made.services.journal.register_key(grant(made, AUTHOR))

    assert everything_stored(made) == before


def test_a_key_that_was_refused_is_not_in_the_ring(made: World) -> None:
    key = AuthorKey(b"\x23" * 32)
    record = grant(made, key)

    with pytest.raises(NotProven):
        made.services.journal.register_key(record | {"sigs": record["sigs"][::-1]})
    with pytest.raises(NotProven):
        made.services.journal.submit(signed(made, key)).result()


def test_a_key_that_was_ended_signs_what_came_before_and_nothing_after(made: World) -> None:
    key = AuthorKey(b"\x24" * 32)
    made.services.journal.register_key(grant(made, key))
    given = signed(made, key)
    (first,) = made.services.journal.submit(given).result().value

    ended = made.services.journal.revoke_key(revocation(made, key))

    assert ended == first.index + 1
    assert made.services.journal.submit(given).result().value[0].index == first.index
    with pytest.raises(NotProven):
        made.services.journal.submit(signed(made, key)).result()


def test_flags_are_told_with_the_receipt(made: World) -> None:
    words = {"plot": PLOT, "name": "补记的药", "substances": ["三环唑"], "interval_days": 7}
    made.clock.pass_time(days=60)

    late = made.say("heitu", "treated", at="2026-07-01T08:00:00+08:00", **words)

    assert [each["rule"] for each in late.flags] == ["late-entry"]
