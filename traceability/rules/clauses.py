"""The clauses that breaches cite, word for word the same wherever one is cited.

Only clauses whose text was read stand here. What no law says, but this ledger asks, is `HOUSE`.
"""

INTERVAL = "农产品质量安全法 art. 29"
"""安全间隔期 is to be obeyed."""

BANNED = "农产品质量安全法 art. 29"
"""Banned inputs are forbidden."""

RESTRICTED = "限制使用农药名录(2017) 公告2567"
"""Sold at licensed places only, and labelled 限制使用."""

FAILED = "农产品质量安全法 art. 36"
"""A product that fails may not be sold."""

RECALLED = "食品安全法 art. 63"
"""What is recalled is stopped, told, recorded and disposed of."""

HOUSE = "本账规则 / rule of this ledger"
"""Mass, holder, time and names: what makes a record add up."""
