"""A form as a page shows it: what was typed, and what is wrong with each field.

    form = Form(request.form, tell(error))
    {{ forms.field(form, "amount.kg", _("重量（公斤）"), inputmode="decimal") }}

Nothing that a person typed is lost because something else was wrong. Values are checked by
`traceability.schema`, never here.
"""

from collections.abc import Mapping

from web.problems import Sentence, Told


class Form:
    """Values by field path, with the sentences of a refusal; *everything_at* gathers them at one field."""

    def __init__(
        self, values: Mapping[str, str], told: Told | None = None, *, everything_at: str = ""
    ) -> None:
        self._values = dict(values)
        self.told = told
        self._everything_at = everything_at

    def value(self, name: str, otherwise: str = "") -> str:
        """Return what was typed into *name*, or *otherwise* before anything was."""
        return self._values.get(name, otherwise)

    def values(self) -> dict[str, str]:
        """Return everything that was typed."""
        return dict(self._values)

    def errors(self, name: str) -> list[str]:
        """Return what is wrong with *name*."""
        if self.told is None:
            return []
        if self._everything_at:
            return [each.text for each in self.told.sentences] if name == self._everything_at else []
        return self.told.by_field().get(name, [])

    def id(self, name: str) -> str:
        """Return the id of the field's element, which has no dots or brackets."""
        return "field-" + "".join(letter if letter.isalnum() else "-" for letter in name)

    def sentences(self) -> tuple[Sentence, ...]:
        """Return all that is wrong, for the summary above the form."""
        return self.told.sentences if self.told is not None and not self._everything_at else ()
