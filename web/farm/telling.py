"""A record as its own author reads it: every field in words, and whether the world can read it, too."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from traceability.events import Event
from traceability.events.fact import Sealed
from traceability.quantity import Amount
from web.facts import format_fact
from web.farm.room import Desk, division_name, goods_name, plot_name
from web.language import gettext
from web.words import VOCABULARIES, word

Line = tuple[str, str, bool]
"""The name of a field, what it says, and whether it is sealed."""

NOT_TOLD = frozenset({"zone", "handover", "target", "plots", "parts", "replacement"})


@dataclass(frozen=True, slots=True)
class Telling:
    """What words a record's fields are told in."""

    desk: Desk

    def lines(self, event: Event) -> list[Line]:
        """Return each field that says something, the sealed ones with what they hide."""
        return [*self._fields(event), *self._parts(event)]

    def _fields(self, event: Event) -> Iterator[Line]:
        for each in fields(event):
            value = getattr(event, each.name)
            is_said = value is not None and (each.default is MISSING or value != each.default)
            if is_said and each.name not in NOT_TOLD:
                sealed = bool(each.metadata.get("private"))
                yield word("field", each.name), self._text(each.name, value, event), sealed

    def _parts(self, event: Event) -> Iterator[Line]:
        for share in getattr(event, "plots", ()):
            text = self._text("amount", share.amount, event)
            yield self._plot(share.plot), text, False
        for part in getattr(event, "parts", ()):
            yield format_fact("lot", part.lot), self._text("amount", part.amount, event), False

    def _text(self, name: str, value: Any, event: Event) -> str:
        match value:
            case Sealed():
                return gettext("已删除或隐藏")
            case Amount():
                return format_fact("amount", value, unit=self._unit(event))
            case datetime():
                return format_fact("instant", value)
            case Decimal():
                return format_fact("number", value)
            case date() | tuple():
                return format_fact("text", value)
        return self._word(name, str(value))

    def _word(self, name: str, value: str) -> str:
        known: Mapping[str, Callable[[str], str]] = {
            "division": division_name,
            "label_photo": lambda digest: gettext("已保存（摘要 %(digest)s…）", digest=digest[:12]),
            "lot": lambda lot: format_fact("lot", lot),
            "member": self._member,
            "plot": self._plot,
            "product": self._product,
        }
        if name in known:
            return known[name](value)
        return word(name, value) if name in VOCABULARIES else value

    def _product(self, code: str) -> str:
        goods = self.desk.product(code)
        return code if goods is None else goods_name(goods)

    def _member(self, number: str) -> str:
        return next((each.name for each in self.desk.members if each.member == number and each.name), number)

    def _plot(self, number: str) -> str:
        return next((plot_name(each) for each in self.desk.plots if each.known.plot == number), number)

    def _unit(self, event: Event) -> str:
        """Return what a piece of the goods of an event is called."""
        goods = self.desk.product(getattr(event, "product", ""))
        if goods is not None:
            return goods.piece or "piece"
        lot = getattr(event, "lot", None) or next((part.lot for part in getattr(event, "parts", ())), None)
        return next((each.unit for each in self.desk.lots if each.lot == lot), "piece")
