"""Who may say what: keys are granted and revoked in the log itself, and each statement is signed with one.

    entry 0   log-opened     names the registrars' keys
              key            a registrar grants a key to a party, for one role; the key's holder signs too
              revocation     a registrar ends a key
              statement      a party states an event, signed with one of its keys

Whether a key was valid is judged by the place of entries in the log, never by a clock: after its key entry
and before its revocation. One public key serves one party and one role for ever. Records have exactly the
members that docs/formats.md gives; what an event says is no concern of this module.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from ledger import canonical
from ledger.canonical import Json
from ledger.checkpoint import Checkpoint
from ledger.dsse import KEY, REVOCATION, STATEMENT, check_public_key, check_signature, key_id, pae
from ledger.errors import Conflict, Malformed, NotProven
from ledger.spelling import base64_bytes

T = TypeVar("T")

CUSTODIES = ("author", "platform")
REASONS = ("lost", "compromised", "superseded", "ended")
SOURCES = ("own", "partner")

Record = Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class KeyGrant:
    """A key as the log grants it: whose it is, and between which entries it is valid."""

    key_id: str
    public: bytes
    party: str
    role: str
    custody: str
    granted: int
    revoked: int | None = None
    replaces: str | None = None

    def valid_at(self, index: int) -> bool:
        """Whether an entry at *index* may rest on this key."""
        return self.granted < index and (self.revoked is None or index < self.revoked)


Grants = Callable[[str], KeyGrant | None]
MayState = Callable[[str, str], bool]
"""Whether a party of this role may state an event of this kind."""
CheckSignature = Callable[[bytes, bytes, bytes], None]
"""Raises unless the holder of a public key signed a message: key, message, signature."""


def nobody(_: str) -> KeyGrant | None:
    """Know no key at all."""
    return None


def anything(_role: str, _kind: str) -> bool:
    """Let each role state each kind of event; for callers that cannot tell."""
    return True


def check_statement(
    record: Record,
    grants: Grants,
    *,
    origin: str,
    index: int,
    may_state: MayState = anything,
    spell: Callable[[Json], bytes] = canonical.dumps,
    check: CheckSignature = check_signature,
) -> None:
    """Raise unless *record* is a statement for this log, signed with keys valid for its author at *index*.

    `Malformed` says that its form is wrong, `NotProven` that a signature, a key or the author's role is.
    Whoever has just read *record* from canonical bytes may *spell* it again without checking it again;
    *check* may have verified the same signature before, and raises what `check_signature` does.
    """
    _exactly(record, ("kind", "links", "ruling", "sigs", "statement"))
    _is(record, "kind", "statement")
    _check_ruling(_member(record, "ruling", dict))
    statement = _member(record, "statement", dict)
    kind = _check_said(statement, origin)
    for grant in _signers(record, spell(statement), grants, index, check):
        if grant.party != statement["by"]:
            raise NotProven(
                "signed with another party's key", facts={"key": grant.key_id, "party": grant.party}
            )
        if not may_state(grant.role, kind):
            raise NotProven("this role may not state this", facts={"role": grant.role, "event": kind})


def _check_ruling(ruling: dict[str, Json]) -> None:
    _exactly(ruling, ("flags", "rules", "source"))
    _one_of(ruling, "source", SOURCES)
    digest, flags = _member(ruling, "rules", str), _member(ruling, "flags", list)
    if len(digest) != 64 or digest.strip("0123456789abcdef") or not set(map(type, flags)) <= {dict}:
        raise Malformed("a ruling names the digest of its rules, and flags", facts={"pointer": "/ruling"})


def _check_said(statement: dict[str, Json], origin: str) -> str:
    """Check what stands around the event; return the event's kind."""
    _exactly(statement, ("by", "event", "id", "log", "v"), optional=("claimed_by",))
    _check_place(statement, origin)
    for name in ("by", "id", *({"claimed_by"} & set(statement))):
        if not _member(statement, name, str):
            raise Malformed("an empty name", facts={"pointer": f"/statement/{name}"})
    return _member(_member(statement, "event", dict), "kind", str)


def _signers(
    record: Record, body: bytes, grants: Grants, index: int, check: CheckSignature
) -> list[KeyGrant]:
    message = pae(STATEMENT, body)
    signers: list[KeyGrant] = []
    for known, signature in _signatures(record):
        grant = _valid(known, grants, index)
        check(grant.public, message, signature)
        signers.append(grant)
    return signers


def _valid(known: str, grants: Grants, index: int) -> KeyGrant:
    grant = grants(known)
    if grant is None:
        raise NotProven("the log has granted no such key", facts={"key": known})
    if not grant.valid_at(index):
        raise NotProven("the key is not valid at this entry", facts={"key": known, "index": index})
    return grant


