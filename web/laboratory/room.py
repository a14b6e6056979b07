"""The laboratory's desk: samples that wait for a test, re-tests that were ordered, and what was told.

/laboratory/                 the desk, with a box for a lot's code
/laboratory/inspect?code=…   one test of one lot
/laboratory/sampled          a sample that the laboratory took itself
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from flask import Blueprint, render_template

from traceability import own_records
from traceability.events.quality import Inspected
from traceability.evidence import Evidence
from traceability.own_records import Said
from traceability.reading import Reader
from traceability.samples import Report, Sample, retests_of, to_laboratory
from web import code_rooms
from web.access import me, require
from web.forms import Form
from web.services import services

blueprint = Blueprint("laboratory", __name__, url_prefix="/laboratory")

LABORATORIES = require("laboratory")

code_rooms.add_to(blueprint, "laboratory")


@dataclass(frozen=True, slots=True)
class Told:
    """One of my inspections, as it was last told, and whether the report that it names is kept here."""

    said: Said
    event: Inspected
    has_file: bool


@dataclass(frozen=True, slots=True)
class Desk:
    """What lies on the desk: samples without a report, ordered re-tests, reports that nobody was told of."""

    waiting: list[Sample]
    retests: list[tuple[Sample, Report]]
    untold: list[tuple[Sample, Report]]


@blueprint.get("/")
@LABORATORIES
def index() -> str:
    """Show the desk."""
    return desk_page(Form({}))


def desk_page(form: Form) -> str:
    """Return the desk, with what *form* says of the box for a code."""
    with services().reading() as reader:
        said = own_records.entries(reader, me().party, limit=100)
        return render_template(
            "laboratory/index.html", form=form, desk=_desk(reader), inspections=_inspections(reader, said)
        )


def _desk(reader: Reader) -> Desk:
    party, now = me().party, services().clock()
    every = to_laboratory(reader.connection, party)
    return Desk(
        waiting=[each for each in every if each.state(now) == "waiting" and each.laboratory in (None, party)],
        retests=list(retests_of(reader.connection, party)),
        untold=[
            (sample, report)
            for sample in every
            for report in sample.reports
            if report.by == party and report.told_at is None and report.retest_entry is None
        ],
    )


def _inspections(reader: Reader, said: Sequence[Said]) -> list[Told]:
    found = []
    for each in said:
        if each.effective_kind == "inspected":
            event = own_records.opened(reader, services().sealed, reader.statement(each.entry))
            told = cast(Inspected, getattr(event, "replacement", None) or event)
            has_file = isinstance(told.report, str) and evidence().get(told.report) is not None
            found.append(Told(each, told, has_file))
    return found


def evidence() -> Evidence:
    """Return where reports are kept: outside the log, by their digests."""
    return Evidence(services().settings.instance / "evidence")
