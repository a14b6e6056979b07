"""One's own records: until when each is to be kept, and sealed values that are hidden and later erased.

/trade/records                   what was signed, the newest first
/trade/records/<digest>          one record: its fields, its clocks, and which of its values to ask away
/trade/kept                      values that are hidden, and which of them are due

A value is hidden at once. It is erased at once where nothing keeps its record, else when its clock has ended.
"""

from dataclasses import fields
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from traceability import disclosure, erasure_clock, own_records
from traceability.events import Event
from traceability.events.fact import Sealed, legal_day
from traceability.events.followup import Erased, told_by
from traceability.retention import binding
from web import paging
from web.access import me
from web.language import gettext
from web.recording import Answer
from web.services import services
from web.trade.room import blueprint, traders
from web.words import word

PAGE = 40


@blueprint.get("/records")
@traders
def records() -> str:
    """Show what was signed, with the day until which each is kept."""
    with services().reading() as reader:
        said = own_records.entries(reader, me().party, limit=PAGE, before=paging.before())
        rules = services().rules(reader)
        kept = {each.digest: erasure_clock.clocks_of(reader, each.digest, rules) for each in said}
    return render_template("trade/records.html", said=said, kept=kept, more=len(said) == PAGE)


@blueprint.get("/records/<digest>")
@traders
def one_record(digest: str) -> str:
    """Show one record with its clocks, and the form that asks values away."""
    with services().reading() as reader:
        said = own_records.entry(reader, me().party, digest)
        statement = reader.statement(said.entry)
        event = own_records.opened(reader, services().sealed, statement)
        open_now = services().sealed.of_statement(reader.connection, statement.id)
        return render_template(
            "trade/record.html",
            said=said,
            facts=_facts(told_by(event)),
            sealed=[
                (pointer, word("field", pointer.rsplit("/", 1)[-1]), pointer in open_now)
                for pointer in disclosure.sealed_fields(statement.event)
            ],
            clocks=erasure_clock.clocks_of(reader, digest, services().rules(reader)),
        )


def _facts(event: Event) -> list[tuple[str, str]]:
    """Return the plain members of an event; what is sealed for good is left out."""
    found = []
    for each in fields(event):
        value: Any = getattr(event, each.name)
        if value is None or isinstance(value, Sealed) or each.name in {"at", "zone", "token", "handover"}:
            continue
        if isinstance(value, str | int) or hasattr(value, "isoformat"):
            found.append((word("field", each.name), str(value)))
    return found


@blueprint.post("/records/<digest>")
@traders
def ask_away(digest: str) -> Answer:
    """Hide what was ticked, or erase it where nothing keeps the record any more."""
    today = legal_day(services().clock())
    with services().reading() as reader:
        said = own_records.entry(reader, me().party, digest)
        known = disclosure.sealed_fields(reader.statement(said.entry).event)
        clock = binding(erasure_clock.clocks_of(reader, digest, services().rules(reader)))
    chosen = tuple(sorted(set(request.form.getlist("fields")) & set(known)))
    if not chosen:
        flash(gettext("没有选择要删除的内容。"))
        return redirect(url_for("trade.one_record", digest=said.digest))
    is_kept = clock is not None and today < clock.until
    event = Erased(
        at=services().clock(),
        target=said.digest,
        fields=chosen,
        done="hidden" if is_kept else "erased",
        cause="consent-withdrawn",
    )
    services().journal.record(me().party, event)
    if clock is not None and is_kept:
        flash(gettext("已经隐藏。依法保存到 %(day)s，届时删除。", day=clock.until.isoformat()))
    else:
        flash(gettext("已经删除，不能恢复。"))
    return redirect(url_for("trade.one_record", digest=said.digest))


@blueprint.get("/kept")
@traders
def kept() -> str:
    """Show what is hidden, and until when."""
    today = legal_day(services().clock())
    with services().reading() as reader:
        found = erasure_clock.hidden(reader, services().rules(reader), me().party)
    return render_template("trade/kept.html", hidden=found, today=today)


@blueprint.post("/kept")
@traders
def erase_due() -> Answer:
    """Erase every hidden value of one's own whose clock has ended."""
    today = legal_day(services().clock())
    with services().reading() as reader:
        found = erasure_clock.hidden(reader, services().rules(reader), me().party)
    due = [each for each in found if each.is_due(today)]
    for each in due:
        event = Erased(
            at=services().clock(),
            target=each.digest,
            fields=each.fields,
            done="erased",
            cause="retention-ended",
        )
        services().journal.record(me().party, event)
    flash(gettext("已经删除 %(count)s 条记录里到期的内容。", count=len(due)))
    return redirect(url_for("trade.kept"))
