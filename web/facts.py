"""How a fact of an entry is put before a reader, the same on the server and in the browser.

The rules stand at the head of static/facts.js, which formats the proven value again and compares it with the
page letter by letter; this is the server's half, and a test runs both over the same values.

    form             kept as             中文               English
    text, party      水稻                水稻               水稻
    number           1234.5              1,234.5            1,234.5
    mass             3090.5              3,090.5 公斤       3,090.5 kg
    pieces           1200, unit ear      1,200 穗           1,200 ears
    amount           {"kg": "12"}        12 公斤            12 kg
    date             2026-09-21          2026-09-21         2026-09-21
    instant          …T08:00:00.000000Z  2026-09-21 16:00   2026-09-21 16:00
    share            0.125               12.5%              12.5%
    word:process     milling             碾米               milling
    lot              https://…/10/A%2F1  A/1                A/1
    absent           nothing             未提供             not stated
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from urllib.parse import unquote

from ledger.canonical import decimal_text, instant_of, instant_text
from traceability.quantity import Amount
from web.language import Language, current
from web.words import word

NOT_STATED = {"zh": "未提供", "en": "not stated"}
KILOGRAM = {"zh": "公斤", "en": "kg"}
COMMA = {"zh": "、", "en": ", "}
BEIJING = timedelta(hours=8)
_DECIMAL = re.compile(r"(-?)(0|[1-9][0-9]*)(\.[0-9]*[1-9])?")


def format_fact(form: str, value: object, language: Language | None = None, *, unit: str = "") -> str:
    """Return *value* in *form* for a reader of *language* (by default the current one).

    A value is as its entry has it, or as the event has it (a `Decimal`, a `date`, an `Amount`); a sequence
    is joined; None is "not stated". *unit* is what the product calls a piece. Raises `ValueError` for a value
    of another form.
    """
    spoken = language or current()
    if value is None:
        return NOT_STATED[spoken]
    if isinstance(value, list | tuple):
        return COMMA[spoken].join(_format_one(form, item, spoken, unit) for item in value)
    return _format_one(form, value, spoken, unit)


def _format_one(form: str, value: object, language: Language, unit: str) -> str:
    if form == "amount":
        return _amount(value, language, unit)
    text = _kept(value)
    if form.startswith("word:"):
        return word(form.removeprefix("word:"), text, language)
    if form == "mass":
        return f"{_grouped(text)} {KILOGRAM[language]}"
    if form == "pieces":
        return _pieces(text, language, unit)
    return FORMS[form](text)


def _kept(value: object) -> str:
    """Return *value* as an entry spells it."""
    match value:
        case bool():
            return str(value).lower()
        case Decimal():
            return decimal_text(value)
        case datetime():
            return instant_text(value)
        case date():
            return value.isoformat()
        case Fraction():
            exact = Decimal(value.numerator) / Decimal(value.denominator)
            return decimal_text(exact.quantize(Decimal("0.001"), ROUND_HALF_UP))
    return str(value)


def _amount(value: object, language: Language, unit: str) -> str:
    if isinstance(value, Amount):
        value = {"kg": value.kg} if value.kg is not None else {"pieces": value.pieces}
    if not isinstance(value, Mapping):
        raise ValueError("not an amount")
    if value.get("kg") is not None:
        return f"{_grouped(_kept(value['kg']))} {KILOGRAM[language]}"
    return _pieces(_kept(value["pieces"]), language, unit)


def _pieces(text: str, language: Language, unit: str) -> str:
    if not unit:
        raise ValueError("pieces of what?")
    return f"{_grouped(text)} {word('piece', unit, language)}"


def _parts(text: str) -> tuple[str, str, str]:
    found = _DECIMAL.fullmatch(text)
    if found is None:
        raise ValueError(f"not a number: {text}")
    return found[1], found[2], found[3] or ""


def _grouped(text: str) -> str:
    sign, whole, rest = _parts(text)
    return f"{sign}{int(whole):,}{rest}"


def _share(text: str) -> str:
    sign, whole, rest = _parts(text)
    digits = rest[1:].ljust(2, "0")
    tail = f".{digits[2:]}" if len(digits) > 2 else ""
    return f"{sign}{int(whole + digits[:2])}{tail}%"


def _instant(text: str) -> str:
    return f"{instant_of(text) + BEIJING:%Y-%m-%d %H:%M}"


def _lot(text: str) -> str:
    return unquote(text.rsplit("/", 1)[-1], errors="strict")


FORMS: Mapping[str, Callable[[str], str]] = {
    "date": str,
    "instant": _instant,
    "lot": _lot,
    "number": _grouped,
    "party": str,
    "share": _share,
    "text": str,
}
