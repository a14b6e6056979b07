"""The periodic report on the state of quality (质量状况分析报告), alike for everybody.

periods    a period as people write it
passing    pass rates by target, goods, county and quarter
counties   the league of counties, and its weighted index
handling   cases, recalls, reports of shoppers, and their clocks
axes       inputs, and the accounts of the marks
made       all of it as one JSON value
replayed   the same from the first entries of a log, its own or a copy
"""

from traceability.quality_report.made import FORMAT, Asked, Wanted, report_of
from traceability.quality_report.periods import Period
from traceability.quality_report.replayed import in_copy, report_at, report_of_copy

__all__ = ["FORMAT", "Asked", "Period", "Wanted", "in_copy", "report_at", "report_of", "report_of_copy"]
