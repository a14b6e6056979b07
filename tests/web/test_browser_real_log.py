"""A log as the journal writes it, believed by the shopper's browser down to its last link."""

from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from ledger.canonical import Json
from tests import world
from tests.world import PADDY_LOT, PLOT, RICE_LOT, World

pytestmark = pytest.mark.browser

PLOT_SUBJECT = f"urn:jizihao:plot:{PLOT}"

CHECK = """async ([bundle, facts]) => {
  const { check } = await load("verification");
  const page = { chapters: bundle.chapters, facts, recallShown: false, address: null, secure: true };
  const verdict = await check(bundle, page, { available: true, pin: null }, "2026-11-01T00:00:00.000Z");
  return [verdict.mark, verdict.faults, verdict.chapters.map(({ faults }) => faults)]; }"""


def b64(raw: bytes) -> str:
    return b64encode(raw).decode()


def bundle(told: World) -> dict[str, Any]:
    """Return the bundle of the rice's page: every entry of the log, a chapter for each of lot and field."""
    log = told.services.log
    note = log.publish()
    checkpoint, _ = log.head()
    entries = [log.entry(index)[0] for index in range(checkpoint.size)]
    sent = [
        {
            "index": entry.index,
            "bytes": b64(entry.bytes()),
            "path": [b64(step) for step in log.inclusion(entry.index, checkpoint.size)],
        }
        for entry in entries
    ]
    subjects = (RICE_LOT, PADDY_LOT, PLOT_SUBJECT)
    return {
        "v": 1,
        "lang": "zh",
        "lot": RICE_LOT,
        "origin": world.ORIGIN,
        "policy": told.services.policy.text(),
        "checkpoint": note.bytes().decode(),
        "entries": sent,
        "chapters": [
            {"id": subject, "entries": touching(entries, subject), "subject": subject} for subject in subjects
        ],
        "subjects": list(subjects),
    }


def touching(entries: list[Any], subject: str) -> list[int]:
    """Return the entries about *subject*; a harvest refers to its plot, and is told at its lot."""
    about = [entry for entry in entries if subject in entry.record["links"]]
    return [entry.index for entry in about if subject != PLOT_SUBJECT or not is_harvest(entry.record)]


def verdict(told: World) -> list[dict[str, Any]]:
    """Return the fact above the chapters: the verdict of the one test, the last record of `whole_chain`."""
    index = told.services.log.size() - 1
    fact = {"chapter": None, "entry": index, "at": "/statement/event/verdict", "form": "word:verdict"}
    return [{**fact, "text": "合格"}]


def is_harvest(record: dict[str, Json]) -> bool:
    return bool(record["kind"] == "statement" and record["statement"]["event"]["kind"] == "harvested")


@pytest.fixture
def told(tmp_path: Path) -> Any:
    with world.opened(tmp_path) as opened:
        opened.whole_chain()
        yield opened


def test_what_the_journal_writes_holds(modules: Page, told: World) -> None:
    whole, above = bundle(told), verdict(told)

    assert modules.evaluate(CHECK, [whole, above]) == ["consistent", [], [[], [], []]]


def test_a_test_that_the_page_does_not_show_is_missed(modules: Page, told: World) -> None:
    mark, faults, _ = modules.evaluate(CHECK, [bundle(told), []])

    assert [mark, [one["code"] for one in faults]] == ["broken", ["test-hidden"]]


def test_a_recall_in_the_journal_is_seen(modules: Page, told: World) -> None:
    above = verdict(told)
    told.say("mifang", "recalled", lot=RICE_LOT, level=2, cause="mislabelled")

    mark, faults, _ = modules.evaluate(CHECK, [bundle(told), above])

    assert [mark, [one["code"] for one in faults]] == ["broken", ["recall-hidden"]]


def test_a_correction_in_the_journal_is_followed(modules: Page, told: World) -> None:
    above = verdict(told)
    recall = told.say("mifang", "recalled", lot=RICE_LOT, level=2, cause="mislabelled")
    told.say("mifang", "corrected", target=recall.digest, reason="did-not-occur")

    assert modules.evaluate(CHECK, [bundle(told), above]) == ["consistent", [], [[], [], []]]