def granted(record: Record, *, origin: str, index: int) -> KeyGrant:
    """Read the grant in a key record and check that the key's holder signed it; who vouches is not asked."""
    _exactly(record, ("grant", "kind", "links", "sigs"))
    _is(record, "kind", "key")
    grant = _member(record, "grant", dict)
    _exactly(grant, ("custody", "key", "log", "party", "role", "v"), optional=("replaces",))
    _check_place(grant, origin)
    _one_of(grant, "custody", CUSTODIES)
    public = base64_bytes(_member(grant, "key", str))
    check_public_key(public)
    # The holder signs last, so nobody can register a key of somebody else as their own.
    holder, possession = _signatures(record)[-1]
    if holder != key_id(public):
        raise NotProven("the holder of the new key has not signed", facts={"key": key_id(public)})
    check_signature(public, pae(KEY, canonical.dumps(grant)), possession)
    return KeyGrant(
        key_id=holder,
        public=public,
        party=_named(grant, "party"),
        role=_named(grant, "role"),
        custody=grant["custody"],
        granted=index,
        replaces=_member(grant, "replaces", str) if "replaces" in grant else None,
    )


def check_key(
    record: Record,
    *,
    registrars: Mapping[str, bytes],
    origin: str,
    index: int,
    grants: Grants = nobody,
) -> KeyGrant:
    """Return what *record* grants, or raise unless a registrar, or the key that it replaces, vouches for it.

    *registrars* gives the public key of each registrar by its id; *grants* what the log has granted before.
    """
    grant = granted(record, origin=origin, index=index)
    known = grants(grant.key_id)
    if known is not None:
        raise Conflict(
            "the key has been granted already", facts={"key": grant.key_id, "index": known.granted}
        )
    replaced = _replaced(grant, grants)
    signatures = _signatures(record)
    voucher, vouched = signatures[0]
    # A registrar who registers the registrar's own key signs once: voucher and holder are one.
    if len(signatures) != (1 if voucher == grant.key_id else 2):
        raise Malformed("a key is signed by who vouches for it and by its holder", facts={"pointer": "/sigs"})
    public = registrars.get(voucher)
    if public is None and replaced is not None and replaced.key_id == voucher and replaced.valid_at(index):
        public = replaced.public
    if public is None:
        raise NotProven("nobody who may register keys vouches for this one", facts={"key": voucher})
    check_signature(public, pae(KEY, canonical.dumps(record["grant"])), vouched)
    return grant


def _replaced(grant: KeyGrant, grants: Grants) -> KeyGrant | None:
    """Return the key that *grant* replaces, which must have served the same party in the same role."""
    if grant.replaces is None:
        return None
    replaced = grants(grant.replaces)
    if replaced is None:
        raise NotProven("the key to replace was never granted", facts={"key": grant.replaces})
    if (replaced.party, replaced.role) != (grant.party, grant.role):
        raise NotProven("a key is replaced for the same party and role", facts={"key": grant.replaces})
    return replaced


def check_revocation(
    record: Record, *, registrars: Mapping[str, bytes], origin: str, index: int, grants: Grants
) -> KeyGrant:
    """Return the grant that *record* ends, with its last index, or raise unless a registrar signed it."""
    _exactly(record, ("kind", "links", "revocation", "sigs"))
    _is(record, "kind", "revocation")
    revocation = _member(record, "revocation", dict)
    _exactly(revocation, ("key", "log", "party", "reason", "v"))
    _check_place(revocation, origin)
    _one_of(revocation, "reason", REASONS)
    for registrar, signature in _signatures(record):
        if registrar not in registrars:
            raise NotProven("only a registrar ends a key", facts={"key": registrar})
        check_signature(registrars[registrar], pae(REVOCATION, canonical.dumps(revocation)), signature)
    ended = _valid(_member(revocation, "key", str), grants, index)
    if ended.party != revocation["party"]:
        raise NotProven("the key is another party's", facts={"key": ended.key_id, "party": ended.party})
    return replace(ended, revoked=index)


def check_opening(record: Record, *, origin: str) -> dict[str, bytes]:
    """Return the registrars' public keys by their ids; `Malformed` unless *record* opens this log."""
    _exactly(record, ("kind", "links", "opening"))
    _is(record, "kind", "log-opened")
    opening = _member(record, "opening", dict)
    _exactly(opening, ("formats", "origin", "registrars", "rules", "v", "vkeys"), optional=("continues",))
    if opening["origin"] != origin or opening["v"] != 1:
        raise Malformed("opens another log", facts={"pointer": "/opening/origin"})
    if "continues" in opening:
        _check_continues(_member(opening, "continues", dict), origin)
    registrars: dict[str, bytes] = {}
    for registrar in _member(opening, "registrars", list):
        _exactly(registrar, ("key", "party"))
        public = base64_bytes(_member(registrar, "key", str))
        check_public_key(public)
        registrars[key_id(public)] = public
    if not registrars:
        raise Malformed("a log has at least one registrar", facts={"pointer": "/opening/registrars"})
    return registrars


