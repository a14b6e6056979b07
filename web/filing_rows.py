"""The names of a form's fields, and the rows of its tables: one more, and those left empty closed up.

results.0.value     the column "value" of the first row of "results"
rows:results        how many rows the page shows
"""

from collections.abc import Iterable, Mapping

from web.filing_members import Member

MOST_ROWS = 30


def column(name: str, member: Member) -> int | None:
    """Return the row of *member* that the field *name* stands in, 0 outside tables; None for others."""
    if not member.group:
        return 0 if name == member.path else None
    group, _, rest = name.partition(".")
    number, _, path = rest.partition(".")
    is_ours = (group, path) == (member.group, member.column)
    return int(number) if is_ours and _is_row(number) else None


def named(member: Member, row: int) -> str:
    """Return the name of the field of *member* in *row*; outside tables it is the path."""
    return f"{member.group}.{row}.{member.column}" if member.group else member.path


def closed_up(
    members: Iterable[Member], values: Mapping[str, str], starts: Mapping[str, str]
) -> dict[str, str]:
    """Return *values* with the rows in which nothing was typed left out, and the others counted from 0.

    What stood in a field from the *starts*, and a unit or a tick, makes no row.
    """
    told: dict[str, list[int]] = {}
    for member in members:
        if member.group:
            told.setdefault(member.group, []).extend(_typed_rows(member, values, starts))
    numbers = {group: sorted(set(rows)) for group, rows in told.items()}
    found: dict[str, str] = {}
    for name, text in values.items():
        group, _, rest = name.partition(".")
        number, _, path = rest.partition(".")
        if group not in numbers or not _is_row(number):
            found[name] = text
        elif int(number) in numbers[group]:
            found[f"{group}.{numbers[group].index(int(number))}.{path}"] = text
    return found


def _typed_rows(member: Member, values: Mapping[str, str], starts: Mapping[str, str]) -> list[int]:
    if member.widget in ("tick", "hidden"):
        return []
    rows = ((column(name, member), text) for name, text in values.items() if text)
    return [row for row, text in rows if row is not None and text != starts.get(named(member, 0))]


def row_count(group: str, values: Mapping[str, str]) -> int:
    """Return how many rows of the table *group* have something typed in, up to the last such row."""
    numbers = [name.split(".")[1] for name in values if name.startswith(f"{group}.")]
    return max((int(number) + 1 for number in numbers if _is_row(number)), default=0)


def rows_shown(group: str, values: Mapping[str, str]) -> int:
    """Return how many rows a page shows: at least one, and those that were asked for."""
    return min(max(_asked(group, values), row_count(group, values), 1), MOST_ROWS)


def one_more_row(values: Mapping[str, str], group: str) -> dict[str, str]:
    """Return *values* with one more row of *group* asked for."""
    return {**values, f"rows:{group}": str(min(_asked(group, values) + 1, MOST_ROWS))}


def _asked(group: str, values: Mapping[str, str]) -> int:
    asked = values.get(f"rows:{group}", "")
    return int(asked) if _is_row(asked) else 1


def _is_row(number: str) -> bool:
    return number.isascii() and number.isdigit() and len(number) <= 3
