"""What a record is about: the names under which its entry is found again, and linked to what came before.

naming     how each subject is spelt, and what a statement touches and refers to
trade      the way of the goods
the rest   one module for each topic of the trade: `@touched.register` for each of its kinds
"""

from traceability.subjects import (
    brands,
    cases,
    certifying,
    credit,
    growing,
    inputs,
    making,
    moving,
    parties,
    release,
    selling,
    testing,
    trade,
)
from traceability.subjects.naming import (
    Subjects,
    key,
    member,
    of_statement,
    party,
    plot,
    product,
    referred,
    statement,
    touched,
)

__all__ = [
    "Subjects",
    "brands",
    "cases",
    "certifying",
    "credit",
    "growing",
    "inputs",
    "key",
    "making",
    "member",
    "moving",
    "of_statement",
    "parties",
    "party",
    "plot",
    "product",
    "referred",
    "release",
    "selling",
    "statement",
    "testing",
    "touched",
    "trade",
]
