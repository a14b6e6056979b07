"""The log changes its own key: the shopper's browser follows a proven change, and no other."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from ledger.checkpoint import Checkpoint
from ledger.cosignature import MLDSA44Cosigner
from ledger.errors import LedgerError
from ledger.keys import VerifierKey
from ledger.merkle import prove_inclusion, root_of
from ledger.note import Ed25519Signer, Note, Signer, signed
from ledger.policy import Policy
from ledger.proof import TlogProof
from ledger.rotation import Change, KeySchedule
from tests import world
from tests.browser import Pages
from tests.shopper import ALL, marks, said, serving, visit
from tests.small_log import ORIGIN, LotPage, Season, seed
from tests.world import RICE_LOT
from web import create_app, key_life, verifier
from web.database import open_services
from web.settings import Settings

pytestmark = pytest.mark.browser

OLD = Ed25519Signer(ORIGIN, seed("log"))
NEW = Ed25519Signer(ORIGIN, seed("new log key"))
NEW_MLDSA = MLDSA44Cosigner(ORIGIN, seed("new log key for later"))
STRANGER = Ed25519Signer(ORIGIN, seed("somebody else"))


def policy_of(*signers: Signer) -> str:
    return Policy(logs=tuple((each.key, None) for each in signers), witnesses={}, groups={}).text()


def change(phase: str, *, old: Signer = OLD, new: Sequence[Signer] = (NEW,)) -> dict[str, Any]:
    keys = tuple(each.key for each in new)
    return {
        name: value
        for name, value in Change(ORIGIN, (old.key,), keys, phase).record().items()
        if name != "links"
    }


class Rotation:
    """A season in whose log the key changes, and the page of its lot at each moment."""

    def __init__(self, new: Sequence[Signer] = (NEW,)) -> None:
        self.season = Season.grown()
        self.new = new
        self.handover = ""
        self.begun = -1

    def begin(self, *, signers: Sequence[Signer] | None = None) -> None:
        self.begun = self.season.log.append(change("begin", new=self.new)).index
        self.hand_over(signers or (OLD, *self.new))

    def hand_over(self, signers: Sequence[Signer]) -> None:
        """Sign the checkpoint of now as the one of the change-over."""
        log = self.season.log
        size = len(log.entries)
        path = prove_inclusion(log.node, index=self.begun, size=size)
        self.handover = TlogProof(self.begun, tuple(path), self.note(*signers)).bytes().decode()

    def end(self) -> None:
        self.season.log.append(change("end", new=self.new))

    def note(self, *signers: Signer) -> Note:
        entries = self.season.log.entries
        text = Checkpoint(ORIGIN, len(entries), root_of(entry.leaf for entry in entries)).text()
        return signed(text, *signers)

    def page(self, *signers: Signer, policy: str | None = None) -> LotPage:
        """Return the page under a checkpoint by *signers*, whose policy names them."""
        shown = self.season.page()
        shown.bent = {
            "policy": policy or policy_of(*signers),
            "checkpoint": self.note(*signers).bytes().decode(),
            "handovers": [self.handover] if self.handover else [],
        }
        return shown

    def tiles(self, pages: Pages) -> None:
        leaves = [entry.leaf for entry in self.season.log.entries]
        pages.write(f"/log/tile/0/000.p/{len(leaves)}", b"".join(leaves), "application/octet-stream")


def kept_keys(page: Page) -> list[str]:
    kept: str = page.evaluate(f"() => localStorage.getItem('jizihao/pinned/{ORIGIN}')")
    found: list[str] = json.loads(kept)["vkeys"]
    return found


def test_a_kept_key_follows_a_proven_change(page: Page, pages: Pages) -> None:
    told = Rotation()
    first = visit(page, pages, told.page(OLD))
    told.begin()
    told.tiles(pages)
    between = visit(page, pages, told.page(OLD, NEW, policy=policy_of(OLD)))
    told.end()
    told.tiles(pages)
    after = visit(page, pages, told.page(NEW))

    assert [first, between, after] == [marks("consistent", "◐"), marks("proven", "✓"), marks("proven", "✓")]
    assert f"changed its own key at entry {told.begun}" in said(page, "#verify-knows")
    assert kept_keys(page) == [NEW.key.text()]
    assert visit(page, pages, told.page(NEW)) == marks("proven", "✓")
    assert "changed its own key" not in said(page, "#verify-knows")


def test_a_key_for_later_changes_with_it(page: Page, pages: Pages) -> None:
    told = Rotation(new=(NEW, NEW_MLDSA))
    visit(page, pages, told.page(OLD))
    told.begin()
    told.end()
    told.tiles(pages)

    found = visit(page, pages, told.page(NEW, NEW_MLDSA))

    assert found == marks("proven", "✓")
    assert kept_keys(page) == [NEW.key.text(), NEW_MLDSA.key.text()]


def test_a_sealed_checkpoint_without_the_mldsa_line_is_no_lie(page: Page, pages: Pages) -> None:
    told = Rotation(new=(NEW, NEW_MLDSA))
    told.begin()
    told.end()

    found = visit(page, pages, told.page(NEW, policy=policy_of(NEW, NEW_MLDSA)))

    assert found == marks("consistent", "◐")
    assert "not published yet" in said(page, "#verdict-record")


def test_an_address_in_the_policy_may_change(page: Page, pages: Pages) -> None:
    told = Rotation()
    moved = Policy(logs=((OLD.key, "https://moved.test/log"),), witnesses={}, groups={}).text()
    visit(page, pages, told.page(OLD))

    assert visit(page, pages, told.page(OLD, policy=moved)) == marks("proven", "✓")


def test_a_policy_of_the_old_key_is_led_to_the_new_one(page: Page, pages: Pages) -> None:
    told = Rotation()
    told.begin()
    told.end()

    assert visit(page, pages, told.page(NEW, policy=policy_of(OLD))) == marks("consistent", "◐")


Bend = Callable[[Rotation], LotPage]


def unannounced(told: Rotation) -> LotPage:
    """The key is another, and no entry says so."""
    return told.page(NEW)


def without_handover(told: Rotation) -> LotPage:
    told.begin()
    told.end()
    told.handover = ""
    return told.page(NEW)


def handed_over_by_the_new_key_alone(told: Rotation) -> LotPage:
    told.begin(signers=(NEW,))
    told.end()
    return told.page(NEW)


def handed_over_by_the_old_key_alone(told: Rotation) -> LotPage:
    told.begin(signers=(OLD,))
    told.end()
    return told.page(NEW)


def handed_over_to_a_stranger(told: Rotation) -> LotPage:
    told.begin(signers=(OLD, STRANGER))
    told.end()
    return told.page(STRANGER)


def begun_and_signed_by_the_new_key_alone(told: Rotation) -> LotPage:
    told.begin()
    return told.page(NEW)


def ended_without_beginning(told: Rotation) -> LotPage:
    told.season.log.append(change("end"))
    return told.page(NEW)


def change_left_out(told: Rotation) -> LotPage:
    told.begin()
    told.end()
    shown = told.page(NEW)
    shown.shown = [index for index in shown.shown if index != told.begun]
    return shown


def other_policy_too(told: Rotation) -> LotPage:
    """Under the cover of a new key the policy asks for another log as well."""
    told.begin()
    told.end()
    other = Ed25519Signer("other.test/2026", seed("other"))
    return told.page(NEW, policy=policy_of(NEW, other))


@pytest.mark.parametrize(
    "bend",
    [
        unannounced,
        without_handover,
        handed_over_by_the_new_key_alone,
        handed_over_by_the_old_key_alone,
        handed_over_to_a_stranger,
        begun_and_signed_by_the_new_key_alone,
        ended_without_beginning,
        change_left_out,
        other_policy_too,
    ],
)
def test_a_kept_key_follows_nothing_else(page: Page, pages: Pages, bend: Bend) -> None:
    told = Rotation()
    visit(page, pages, told.page(OLD))
    before = kept_keys(page)
    shown = bend(told)
    told.tiles(pages)

    found = visit(page, pages, shown)

    assert found == marks("broken", "✗")
    assert kept_keys(page) == before
    assert set(found) == {"page", *ALL}


# A log whose keys are changed by its owner's commands.


@contextmanager
def open_shop(settings: Settings, port: int = 0) -> Iterator[str]:
    """Serve the instance, opened anew as after a restart, each time at the same address."""
    services = open_services(settings)
    try:
        services.log.publish()
        with serving(create_app(settings, services), port) as address:
            yield address
    finally:
        services.close()


def opened(page: Page, address: str) -> str:
    page.goto("about:blank")
    page.goto(address)
    page.wait_for_selector("html[data-verified]", state="attached")
    return str(page.evaluate("document.documentElement.dataset.verified"))


def test_a_shopper_and_a_verifier_follow_a_real_log(page: Page, tmp_path: Path) -> None:
    with world.opened(tmp_path) as told:
        told.whole_chain()
        settings, old = told.services.settings, told.services.policy
    verifier.write(tmp_path / "v", old)
    with serving(verifier.application(tmp_path / "v")) as other:
        found = []
        with open_shop(settings) as address:
            port = int(address.rpartition(":")[2])
            found.append((opened(page, address + RICE_LOT), opened(page, f"{other}/#{address}{RICE_LOT}")))
        begun = key_life.begin(settings)
        with open_shop(settings, port):
            found.append((opened(page, address + RICE_LOT), opened(page, f"{other}/#{address}{RICE_LOT}")))
        key_life.finish(settings, witnessed=False)
        with open_shop(settings, port):
            found.append((opened(page, address + RICE_LOT), opened(page, f"{other}/#{address}{RICE_LOT}")))
            knows = page.locator("#result").inner_text()
            opened(page, address + RICE_LOT)
            again = page.locator("#verify-knows").text_content()

    # The policy that was pinned asks for no witness: it cannot prove more than ◐.
    assert found == [("consistent", "consistent"), ("proven", "consistent"), ("proven", "consistent")]
    assert f"第 {begun} 条更换过" in knows
    assert "更换过" not in str(again)


# The schedule, as the ledger has it.

SCHEDULE = """async ([origin, first, records, sizes]) => {
   const m = await load("rotation"); const schedule = new m.KeySchedule(origin, first), said = [];
   for (const [index, record] of records) said.push(await refusal(() => schedule.admit({ index, record })));
   return [said.map((code) => code === null), sizes.map((size) => schedule.inForce(size))]; }"""

SECOND = Ed25519Signer(ORIGIN, seed("second new log key"))


def linked(record: dict[str, Any]) -> dict[str, Any]:
    return {**record, "links": {}}


SEQUENCES: list[list[dict[str, Any]]] = [
    [change("begin"), change("end")],
    [change("begin"), change("begin")],
    [change("end")],
    [change("begin"), change("end"), change("end")],
    [
        change("begin"),
        change("end"),
        change("begin", old=NEW, new=(SECOND,)),
        change("end", old=NEW, new=(SECOND,)),
    ],
    [change("begin"), change("end"), change("begin", old=NEW, new=(OLD,))],
    [change("begin", old=STRANGER)],
    [change("begin"), change("end", new=(SECOND,))],
    [change("begin", new=(NEW, NEW_MLDSA)), change("end", new=(NEW, NEW_MLDSA))],
    [{"kind": "log-keys", "change": {**change("begin")["change"], "v": 2}}],
    [{"kind": "log-keys", "change": {**change("begin")["change"], "log": "other.test/2026"}}],
    [{"kind": "log-keys", "change": {**change("begin")["change"], "new": []}}],
    [{"kind": "log-keys", "change": {**change("begin")["change"], "phase": "middle"}}],
    [{"kind": "log-keys", "change": {**change("begin")["change"], "more": 1}}],
    [{"kind": "log-keys", "change": {**change("begin")["change"], "new": [NEW_MLDSA.key.text()]}}],
]


@pytest.mark.parametrize("records", SEQUENCES)
def test_the_browser_keeps_the_schedule_of_the_ledger(modules: Page, records: list[dict[str, Any]]) -> None:
    places = [(10 * (at + 1), linked(record)) for at, record in enumerate(records)]
    sizes = [1, 10, 11, 20, 21, 31, 41, 99]

    found = modules.evaluate(SCHEDULE, [ORIGIN, [OLD.key.text()], places, sizes])

    assert found == list(in_python(places, sizes))


def in_python(
    places: list[tuple[int, dict[str, Any]]], sizes: list[int]
) -> tuple[list[bool], list[list[str]]]:
    first = (VerifierKey.parse(OLD.key.text()),)
    schedule, taken = KeySchedule(ORIGIN, first), []
    for index, record in places:
        try:
            schedule.admit(record, index)
            taken.append(True)
        except LedgerError:
            taken.append(False)
    return taken, [[key.text() for key in schedule.in_force(size)] for size in sizes]
