"""How far a party can be relied on (诚信体系): its good and bad records, and the grade that they add up to.

record       what a record is
records      every record of a party, each with the entry that tells of it, and what has become of it since
told_itself  … of what it stated
found_of_it  … of what others found
reckoning    points by the published weights, line by line, and the grade
dishonesty   the list of serious dishonesty, and whom it keeps from what

Nothing of it is stored: it is read from the derived tables as they stand, for one legal day.
"""

from traceability.credit.dishonesty import Listing, listings
from traceability.credit.reckoning import Line, Reckoning, grade_of, grades_of, reckoned, reckoning_of
from traceability.credit.record import CreditRecord, Whose, only, registered_in
from traceability.credit.records import records

__all__ = [
    "CreditRecord",
    "Line",
    "Listing",
    "Reckoning",
    "Whose",
    "grade_of",
    "grades_of",
    "listings",
    "only",
    "reckoned",
    "reckoning_of",
    "records",
    "registered_in",
]
