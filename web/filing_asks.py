"""What the page of one kind of record is made of: the things that it asks for, and what follows from them."""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any

from flask import request, url_for

from traceability.events import KINDS, Event
from traceability.reading import Reader
from web.accounts import Account
from web.filing_members import Member, Widget, member_of
from web.language import N_

Choices = list[tuple[str, str]]
Values = dict[str, str]
Given = dict[str, Any]

_NOW = N_("不填就是现在。时间按北京时间。")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One thing that a form asks for; *hint* and *label* are sentences to translate.

    *start* is what stands there at first; *folded* overrides whether it hides among the optional things.
    """

    path: str
    options: Callable[[Reader, Account], Choices] | None = None
    hint: str = ""
    start: Callable[[Reader, Account], str] | None = None
    widget: Widget | None = None
    label: str = ""
    folded: bool | None = None


def nothing_fixed(_values: Values) -> Given:
    """Tell nothing beyond what was asked."""
    return {}


def from_address(*names: str) -> Callable[[Values], Given]:
    """Tell, beyond what was asked, the parts of the form's address that bear these *names*."""

    def fixed(values: Values) -> Given:
        return {name: values[name] for name in names}

    return fixed


def onward_to(endpoint: str, *names: str) -> Callable[[str], str]:
    """Lead on to the page *endpoint*, which takes over the parts of the form's address with these *names*.

    An endpoint that begins with a dot is one of the room in which the form stands.
    """

    def onward(_digest: str) -> str:
        of_address = request.view_args or {}
        return url_for(endpoint, **{name: of_address[name] for name in names})

    return onward


def anybody(_reader: Reader, _account: Account, _values: Values) -> None:
    """Let everybody in whom the guard lets in."""


def nothing_to_say(_reader: Reader, _account: Account, _values: Values) -> Choices:
    """Show no facts above the form."""
    return []


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """The page of one kind of record; *title*, *lead* and *sign* are sentences to translate.

    *about* gives names and values to show above the form, *may* raises for things that are not the asker's.
    """

    kind: str
    title: str
    asks: tuple[Ask, ...]
    onward: Callable[[str], str]
    fixed: Callable[[Values], Given] = nothing_fixed
    lead: str = ""
    sign: str = N_("签名登记")
    tells: tuple[str, ...] = ()
    about: Callable[[Reader, Account, Values], Choices] = nothing_to_say
    may: Callable[[Reader, Account, Values], None] = anybody

    @property
    def event(self) -> type[Event]:
        """Return the class of its event."""
        return KINDS[self.kind]

    @property
    def endpoint(self) -> str:
        """Return the name of its page within the blueprint."""
        return f"file_{self.kind.replace('-', '_')}"

    def members(self) -> list[tuple[Ask, Member]]:
        """Return each thing that is asked for, the time last."""
        asks = self.asks
        if all(ask.path != "at" for ask in asks):
            asks = (*asks, Ask(path="at", hint=_NOW, folded=True))
        return [(ask, _optional_time(member_of(self.event, ask.path, ask.widget))) for ask in asks]

    def told(self) -> set[str]:
        """Return every member that the signer is told of: what is asked, required, or named in `tells`."""
        of = self.event
        required = {each.name for each in fields(of) if member_of(of, each.name, "text").required}
        return {ask.path.partition(".")[0] for ask in self.asks} | required | set(self.tells) | {"at"}


def _optional_time(member: Member) -> Member:
    """Return *member*; the time of a record may be left empty, which is now."""
    return replace(member, required=False, needed=False) if member.path == "at" else member
