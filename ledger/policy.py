"""Whose signatures suffice to believe a checkpoint, c2sp.org/tlog-policy.

    log nongye.example/2026+e1695a3a+AUjgW0k…= https://nongye.example/log/
    witness province witness.example/w1+4e93bdaa+BAbL7K7…= https://witness.example/
    witness college  witness.example/w2+0c1ff2d6+BHqQx2v…=
    group   both 2 province college                   a number, "any" or "all" of the members
    quorum  both                                      the one name that must have cosigned, or "none"

A line names only what stands above it; each name is a member of one group at most. Lines that begin with #
are comments. Bytes above 0x7F may be anything: names are compared byte by byte. Addresses vouch for nothing.
"""

import re
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from hashlib import sha256

from ledger.errors import Malformed
from ledger.keys import COSIGNATURE_ED25519, ED25519, MLDSA44, VerifierKey
from ledger.spelling import whole_number

NO_QUORUM = "none"
_LOG_KINDS = frozenset({ED25519, MLDSA44})
_WITNESS_KINDS = frozenset({COSIGNATURE_ED25519, MLDSA44})
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_SPACE = re.compile("[ \t]+")

Keyed = tuple[VerifierKey, str | None]
"""A key, and the address of whoever holds it."""


@dataclass(frozen=True, slots=True)
class Group:
    """So many of these witnesses and groups must have cosigned for the group to have done so."""

    threshold: int
    members: tuple[str, ...]

    def __post_init__(self) -> None:
        if not 1 <= self.threshold <= len(self.members):
            raise Malformed("a group asks for at least one and at most all of its members")


@dataclass(frozen=True, slots=True)
class Policy:
    """The logs that are believed, the witnesses that are known, and which of them must have cosigned."""

    logs: tuple[Keyed, ...]
    witnesses: Mapping[str, Keyed]
    groups: Mapping[str, Group]
    quorum: str = NO_QUORUM

    def __post_init__(self) -> None:
        # A policy made in code obeys every rule of one that was read: spelt and read again, it is the same.
        lines = _Lines.read(self.text())
        if lines.parts() != (self.logs, self.witnesses, self.groups, self.quorum):
            raise Malformed("not a policy")

    @classmethod
    def parse(cls, text: str | bytes) -> "Policy":
        """Read a policy, whose spaces and comments are free; its octets need not be UTF-8."""
        spelled = text if isinstance(text, str) else text.decode("utf-8", "surrogateescape")
        return cls(*_Lines.read(spelled).parts())

    def text(self) -> str:
        """Spell the policy in one way: logs, witnesses, groups, quorum; thresholds as numbers."""
        lines = [_line("log", key.text(), url) for key, url in self.logs]
        lines += [_line("witness", name, key.text(), url) for name, (key, url) in self.witnesses.items()]
        lines += [_line("group", name, str(one.threshold), *one.members) for name, one in self.groups.items()]
        return "".join((*lines, _line("quorum", self.quorum)))

    def digest(self) -> bytes:
        """Return SHA-256 of `text`, by whose first digits two people can compare policies."""
        return sha256(_octets(self.text())).digest()

    def keys_of(self, origin: str) -> tuple[VerifierKey, ...]:
        """Return every key under which the log *origin* signs; the name of a log's key is its origin."""
        return tuple(key for key, _ in self.logs if key.name == origin)

    def quorum_met(self, cosigned: Set[str]) -> bool:
        """Say whether the witnesses named in *cosigned*, by their names in this policy, are enough."""
        counted = {name for name in self.witnesses if name in cosigned}
        for name, group in self.groups.items():
            # Members stand above their group, so each has been decided already.
            if len(counted.intersection(group.members)) >= group.threshold:
                counted.add(name)
        return self.quorum == NO_QUORUM or self.quorum in counted


@dataclass(slots=True)
class _Lines:
    """What the lines of a policy have said so far."""

    logs: list[Keyed] = field(default_factory=list)
    witnesses: dict[str, Keyed] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    quorum: str | None = None
    members: set[str] = field(default_factory=set)

    @classmethod
    def read(cls, text: str) -> "_Lines":
        """Read all lines, each of which must be sound where it stands."""
        _octets(text)
        if _FORBIDDEN.search(text):
            raise Malformed("a policy has no control characters but tab and newline")
        # A last line without its newline may have been cut short.
        *lines, last = text.split("\n")
        if last:
            raise Malformed("each line of a policy ends in a newline")
        found = cls()
        for number, line in enumerate(lines, 1):
            found._take(number, [word for word in _SPACE.split(line) if word])
        return found

    def parts(self) -> tuple[tuple[Keyed, ...], dict[str, Keyed], dict[str, Group], str]:
        """Return the policy's fields, once a quorum has been named."""
        if self.quorum is None:
            raise Malformed("a policy names one quorum")
        return tuple(self.logs), self.witnesses, self.groups, self.quorum

    def _take(self, number: int, words: list[str]) -> None:
        if not words or words[0].startswith("#"):
            return
        try:
            self._take_line(words)
        except Malformed as why:
            raise Malformed(why.reason, facts={**why.facts, "line": number}) from None

    def _take_line(self, words: list[str]) -> None:
        match words:
            case ["log", vkey, *url] if len(url) <= 1:
                self.logs.append(_keyed(vkey, url, _LOG_KINDS, self.logs))
            case ["witness", name, vkey, *url] if len(url) <= 1:
                self._check_new(name)
                self.witnesses[name] = _keyed(vkey, url, _WITNESS_KINDS, self.witnesses.values())
            case ["group", name, threshold, *members]:
                self._check_new(name)
                self._join(members)
                self.groups[name] = Group(_threshold(threshold, len(members)), tuple(members))
            case ["quorum", name] if self.quorum is None and (name == NO_QUORUM or self._defined(name)):
                self.quorum = name
            case _:
                raise Malformed("not a line of a policy, or not where it may stand")

    def _defined(self, name: str) -> bool:
        return name in self.witnesses or name in self.groups

    def _check_new(self, name: str) -> None:
        if name == NO_QUORUM or self._defined(name):
            raise Malformed("the name is taken", facts={"name": name})

    def _join(self, members: list[str]) -> None:
        """Note that *members* belong to a group now: a witness must not count in two ways."""
        for name in members:
            if not self._defined(name) or name in self.members:
                raise Malformed("not defined above, or a member already", facts={"name": name})
            self.members.add(name)


def _keyed(vkey: str, url: list[str], kinds: Set[int], others: Iterable[Keyed]) -> Keyed:
    """Read the key and perhaps the address of a log or witness that is not among *others* yet."""
    key = VerifierKey.parse(vkey)
    if key.kind not in kinds:
        raise Malformed("a key of this kind does not sign in this place", facts={"kind": key.kind})
    # The name does not count: one key under two names would be one witness that counts twice.
    if any(key.public == other.public for other, _ in others):
        raise Malformed("the key stands above already", facts={"name": key.name})
    # Comments stand on lines of their own; taken for an address, one would pass unnoticed.
    if url and url[0].startswith("#"):
        raise Malformed("not an address")
    return key, (url[0] if url else None)


def _threshold(word: str, members: int) -> int:
    return {"any": 1, "all": members}.get(word) or whole_number(word)


def _line(*words: str | None) -> str:
    return " ".join(word for word in words if word is not None) + "\n"


def _octets(text: str) -> bytes:
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        raise Malformed("a policy is made of bytes") from None
