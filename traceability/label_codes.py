"""What the codes on the packs of pesticides and seed say by themselves, read without asking anybody.

A pesticide's label (公告2579, in force 2018-01-01) has a QR or DM code with an address and 32 digits:

    1 190153 1 011 500000000000000012345
    │ │      │ │   └ 21 digits of the sales unit, drawn by the maker
    │ │      │ └ 3 digits of its specification
    │ │      └ 1 made by the holder, 2 commissioned, 3 repacked
    │ └ the last six digits of the registration
    └ 1 PD, 2 WP, 3 LS (temporary)

A seed label (种子标签二维码, 2016-09-18) has four lines: variety, producer, code of the sales unit, address.
Neither carries active substances, dose or pre-harvest interval: those stand on the label in words.
"""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from traceability.errors import Invalid, Problem

CLASSES = {"1": "PD", "2": "WP", "3": "LS"}
PRODUCTIONS = {"1": "own", "2": "commissioned", "3": "repacked"}
LONGEST = 600

_CODE = re.compile(r"(?<![0-9])([123])([0-9]{6})([123])([0-9]{3})([0-9]{21})(?![0-9])")


@dataclass(frozen=True, slots=True)
class PesticideLabel:
    """The 32 digits of a pesticide's label, taken apart."""

    kind: str
    registration_end: str
    production: str
    specification: str
    serial: str

    @property
    def code(self) -> str:
        """The 32 digits."""
        first = next(digit for digit, kind in CLASSES.items() if kind == self.kind)
        made = next(digit for digit, production in PRODUCTIONS.items() if production == self.production)
        return f"{first}{self.registration_end}{made}{self.specification}{self.serial}"

    def fits(self, registration: str) -> bool:
        """Tell whether a registration (PD20190153) can be the one that the code was cut from."""
        digits = re.sub(r"[^0-9]", "", registration)
        return registration.upper().startswith(self.kind) and digits.endswith(self.registration_end)


@dataclass(frozen=True, slots=True)
class SeedLabel:
    """The four lines of a seed's label."""

    variety: str
    maker: str
    code: str
    address: str


def parse(payload: str) -> PesticideLabel | SeedLabel:
    """Return what a scanned or typed code says: four lines are seed, 32 digits a pesticide.

    Raises `Invalid` at "label_code" for anything else.
    """
    lines = [line.strip() for line in payload.strip().splitlines() if line.strip()]
    if len(lines) == 4 and len(payload) <= LONGEST:
        return seed(lines)
    return pesticide(payload)


def pesticide(payload: str) -> PesticideLabel:
    """Return the 32 digits in *payload*, alone or behind the address that a scanner reads with them."""
    found = [] if len(payload) > LONGEST else _CODE.findall(payload.replace(" ", ""))
    if len(set(found)) != 1:
        raise Invalid(Problem("label_code", "not-a-label-code", (("found", payload[:40]),)))
    kind, registration, made, specification, serial = found[0]
    return PesticideLabel(CLASSES[kind], registration, PRODUCTIONS[made], specification, serial)


def seed(lines: list[str]) -> SeedLabel:
    """Return the four lines of a seed label; the last one is an address."""
    variety, maker, code, address = (_value(line) for line in lines)
    if not code or not code.isascii() or urlsplit(address).scheme not in {"http", "https"}:
        raise Invalid(Problem("label_code", "not-a-label-code", (("found", " / ".join(lines)[:40]),)))
    return SeedLabel(variety, maker, code, address)


def _value(line: str) -> str:
    """Return what a line says behind its name, "品种名称：吉粳 88", or all of it where it has none."""
    name, colon, value = line.partition("：")
    return value.strip() if colon and len(name) <= len("种子生产经营者名称") else line
