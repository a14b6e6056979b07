"""The clauses that breaches cite, word for word the same wherever one is cited.

Only clauses whose text was read stand here. What no law says, but this ledger asks, is `HOUSE`.
"""

INTERVAL = "农产品质量安全法 art. 29"
"""安全间隔期 is to be obeyed."""

BANNED = "农产品质量安全法 art. 29"
"""Banned inputs are forbidden."""

OVER_DOSE = "农产品质量安全法 art. 29"
"""No input is used beyond its scope or dose."""

INPUT_RECORDS = "农产品质量安全法 art. 27"
"""The name, source, use, dose, first and last day of each input are recorded."""

RESTRICTED = "限制使用农药名录(2017) 公告2567"
"""Sold at licensed places only, and labelled 限制使用."""

FAILED = "农产品质量安全法 art. 36"
"""A product that fails may not be sold."""

RECALLED = "食品安全法 art. 63"
"""What is recalled is stopped, told, recorded and disposed of."""

RECALL_CLOCKS = "食品召回管理办法(2020)"
"""A recall begins within 24, 48 or 72 hours and ends within 10, 20 or 30 working days, by its level."""

CERTIFICATE = "农产品质量安全法 art. 39"
"""A 承诺达标合格证 is issued, collected and kept; markets look at it."""

SPOT_CHECK = "农产品质量安全法 art. 37"
"""A wholesale market tests what is sold in it, stops what fails, and reports it."""

SAMPLING = "农产品质量安全法 art. 46–47, 51"
"""A lower office does not sample a batch again; who objects within 5 working days, or 4 hours after a rapid
test, is tested again by another laboratory, by no rapid method, within 7 working days."""

QUALITY_MARKS = "农产品质量安全法 art. 42"
"""Quality marks are not misused."""

HOUSE = "本账规则 / rule of this ledger"
"""Mass, holder, time and names: what makes a record add up."""
