"""What an event tells, whether it stands for itself or puts an earlier one right."""

from datetime import UTC, datetime

from traceability.events.followup import Confirmed, Corrected, told_by

NOON = datetime(2026, 9, 21, 4, tzinfo=UTC)
CONFIRMED = Confirmed(at=NOON, target="cd" * 32)


def test_a_correction_tells_what_it_puts_in_place_and_all_else_itself() -> None:
    corrected = Corrected(at=NOON, target="ab" * 32, reason="incorrect", replacement=CONFIRMED)
    withdrawn = Corrected(at=NOON, target="ab" * 32, reason="did-not-occur")

    told = [told_by(each) for each in (CONFIRMED, corrected, withdrawn)]

    assert told == [CONFIRMED, CONFIRMED, withdrawn]
