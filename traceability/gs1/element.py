"""The data elements of a GS1 code: which there are, what their values look like, and which go together.

    AI     value                   needs one of      never with
    01     14 digits, checked                        37, 255          GTIN, which product
    10     up to 20 characters     01, 02, 8006 …                     batch or lot
    17     YYMMDD                  01, 02, 255 …                      use by

Facts of the GS1 General Specifications, as far as a GS1 Digital Link address may carry them. Currencies,
coupons, account numbers and geography are checked for length and characters only.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from traceability.gs1.check import (
    alphanumeric_pair_holds,
    check_digit_holds,
    is_country,
    is_country_or_many,
)

# Character sets of the General Specifications, figures 7.11-1 and 7.11-2, and base64url.
_SETS = {
    "n": re.compile(r"[0-9]*"),
    "x": re.compile(r"[!\"%&'()*+,\-./0-9:;<=>?A-Z_a-z]*"),
    "y": re.compile(r"[#\-/0-9A-Z]*"),
    "z": re.compile(r"[A-Za-z0-9_\-]*={0,2}"),
}


def _is_date(text: str) -> bool:
    month, day = int(text[2:4]), int(text[4:6])
    # A two-digit year is of this century here: only 29 February depends on it.
    return 1 <= month <= 12 and 1 <= day <= monthrange(2000 + int(text[:2]), month)[1]


def _is_date_or_month(text: str) -> bool:
    # Day 00 means the last day of the month (General Specifications 3.4.2).
    return _is_date(text[:4] + "01" if text.endswith("00") else text)


def _is_time(text: str) -> bool:
    return int(text[:2]) < 24 and (text[2:] == "" or int(text[2:4]) < 60)


def _is_piece_of_total(text: str) -> bool:
    return 0 < int(text[:2]) <= int(text[2:])


_CHECKS: dict[str, Callable[[str], bool]] = {
    "check": check_digit_holds,
    "pair": lambda text: alphanumeric_pair_holds(text) and text[:4].isdigit(),
    "prefix": lambda text: len(text) >= 4 and text[:4].isdigit(),
    "date": _is_date,
    "date0": _is_date_or_month,
    "time": _is_time,
    "piece": _is_piece_of_total,
    "zero": lambda text: text == "0",
    "index": lambda text: text.isalnum() or text in "-_",
    "count": lambda text: text == "0" or not text.startswith("0"),
    "country": is_country,
    "country9": is_country_or_many,
    "flag": lambda text: text in "01",
}


@dataclass(frozen=True, slots=True)
class Component:
    """A stretch of a value: its characters, how many, and what must hold of them."""

    characters: str
    most: int
    fixed: bool
    optional: bool
    check: str = ""

    def fits(self, text: str) -> bool:
        """Tell whether *text* is such a stretch."""
        if not text or len(text) > self.most or (self.fixed and len(text) != self.most):
            return False
        if not _SETS[self.characters].fullmatch(text):
            return False
        return not self.check or _CHECKS[self.check](text)


@dataclass(frozen=True, slots=True)
class Element:
    """An application identifier: the components of its value, and which others it needs or bars."""

    ai: str
    components: tuple[Component, ...]
    needs: tuple[frozenset[str], ...] = ()
    bars: frozenset[str] = frozenset()

    def fits(self, value: str) -> bool:
        """Tell whether *value* may stand under this identifier."""
        rest = value
        for component in self.components:
            if component.optional and not rest:
                break
            cut = component.most if component.fixed else len(rest)
            if not component.fits(rest[:cut]):
                return False
            rest = rest[cut:]
        return not rest


PATH_ONLY = frozenset({"21", "22", "235", "254", "7040", "8011", "8019", "8020"})
"""Elements that qualify a key and never stand in the query."""

KEYS: dict[str, tuple[tuple[str, ...], ...]] = {
    "00": ((),),
    "01": (("22", "10", "21"), ("235",)),
    "253": ((),),
    "255": ((),),
    "401": ((),),
    "402": ((),),
    "414": (("254",), ("7040",)),
    "415": (("8020",),),
    "417": (("7040",),),
    "8003": ((),),
    "8004": (("7040",),),
    "8006": (("22", "10", "21"),),
    "8010": (("8011",),),
    "8013": ((),),
    "8017": (("8019",),),
    "8018": (("8019",),),
}
"""Each key with the sequences of qualifiers that may follow it, in this order."""

# Identifiers, value, what is needed (any of; "+" joins), what is barred. "n" digits, "x" the 82 characters,
# "y" the 39, "z" base64url; ".." up to; "?" may be absent; after ":" what must hold.
_TRADE = "01 02 8006 8026"
_ROWS = f"""
00 | n18:check
01 | n14:check | | 37 255
02 | n14:check | 37 | 01
10 | x..20 | {_TRADE}
11 13 15 16 | n6:date0 | {_TRADE}
12 | n6:date0 | 8020
17 | n6:date0 | 255 {_TRADE}
20 | n2 | {_TRADE}
21 | x..20 | 01 8006 | 235
22 | x..20 | 01
235 | x..28 | 01
240 241 | x..30 | {_TRADE}
242 | n..6 | {_TRADE}
243 | x..20 | 01
250 | x..30 | 01+21 8006+21
251 | x..30 | 01 8006
253 | n13:check x..17?
254 | x..20 | 414
255 | n13:check n..12? | | 01 02 415 8006 8020 8026
30 | n..8 | 01 02
37 | n..8 | 00+02 00+8026
400 | x..30
401 | x..30:prefix
402 | n17:check
403 | x..30 | 00
410 411 412 413 414 416 417 | n13:check
415 | n13:check | 8020
420 | x..20 | | 421
421 | n3:country x..9 | | 4307
422 | n3:country | {_TRADE} | 426
423 425 | n3:country n3:country? n3:country? n3:country? n3:country? | 01 02 | 426
424 | n3:country | 01 02 | 426
426 | n3:country | 01 02
427 | x..3 | 01+422 02+422
4300 4301 4310 4311 4320 | x..35 | 00
4302 4304 4305 4306 4312 4314 4315 4316 | x..70 | 00
4303 | x..70 | 4302
4313 | x..70 | 4312
4307 4317 | x2 | 00
4308 4319 | x..30 | 00
4309 | n20 | 00
4318 | x..20 | 00
4321 4322 4323 | n1:flag | 00
4324 4325 | n6:date0 n4:time | 00
4326 | n6:date | 00
4330 | n6 x1? | 00 | 4331
4331 | n6 x1? | 00 | 4330
4332 | n6 x1? | 00 | 4333
4333 | n6 x1? | 00 | 4332
7001 | n13 | {_TRADE}
7002 | x..30 | 01 02
7003 | n6:date n4:time | 01 02
7004 | n..4 | 01+10
7005 | x..12 | 01 02
7006 | n6:date | 01 02
7007 | n6:date n6:date? | 01 02
7008 | x..3 | 01 02
7009 | x..10 | 01 02
7010 | x..2 | 01 02
7011 | n6:date n4:time? | 01 02
7020 | x..20 | 01+416 8006+416
7021 | x..20 | 01 8006
7022 | x..20 | 01+7021 8006+7021
7023 | x..30:prefix
7030 7031 7032 7033 7034 7035 7036 7037 7038 7039 | n3:country9 x..27 | 01 02
7040 | n1 x1 x1 x1:index
710 711 712 713 714 715 716 717 | x..20 | 01
7230 7231 7232 7233 7234 7235 7236 7237 7238 7239 | x2 x..28 | 01 8004
7240 | x..20 | 01 8006
7241 | n2 | 8017 8018
7242 | x..25 | 8017 8018
7250 | n8 | 8018 | 7251
7251 | n8 n4:time | 8018 | 7250
7252 | n1 | 8018
7253 7254 | x..40 | 8017 8018 | 7256 7259
7255 | x..10 | 8017 8018 | 7256 7259
7256 | x..90 | 8017 8018
7257 | x..70 | 8018
7258 | x3 | 8018+7259
7259 | x..40 | 8018 | 7256
8001 | n14 | 01
8002 | x..20
8003 | n1:zero n13:check x..16?
8004 | x..30:prefix
8005 | n6 | 01 02
8006 | n14:check n4:piece | | 01 37
8007 | x..34 | 415
8008 | n6:date n2:time n2? n2? | 01 02
8009 | x..50 | 00 01
8010 | y..30:prefix
8011 | n..12:count | 8010
8012 | x..20 | 01 8006
8013 | x..25:pair
8017 | n18:check | | 8018
8018 | n18:check | | 8017
8019 | n..10 | 8017 8018
8020 | x..25 | 415
8026 | n14:check n4:piece | 37 | 02 8006
8030 | z..90 | 00 01+21 253 255 8003 8004 8006+21 8010+8011 8017 8018
8040 | n15 | 01+21
8041 | n15 | 01+21+8040
8042 | n32 | 01+21+8040
8043 | n18 n..2? | 01+21+8040
8110 8112 | x..70
8111 | n4 | 255
90 | x..30
91 92 93 94 95 96 97 98 99 | x..90
"""

# Measures: the fourth digit says where the point stands; one measure of a kind only.
_NET = (310, 311, 312, 313, 314, 315, 316, *range(320, 330), 350, 351, 352, 356, 357, 360, 361, 364, 365, 366)
_GROSS = (*range(330, 337), *range(340, 350), 353, 354, 355, 362, 363, 367, 368, 369)


def _component(text: str) -> Component:
    shape, _, check = text.partition(":")
    optional = text.endswith("?")
    shape, check = shape.rstrip("?"), check.rstrip("?")
    fixed = ".." not in shape
    return Component(shape[0], int(shape[1:].lstrip(".")), fixed, optional, check)


def _elements_of(row: str) -> list[Element]:
    names, value, needs, bars = ([part.strip() for part in row.split("|")] + ["", ""])[:4]
    return [
        Element(
            name,
            tuple(_component(each) for each in value.split()),
            tuple(frozenset(each.split("+")) for each in needs.split()),
            frozenset(bars.split()),
        )
        for name in names.split()
    ]


def _measures() -> list[Element]:
    made = []
    kinds = [(kind, "01 02") for kind in _NET] + [(kind, "00 01") for kind in _GROSS] + [(337, "01")]
    for kind, needs in kinds:
        names = [f"{kind}{point}" for point in range(6)]
        for name in names:
            made.extend(_elements_of(f"{name} | n6 | {needs} | {' '.join(set(names) - {name})}"))
    return made


def _prices() -> list[Element]:
    family = {kind: {f"{kind}{point}" for point in range(10)} for kind in (390, 391, 392, 393, 394, 395)}
    measured = [kind for kind in (*_NET, *_GROSS) if str(kind)[:2] in {"31", "32", "35", "36"}]
    by_measure = "30 " + " ".join(f"{kind}{point}" for kind in measured for point in range(6))
    rows = [
        (390, 10, "n..15", "255 8020", {390, 391, 394}),
        (391, 10, "n3 n..15", "8020", {391}),
        (392, 10, "n..15", " ".join(f"01+{each}" for each in by_measure.split()), {392, 393}),
        (393, 10, "n3 n..15", by_measure, {393}),
        (394, 4, "n4", "255", {394}),
        (395, 6, "n6", by_measure, {392, 393, 395}),
    ]
    made = []
    for kind, many, value, needs, barred in rows:
        for name in (f"{kind}{point}" for point in range(many)):
            bars = set().union(*(family[each] for each in barred)) - {name}
            made.extend(_elements_of(f"{name} | {value} | {needs} | {' '.join(sorted(bars))}"))
    return made


ELEMENTS: Mapping[str, Element] = {
    element.ai: element
    for element in (
        *(each for row in _ROWS.strip().splitlines() for each in _elements_of(row)),
        *_measures(),
        *_prices(),
    )
}
"""Every application identifier that an address may carry."""


def has_preset_length(ai: str) -> bool:
    """Tell whether the first two digits of *ai* give its length (such come first in a query)."""
    return ai[:2] in {"00", "01", "02", "03", "04", "41"} or "11" <= ai[:2] <= "20" or "31" <= ai[:2] <= "36"
