"""In which units inputs are counted and dosed, so that 500 克 and 0.5 公斤 are one amount.

    amounts   500 克 → 0.5 kg         200 毫升 → 0.2 L        3 瓶 → 3 瓶 (a unit of its own)
    doses     20 克/亩 → 0.3 kg/ha    1500 倍液 → one part in 1500 parts of water

What is in no table counts as a unit of its own: amounts of two units are never added or compared.
"""

from dataclasses import dataclass
from decimal import Decimal

from traceability.reference import plain_name

_AMOUNTS: dict[str, tuple[str, Decimal]] = {
    **dict.fromkeys(("kg", "公斤", "千克"), ("kg", Decimal(1))),
    **dict.fromkeys(("g", "克"), ("kg", Decimal("0.001"))),
    **dict.fromkeys(("mg", "毫克"), ("kg", Decimal("0.000001"))),
    **dict.fromkeys(("斤",), ("kg", Decimal("0.5"))),
    **dict.fromkeys(("t", "吨", "tonne"), ("kg", Decimal(1000))),
    **dict.fromkeys(("l", "升"), ("L", Decimal(1))),
    **dict.fromkeys(("ml", "毫升"), ("L", Decimal("0.001"))),
}
_MU = Decimal(15)
"""15 亩 are one hectare."""

_STEP = Decimal("0.000001")
"""A milligram: what is smaller is rounded, so that sums of any length stay exact."""

_AREAS = {"亩": _MU, "mu": _MU, "667m2": _MU, "ha": Decimal(1), "hm2": Decimal(1), "公顷": Decimal(1)}
_DILUTIONS = frozenset({"倍", "倍液", "times"})


def counted(amount: Decimal, unit: str) -> tuple[Decimal, str]:
    """Return *amount* in kilograms or litres; in its own unit where that is neither a mass nor a volume."""
    name = plain_name(unit)
    base, factor = _AMOUNTS.get(name, (name, Decimal(1)))
    return (amount * factor).quantize(_STEP), base


@dataclass(frozen=True, slots=True)
class Dose:
    """How much at once, comparable within its *unit*; of dilutions the smaller is the stronger."""

    amount: Decimal
    unit: str

    @property
    def is_dilution(self) -> bool:
        """Whether it tells how many parts of water one part is mixed with."""
        return self.unit == "times"

    def exceeds(self, most: "Dose") -> bool | None:
        """Tell whether this is more than *most*; None where the two are told in units that do not meet."""
        if self.unit != most.unit:
            return None
        return self.amount < most.amount if self.is_dilution else self.amount > most.amount


def dose(amount: Decimal, unit: str) -> Dose:
    """Return a dose in kilograms or litres a hectare, as a dilution, or in its own unit."""
    name = plain_name(unit).replace(" ", "").removeprefix("每")
    if name in _DILUTIONS:
        return Dose(amount, "times")
    what, _, area = name.partition("/")
    if area in _AREAS and what in _AMOUNTS:
        base, factor = _AMOUNTS[what]
        return Dose(amount * factor * _AREAS[area], f"{base}/ha")
    return Dose(amount, name)
