"""The rows of samplings, reports, objections, accredited laboratories and instruments."""

import json

from ledger.canonical import decimal_text
from traceability.doubtful_results import measured, values_mark
from traceability.events import quality, testing
from traceability.reference import plain_name
from traceability.rows.writing import Rows, add_own
from traceability.tables import testing as tables
from traceability.tables import trade


@add_own.register
def _(event: testing.Sampled, rows: Rows) -> None:
    rows.add(
        tables.sampling,
        sample=event.sample,
        lot=event.lot,
        by=rows.statement.by,
        ordered_by=event.ordered_by,
        purpose=event.purpose,
        product_class=event.product_class,
        commodity=event.commodity,
        division=event.division,
        laboratory=event.laboratory,
        sampled_on=event.day.isoformat(),
        plan=event.plan,
        draw=event.draw,
    )


@add_own.register
def _(event: quality.Inspected, rows: Rows) -> None:
    rows.add(
        trade.inspection,
        lot=event.lot,
        by=rows.statement.by,
        purpose=event.purpose,
        sampled_on=event.sampled_on.isoformat(),
        verdict=event.verdict,
    )
    rows.add(
        tables.test_report,
        lot=event.lot,
        sample=event.sample,
        by=rows.statement.by,
        sampled_on=event.sampled_on.isoformat(),
        purpose=event.purpose,
        verdict=event.verdict,
        retest_of=event.retest_of,
        report_mark=event.report_mark,
        values_mark=values_mark(event.results),
        measured=len(measured(event.results)),
    )
    for each in event.results:
        rows.add(
            tables.result_value,
            by=rows.statement.by,
            lot=event.lot,
            analyte=plain_name(each.analyte),
            value=None if each.value is None else decimal_text(each.value),
            unit=each.unit,
            passed=each.passed,
        )


@add_own.register
def _(event: testing.ResultNotified, rows: Rows) -> None:
    until = None if event.until is None else event.until.isoformat()
    rows.add(tables.notice, inspection=event.inspection, party=event.party, until=until)


@add_own.register
def _(event: testing.Objected, rows: Rows) -> None:
    rows.add(tables.objection, inspection=event.inspection, by=rows.statement.by)


@add_own.register
def _(event: testing.RetestOrdered, rows: Rows) -> None:
    rows.add(
        tables.retest_order,
        objection=event.objection,
        laboratory=event.laboratory,
        due=event.due.isoformat(),
    )


@add_own.register
def _(event: testing.LaboratoryAccredited, rows: Rows) -> None:
    rows.add(
        tables.accreditation,
        party=event.party,
        scheme=event.scheme,
        number=event.number,
        since=event.since.isoformat(),
        until=event.until.isoformat(),
        analytes=json.dumps([plain_name(each) for each in event.analytes], ensure_ascii=False),
    )


@add_own.register
def _(event: testing.AccreditationChanged, rows: Rows) -> None:
    rows.add(
        tables.accreditation_change,
        accreditation=event.accreditation,
        state=event.new_state,
        day=event.day.isoformat(),
    )


@add_own.register
def _(event: testing.InstrumentRegistered, rows: Rows) -> None:
    rows.add(
        tables.instrument, party=rows.statement.by, instrument=event.instrument, type=event.instrument_type
    )


@add_own.register
def _(event: testing.Calibrated, rows: Rows) -> None:
    rows.add(
        tables.calibration,
        party=rows.statement.by,
        instrument=event.instrument,
        day=event.day.isoformat(),
        due=event.due.isoformat(),
        outcome=event.conclusion,
    )
