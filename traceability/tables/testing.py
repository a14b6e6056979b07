"""Samplings, reports, objections and re-tests; accredited laboratories and calibrated instruments.

sampling           one row a `sampled`; a sample is told by its lot and its number
test_report        one row an `inspected`, beside `inspection`: its sample, and marks of its values and file
result_value       one row a result, for whoever looks at many values of one laboratory
notice objection retest_order             what follows a result; each names the statement it is about
accreditation accreditation_change        which laboratory may issue results, and since when
instrument calibration                    what weighs and measures, and until when it may be believed
"""

from sqlalchemy import Boolean, Column, Index, Integer, Table, Text

from traceability.tables.frame import entry, metadata, ordinal

sampling = Table(
    "sampling",
    metadata,
    entry(),
    Column("sample", Text, nullable=False),
    Column("lot", Text, nullable=False, index=True),
    Column("by", Text, nullable=False, index=True),
    Column("ordered_by", Text),
    Column("purpose", Text, nullable=False),
    Column("product_class", Text, nullable=False),
    Column("commodity", Text, nullable=False),
    Column("division", Text, nullable=False),
    Column("laboratory", Text, index=True),
    Column("sampled_on", Text, nullable=False, index=True),
    Column("plan", Text),
    Column("draw", Text),
    Index("sampling_sample", "sample", "lot"),
)
"""*sampled_on* is the legal day; *ordered_by* the office whose sampling it is, if the author is not one."""

test_report = Table(
    "test_report",
    metadata,
    entry(),
    Column("lot", Text, nullable=False, index=True),
    Column("sample", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("sampled_on", Text, nullable=False, index=True),
    Column("purpose", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("retest_of", Text, index=True),
    Column("report_mark", Text, index=True),
    Column("values_mark", Text),
    Column("measured", Integer, nullable=False),
    Index("test_report_sample", "sample", "lot"),
    Index("test_report_values", "by", "values_mark"),
)
"""*values_mark* is the same for equal values of equal analytes; *measured* is how many values there are."""

result_value = Table(
    "result_value",
    metadata,
    entry(),
    ordinal(),
    Column("by", Text, nullable=False),
    Column("lot", Text, nullable=False, index=True),
    Column("analyte", Text, nullable=False),
    Column("value", Text),
    Column("unit", Text, nullable=False),
    Column("passed", Boolean, nullable=False),
    Index("result_value_analyte", "by", "analyte"),
)

notice = Table(
    "result_notice",
    metadata,
    entry(),
    Column("inspection", Text, nullable=False, index=True),
    Column("party", Text, nullable=False, index=True),
    Column("until", Text),
)

objection = Table(
    "objection",
    metadata,
    entry(),
    Column("inspection", Text, nullable=False, index=True),
    Column("by", Text, nullable=False, index=True),
)

retest_order = Table(
    "retest_order",
    metadata,
    entry(),
    Column("objection", Text, nullable=False, index=True),
    Column("laboratory", Text, nullable=False, index=True),
    Column("due", Text, nullable=False),
)

accreditation = Table(
    "accreditation",
    metadata,
    entry(),
    Column("party", Text, nullable=False, index=True),
    Column("scheme", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("since", Text, nullable=False),
    Column("until", Text, nullable=False),
    Column("analytes", Text, nullable=False),
)

accreditation_change = Table(
    "accreditation_change",
    metadata,
    entry(),
    Column("accreditation", Text, nullable=False, index=True),
    Column("state", Text, nullable=False),
    Column("day", Text, nullable=False),
)

instrument = Table(
    "instrument",
    metadata,
    entry(),
    Column("party", Text, nullable=False),
    Column("instrument", Text, nullable=False),
    Column("type", Text, nullable=False),
    Index("instrument_of_party", "party", "instrument"),
)

calibration = Table(
    "calibration",
    metadata,
    entry(),
    Column("party", Text, nullable=False),
    Column("instrument", Text, nullable=False),
    Column("day", Text, nullable=False),
    Column("due", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Index("calibration_of_instrument", "party", "instrument"),
)
