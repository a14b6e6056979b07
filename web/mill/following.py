"""Following a template (加工模板) on the form of a process: which there are, and which steps were done.

template           the one that is followed, chosen on top of the page
step_3, began_3    its fourth step: done, and when it began, where somebody knows
"""

from dataclasses import dataclass

from traceability import haccp
from traceability.reading import Reader
from traceability.recollection.making import declared_template
from traceability.rule_tables.making import PROCESS_STEPS, TEMPLATES
from web.access import me
from web.recording import Given
from web.services import services
from web.words import word


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the template as the form has it."""

    number: int
    process: str
    required: bool


def templates(reader: Reader) -> list[tuple[str, str]]:
    """Return what may be followed: one's own templates first, then those of the rule set."""
    own = [(each.template, each.name) for each in haccp.templates(reader, me().party)]
    shipped = services().rules(reader).rows(TEMPLATES)
    return own + [(row.template, word("template", row.template)) for row in shipped]


def steps(reader: Reader, template: str) -> list[Step]:
    """Return the steps of *template* in order; none where nobody knows it."""
    if not template:
        return []
    rows = [row for row in services().rules(reader).rows(PROCESS_STEPS) if row.template == template]
    if rows:
        ordered = sorted(rows, key=lambda row: row.place)
        return [Step(number, row.process, row.required) for number, row in enumerate(ordered)]
    declared = declared_template(reader, template, me().party)
    told = () if declared is None else declared.steps
    return [Step(number, each.process, not each.optional) for number, each in enumerate(told)]


def told(reader: Reader, values: dict[str, str]) -> Given:
    """Return the template and the steps that were ticked, as the event has them."""
    template = values.get("template", "")
    if not template:
        return {}
    done = [
        {"process": each.process, **_began(values.get(f"began_{each.number}", ""))}
        for each in steps(reader, template)
        if values.get(f"step_{each.number}")
    ]
    return {"template": template, **({"steps": done} if done else {})}


def _began(text: str) -> Given:
    if not text:
        return {}
    # A form's clock has no zone: it is read in Shanghai, like every time that is typed here.
    return {"began": text if text.endswith("Z") or "+" in text else f"{text}+08:00"}
