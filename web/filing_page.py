"""The page on which a record is filled in: its fields in their places, and what becomes public by it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from flask import render_template

from traceability.reading import Reader
from web import enclosures
from web.access import me
from web.filing_asks import Ask, Choices, Filing
from web.filing_members import Member, Widget
from web.filing_rows import MOST_ROWS, named, rows_shown
from web.forms import Form
from web.language import N_, gettext
from web.problems import Told
from web.words import VOCABULARIES, word

MOST_AT_ONCE = 6
"""How many things a form may ask for at first sight."""

HINTS: Mapping[Widget, str] = {
    "lot": N_("扫包装上的二维码，把网址粘贴在这里；或输入二维码下方的一行字。"),
    "file": N_("PDF、PNG 或 JPEG，最大 8 MB。文件留在账本之外，账本里只有它的摘要。"),
    "lines": N_("一行写一个。"),
}


@dataclass(frozen=True, slots=True)
class Field:
    """One field as the page shows it."""

    name: str
    member: Member
    label: str
    hint: str
    options: Sequence[tuple[str, str]]
    start: str
    required: bool


@dataclass(slots=True)
class Part:
    """What stands together on the page: one field, or a table with its rows."""

    group: str = ""
    label: str = ""
    rows: list[list[Field]] = field(default_factory=list)
    is_folded: bool = False


def page(filing: Filing, reader: Reader, form: Form) -> str:
    """Return the page of *filing* with what *form* says."""
    parts = _parts(filing, reader, form)
    shown = {each.name for part in parts for row in part.rows for each in row}
    form.told = None if form.told is None else _placed(form.told, shown)
    shown_first = [part for part in parts if not part.is_folded]
    folded = [part for part in parts if part.is_folded]
    return render_template(
        "filing/form.html",
        filing=filing,
        form=form,
        about=filing.about(reader, me(), form.values()),
        shown=shown_first,
        folded=folded,
        is_open=any(form.errors(each.name) for part in folded for row in part.rows for each in row),
        public=_labels(filing, private=False),
        sealed=_labels(filing, private=True),
        accepted=enclosures.ACCEPTED,
        most_rows=MOST_ROWS,
    )


def _parts(filing: Filing, reader: Reader, form: Form) -> list[Part]:
    asked = filing.members()
    is_long = sum(1 for _, member in asked if member.widget != "hidden") > MOST_AT_ONCE
    parts: list[Part] = []
    for ask, member in asked:
        needed = any(each.required for _, each in asked if each.group and each.group == member.group)
        is_folded = ask.folded if ask.folded is not None else is_long and not (member.required or needed)
        if not member.group or not parts or parts[-1].group != member.group:
            label = word("field", member.group) if member.group else ""
            parts.append(Part(member.group, label, is_folded=is_folded))
        start = "" if ask.start is None else ask.start(reader, me())
        _add(parts[-1], ask, member, form, options=_options(ask, member, reader), start=start)
    return parts


def _add(part: Part, ask: Ask, member: Member, form: Form, *, options: Choices, start: str) -> None:
    """Add a field to each row of *part*; in a table only the first row has to be filled in."""
    hint = ask.hint or HINTS.get(member.widget, "")
    for row in range(rows_shown(member.group, form.values()) if member.group else 1):
        if len(part.rows) <= row:
            part.rows.append([])
        name = named(member, row)
        chosen = form.value(name, start)
        # What was chosen and is offered no longer stays to be seen, and is judged when it is signed.
        is_gone = options and member.widget != "several" and chosen and chosen not in dict(options)
        part.rows[row].append(
            Field(
                name=name,
                member=member,
                label=_label(ask, member),
                hint=gettext(hint) if hint else "",
                options=[*options, (chosen, chosen)] if is_gone else options,
                start=start,
                required=member.required and row == 0,
            )
        )


def _label(ask: Ask, member: Member) -> str:
    return gettext(ask.label) if ask.label else word("field", member.word)


def _options(ask: Ask, member: Member, reader: Reader) -> Choices:
    """Return what a list offers: what the ask says, else the codes of the class in words."""
    if ask.options is not None:
        return ask.options(reader, me())
    if member.widget == "yes-no":
        return [("true", gettext("是")), ("false", gettext("否"))]
    if member.widget == "amount":
        return [("kg", gettext("公斤")), ("pieces", gettext("件"))]
    if member.widget not in ("choice", "several"):
        return []
    return [(code, word(member.word, code)) for code in member.codes or VOCABULARIES.get(member.word, {})]


def _placed(told: Told, shown: set[str]) -> Told:
    """Return *told* with each sentence at the field that shows it; what no field shows stands above alone."""
    sentences = tuple(replace(each, where=_place(each.where, shown)) for each in told.sentences)
    return replace(told, sentences=sentences)


def _place(where: str, shown: set[str]) -> str:
    if where in shown or not where:
        return where
    inner = sorted(name for name in shown if name.startswith(f"{where}."))
    outer = sorted((name for name in shown if where.startswith(f"{name}.")), key=len)
    return (inner or outer[-1:] or [""])[0]


def _labels(filing: Filing, *, private: bool) -> list[str]:
    """Return what becomes public, or stays sealed, when the form is signed; a table with its columns."""
    found: dict[str, list[str]] = {}
    for ask, member in filing.members():
        if member.private == private:
            found.setdefault(member.group, []).append(_promised(ask, member))
    labels = found.pop("", [])
    labels += [
        gettext("%(table)s（%(columns)s）", table=word("field", group), columns=gettext("、").join(columns))
        for group, columns in found.items()
    ]
    if not private:
        told = {ask.path.partition(".")[0] for ask in filing.asks}
        labels += [word("field", name) for name in sorted(filing.told() - told - {"at"})]
    return list(dict.fromkeys(labels))


def _promised(ask: Ask, member: Member) -> str:
    label = _label(ask, member)
    return gettext("%(file)s的摘要", file=label) if member.widget == "file" else label
