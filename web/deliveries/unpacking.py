"""A box or pallet that is emptied, or from which a part is taken out, and what pieces in boxes are called.

/unpack                 the boxes at hand
/unpack?container=…     one of them: all of it, or so much of each lot, and which boxes that stand in it
"""

from collections.abc import Iterator
from decimal import Decimal

from flask import render_template, request, url_for

from traceability import boxes, goods
from traceability.boxes import Box
from traceability.errors import Invalid, Problem
from traceability.events import Event
from traceability.events.processing import Part
from traceability.reading import Reader
from web.access import me
from web.deliveries.weighing import number_of
from web.forms import Form
from web.recording import Answer, Given, amount, blank, event_of, filled, rows, submitted
from web.services import services


def unpack() -> str:
    """Show the boxes at hand, or the form for the one that ?container= names."""
    return _unpack_form(blank(container=request.args.get("container", "")))


def submit_unpack() -> Answer:
    """Record that a box was emptied, or what was taken out of it."""
    return submitted(_unpacked, _unpack_form, lambda _digest: url_for(f"{request.blueprint}.index"))


def _unpack_form(form: Form) -> str:
    with services().reading() as reader:
        here = boxes.boxes(reader, me().party)
        chosen = next((each for each in here if each.container == form.value("container")), None)
        return render_template(
            "mill/unpack.html", form=form, boxes=here, chosen=chosen, pieces=pieces_in(reader, here)
        )


def _unpacked(values: dict[str, str]) -> Event:
    name = values.get("container", "")
    with services().reading() as reader:
        here = {each.container: each for each in boxes.boxes(reader, me().party)}
    if name and name not in here:
        raise Invalid(Problem("container", "not-in-list", (("found", name),)))
    given: Given = filled(values, "container")
    if name and (values.get("how_much") == "some" or _is_part(values)):
        given |= _some(here[name], values)
    return event_of("unpacked", values, given)


def _is_part(values: dict[str, str]) -> bool:
    """Tell whether so much was typed: who forgot to say that it is a part has not emptied the box."""
    return any(row.get("amount") for row in rows(values, "parts")) or any(
        text and name.startswith("containers.") for name, text in values.items()
    )


def _some(box: Box, values: dict[str, str]) -> Given:
    """Return what was typed of *box*; to take nothing would be to empty it, and is refused here."""
    given: Given = {"parts": list(_taken(box, values))}
    ticked = {text for field, text in values.items() if field.startswith("containers.")}
    given["containers"] = [each for each in box.boxed if each in ticked]
    if not any(given.values()):
        raise Invalid(Problem("parts", "missing"))
    return given


def _taken(box: Box, values: dict[str, str]) -> Iterator[Given]:
    inside = {(each.lot, _measure(each)): each for each in box.loose}
    for number, row in enumerate(rows(values, "parts")):
        counted, field = row.get("amount"), f"parts.{number}.amount"
        part = inside.get((row.get("lot", ""), row.get("measure", "mass")))
        if not counted:
            continue
        if part is None:
            raise Invalid(Problem(field, "not-in-list", (("found", row.get("lot", "")),)))
        found = number_of(counted)
        if found is None or found <= 0:
            raise Invalid(Problem(field, "not-an-amount", (("found", counted),)))
        if found > _much(part):
            most = f"{_much(part):f}"
            raise Invalid(Problem(field, "more-than-inside", (("found", counted), ("most", most))))
        yield {"lot": part.lot, **amount(counted, _measure(part))}


def _measure(part: Part) -> str:
    return "pieces" if part.amount.kg is None else "mass"


def _much(part: Part) -> Decimal:
    return Decimal(part.amount.pieces or 0) if part.amount.kg is None else part.amount.kg


def pieces_in(reader: Reader, found: list[Box]) -> dict[str, str]:
    """Return what a piece of each lot in these boxes is called."""
    held = {part.lot for box in found for part in box.parts}
    return {each: goods.piece_of(reader.connection, each) for each in held}
