"""Who says what: groups of roles that may state the same kinds of events."""

GROWERS = frozenset({"cooperative", "farm", "household", "enterprise"})
"""Whoever grows a crop: 合作社, 家庭农场, 科技示范户, and enterprises with land of their own (龙头企业)."""

MAKERS = GROWERS | {"processor", "brand-owner"}
"""Whoever makes goods, and numbers them."""

TRADERS = MAKERS | {"retailer", "market", "stall", "carrier"}
"""Whoever holds goods, if only for a while."""

OFFICES = frozenset({"operator", "regulator"})
"""Whoever keeps the register."""

REGULATORS = frozenset({"regulator"})

LABORATORIES = frozenset({"laboratory"})

CERTIFIERS = frozenset({"certifier"})

DEALERS = frozenset({"dealer"})
"""Whoever sells seed, fertiliser and pesticides to growers; no food passes through their hands."""

ALL = TRADERS | OFFICES | LABORATORIES | CERTIFIERS | DEALERS
"""Everybody."""
