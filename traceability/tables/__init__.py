"""The searchable copy of the log: every row can be rebuilt from entries.

Three classes of tables, and no table belongs to none:

    log       ledger.store      hashes guard it
    derived   here              rebuilt from entries and compared; never read as input by an audit
    kept      traceability.kept and web.access: accounts, keys, sealed values; each row has an HMAC

Every derived row carries, as `entry`, the index of the entry that gave it. Amounts are decimal text, for
SQL's numbers would round them. What a later entry made void stays, with `statement.void_by` naming it.

    frame      what tables are made with, and the statements
    trade      parties, products, plots, lots, stock, codes: the way of the goods
    the rest   one module for each topic of the trade
"""

from traceability.tables import (
    brands,
    cases,
    certifying,
    credit,
    inputs,
    making,
    moving,
    parties,
    release,
    running,
    selling,
    testing,
)
from traceability.tables.frame import Position, metadata, standing, statement
from traceability.tables.trade import (
    certificate,
    code_issue,
    code_void,
    confirmation,
    declaration,
    erasure,
    flag,
    harvest,
    inspection,
    item,
    key_record,
    lot,
    member,
    party,
    party_key,
    plot,
    prefix,
    product,
    recall,
    receipt,
    resolution,
    rule_set,
    shipment,
    stock,
    subject,
    treatment,
)

__all__ = [
    "Position",
    "brands",
    "cases",
    "certificate",
    "certifying",
    "code_issue",
    "code_void",
    "confirmation",
    "credit",
    "declaration",
    "erasure",
    "flag",
    "harvest",
    "inputs",
    "inspection",
    "item",
    "key_record",
    "lot",
    "making",
    "member",
    "metadata",
    "moving",
    "parties",
    "party",
    "party_key",
    "plot",
    "prefix",
    "product",
    "recall",
    "receipt",
    "release",
    "resolution",
    "rule_set",
    "running",
    "selling",
    "shipment",
    "standing",
    "statement",
    "stock",
    "subject",
    "testing",
    "treatment",
]
