"""What recalls, cases, tasks, alerts, reports and ratings are about.

Every step touches the statement that it is a step of: whoever holds the newest step sees any gap before it.
What is said against a party, and what shoppers say of a lot, has a chain of its own: the shopper's page tells
what touches the lot and its maker, and an accusation that nobody has looked into does not belong there.
"""

from collections.abc import Iterator

from traceability.events import cases, recalling, reporting, supervising
from traceability.subjects.naming import party, referred, statement, touched

RATINGS = "urn:jizihao:ratings"


def cases_of(party_id: str) -> str:
    """Return the subject of all that offices say against a party."""
    return f"urn:jizihao:cases:{party_id}"


def reports_of(lot: str) -> str:
    """Return the subject of all that shoppers report of a lot."""
    return f"urn:jizihao:reports:{lot}"


@touched.register(recalling.RecallStarted)
def _(event: recalling.RecallStarted, by: str) -> Iterator[str]:
    yield statement(event.recall)


@touched.register(recalling.RecallRecovered)
@touched.register(recalling.RecallDisposed)
def _(event: recalling.RecallRecovered | recalling.RecallDisposed, by: str) -> Iterator[str]:
    yield statement(event.recall)
    yield event.lot


@touched.register
def _(event: recalling.RecallCompleted, by: str) -> Iterator[str]:
    yield statement(event.recall)
    yield from (each.lot for each in event.not_recovered)


@touched.register(recalling.NoticeSent)
@touched.register(recalling.NoticeAcknowledged)
def _(event: recalling.NoticeSent | recalling.NoticeAcknowledged, by: str) -> Iterator[str]:
    yield statement(event.about)


@touched.register
def _(event: recalling.HoldPlaced, by: str) -> Iterator[str]:
    yield event.lot


@touched.register
def _(event: recalling.HoldLifted, by: str) -> Iterator[str]:
    yield statement(event.hold)


@touched.register
def _(event: cases.CaseOpened, by: str) -> Iterator[str]:
    yield cases_of(event.respondent)
    if event.lot is not None:
        yield event.lot
    if event.source is not None:
        yield statement(event.source)


@touched.register(cases.CorrectionOrdered)
@touched.register(cases.CorrectionReported)
@touched.register(cases.CaseClosed)
def _(event: cases.CorrectionOrdered | cases.CorrectionReported | cases.CaseClosed, by: str) -> Iterator[str]:
    yield statement(event.case)


@touched.register
def _(event: cases.Reinspected, by: str) -> Iterator[str]:
    yield statement(event.case)


@touched.register
def _(event: supervising.TaskAssigned, by: str) -> Iterator[str]:
    yield f"urn:jizihao:tasks:{event.office}"
    if event.parent_task is not None:
        yield statement(event.parent_task)


@touched.register
def _(event: supervising.FindingsReported, by: str) -> Iterator[str]:
    yield statement(event.task)
    yield cases_of(event.party)


@touched.register
def _(event: supervising.TaskReported, by: str) -> Iterator[str]:
    yield statement(event.task)


@touched.register
def _(event: supervising.AlertRaised, by: str) -> Iterator[str]:
    yield f"urn:jizihao:alerts:{event.division}"
    if event.party is not None:
        yield cases_of(event.party)


@touched.register(supervising.AlertAcknowledged)
@touched.register(supervising.AlertDone)
def _(event: supervising.AlertAcknowledged | supervising.AlertDone, by: str) -> Iterator[str]:
    yield statement(event.source)


@touched.register
def _(event: reporting.ReportReceived, by: str) -> Iterator[str]:
    yield reports_of(event.lot)


@touched.register(reporting.ReportAnswered)
@touched.register(reporting.RewardGranted)
@touched.register(reporting.RewardPaid)
def _(
    event: reporting.ReportAnswered | reporting.RewardGranted | reporting.RewardPaid, by: str
) -> Iterator[str]:
    yield statement(event.consumer_report)


@touched.register
def _(event: reporting.RatingsCounted, by: str) -> Iterator[str]:
    yield RATINGS


@referred.register
def _(event: cases.Reinspected, by: str) -> Iterator[str]:
    yield statement(event.inspection)


@referred.register(supervising.TaskAssigned)
def _(event: supervising.TaskAssigned, by: str) -> Iterator[str]:
    yield from (party(each) for each in event.parties)