def _check_continues(continues: dict[str, Json], origin: str) -> None:
    """Check that a log that goes on from another brings its last note; who signed it is not asked."""
    _exactly(continues, ("note", "origin"))
    text, signed, _ = base64_bytes(_member(continues, "note", str)).rpartition(b"\n\n")
    # The signatures are below the empty line; a checkpoint is ASCII but for the name of its log.
    last = Checkpoint.parse(text.decode("utf-8", "replace") + "\n")
    if not signed or last.size == 0 or last.origin != continues["origin"] or last.origin == origin:
        raise Malformed("does not go on from another log", facts={"pointer": "/opening/continues"})


class Keyring:
    """The keys that a log has granted so far, fed with its records one after another."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self._grants: dict[str, KeyGrant] = {}
        self._registrars: dict[str, bytes] = {}

    def copy(self) -> "Keyring":
        """Return a ring of its own that begins with the same keys."""
        ring = Keyring(self.origin)
        ring._grants, ring._registrars = dict(self._grants), dict(self._registrars)
        return ring

    def grant(self, key: str) -> KeyGrant | None:
        """Return what the log granted under the id *key*, valid or revoked."""
        return self._grants.get(key)

    def grants(self) -> tuple[KeyGrant, ...]:
        """Return all grants, in the order of the log."""
        return tuple(self._grants.values())

    def registrars(self) -> dict[str, bytes]:
        """Return the public keys of those who may register keys now, by their ids."""
        return dict(self._registrars)

    def valid_at(self, key: str, index: int) -> KeyGrant | None:
        """Return the grant of *key* if an entry at *index* may rest on it."""
        grant = self._grants.get(key)
        return grant if grant is not None and grant.valid_at(index) else None

    def admit(self, record: Record, index: int) -> KeyGrant | None:
        """Check the record at *index* and take over the key that it grants or ends; other records pass by.

        Raises what `check_opening`, `check_key` and `check_revocation` raise, and then takes over nothing.
        """
        kind = record.get("kind")
        if index == 0:
            self._registrars = check_opening(record, origin=self.origin)
        elif kind == "log-opened":
            raise Malformed("a log is opened once", facts={"index": index})
        elif kind == "key":
            return self._admit_key(record, index)
        elif kind == "revocation":
            return self._admit_revocation(record, index)
        return None

    def _admit_key(self, record: Record, index: int) -> KeyGrant:
        grant = check_key(
            record, registrars=self._registrars, origin=self.origin, index=index, grants=self.grant
        )
        # A registrar's new key takes over the office: the old one, or another registrar, has signed for it.
        if grant.replaces in self._registrars:
            self._registrars[grant.key_id] = grant.public
        self._grants[grant.key_id] = grant
        return grant

    def _admit_revocation(self, record: Record, index: int) -> KeyGrant:
        ended = check_revocation(
            record, registrars=self._registrars, origin=self.origin, index=index, grants=self.grant
        )
        self._registrars.pop(ended.key_id, None)
        self._grants[ended.key_id] = ended
        return ended


def _signatures(record: Record) -> Sequence[tuple[str, bytes]]:
    """Read `sigs`: key ids and signatures, at least one, no key twice."""
    signatures: list[tuple[str, bytes]] = []
    for signature in _member(record, "sigs", list):
        _exactly(signature, ("key", "sig"))
        signatures.append((_member(signature, "key", str), base64_bytes(_member(signature, "sig", str))))
    if not signatures or len({key for key, _ in signatures}) != len(signatures):
        raise Malformed("at least one signature, and none twice", facts={"pointer": "/sigs"})
    return signatures


def _check_place(signed: dict[str, Json], origin: str) -> None:
    """Check that the signed words name this log, so that they cannot be carried into another."""
    if _member(signed, "v", int) != 1:
        raise Malformed("signed in an unknown version")
    if signed["log"] != origin:
        raise NotProven("signed for another log", facts={"log": str(signed["log"])})


def _exactly(value: Json, members: Sequence[str], *, optional: Sequence[str] = ()) -> None:
    # What every sound record is, asked without building sets: an audit asks it for each of millions.
    if type(value) is dict and len(value) == len(members) and all(map(value.__contains__, members)):
        return
    if not isinstance(value, Mapping) or not set(members) <= set(value) <= {*members, *optional}:
        raise Malformed("not exactly the members that belong here", facts={"members": " ".join(members)})


def _member(value: Mapping[str, Json], name: str, kind: type[T]) -> T:
    member = value.get(name)
    if type(member) is not kind:
        raise Malformed("a member of the wrong kind", facts={"member": name})
    return member


def _named(value: Mapping[str, Json], name: str) -> str:
    text = _member(value, name, str)
    if not text:
        raise Malformed("an empty name", facts={"member": name})
    return text


def _is(value: Mapping[str, Json], name: str, expected: str) -> None:
    if value[name] != expected:
        raise Malformed("a record of another kind", facts={"member": name, "expected": expected})


def _one_of(value: Mapping[str, Json], name: str, allowed: Sequence[str]) -> None:
    if value[name] not in allowed:
        raise Malformed("not a word that is known here", facts={"member": name, "word": str(value[name])})
