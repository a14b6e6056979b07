"""How keys change and end: the log's own, in steps that may be cut anywhere, and those of its parties.

    begin     1 new secrets in the key file beside the old   2 the entry, sealed by both   3 published
    finish    1 the change was published, and witnessed      2 the entry, sealed by both   3 old secrets go

A crash before any step leaves a log that starts and goes on; the same command again takes up what is left. A
process that holds the old secrets alone is refused from the moment that the first entry stands.
"""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal

from sqlalchemy import select

from ledger import canonical, dsse, keyfile, shelf
from ledger.canonical import Json
from ledger.keyfile import LogKeys
from ledger.keys import VerifierKey
from ledger.note import Note
from ledger.policy import Policy
from ledger.rotation import BEGIN, END, Change, KeySchedule
from ledger.spelling import base64_text
from ledger.trust import cosigned
from traceability import tables
from traceability.errors import NotAllowed, Unknown
from traceability.reading import Reader
from web import clock
from web.database import Services, key_file, key_record, log_keys, open_services
from web.settings import Settings

Phase = Literal["steady", "drawn", "changing", "ended"]
MOST_NOTES = 4096
"""How many checkpoints of a change-over are looked through for one that enough witnesses have seen."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a change of the log's own keys has come, and which keys sign.

    steady    one generation signs               changing  both sign, since the entry *begun*
    drawn     new secrets, no entry yet          ended     the entry stands, the old secrets are still there
    """

    phase: Phase
    signing: tuple[VerifierKey, ...]
    retired: tuple[VerifierKey, ...]
    begun: int | None = None


def standing(services: Services) -> Standing:
    """Return how far a change of the log's own keys has come; `NotAllowed` if the key file is another's."""
    keys, schedule = log_keys(services.settings), services.journal.log_keys()
    phase = _phase(keys, schedule, services.log.origin)
    begun = schedule.changes[-1] if schedule.begun is not None else None
    return Standing(phase, keys.vkeys(services.log.origin), keys.former(), begun)


def _phase(keys: LogKeys, schedule: KeySchedule, origin: str) -> Phase:
    newest, last = keys.newest.vkeys(origin), schedule.newest
    if schedule.begun is not None and keys.retiring is not None and schedule.begun.new == newest:
        return "changing"
    if schedule.begun is None and last == newest:
        return "steady" if keys.retiring is None else "ended"
    if schedule.begun is None and keys.retiring is not None and last == keys.retiring.vkeys(origin):
        return "drawn"
    raise NotAllowed("key-file-differs")


def begin(settings: Settings, *, now: clock.Clock = clock.now) -> int:
    """Begin a change of the log's own keys, or take up one that was cut short; return the entry's index."""
    with _alone(settings):
        if _found(settings, now).phase == "steady":
            # 1. The new secrets, beside the old. A crash here leaves a log that both sign, and no entry yet:
            #    lines of a key that is not in force count for nothing.
            keyfile.rewrite(key_file(settings), log_keys(settings).begun(), settings.key_lock)
        with _opened(settings, now) as services:
            # 2. The entry. From now on a process without the new secrets refuses to seal. A crash here leaves
            #    an entry that no published checkpoint shows yet.
            index = services.journal.change_log_keys(_change(settings, BEGIN))
            # 3. Published with all lines, so that who trusts the old key can follow.
            services.log.publish()
    return index


def finish(settings: Settings, *, witnessed: bool = True, now: clock.Clock = clock.now) -> int | None:
    """End a change of the log's own keys; return the entry's index, None if it stood already.

    With *witnessed*, `NotAllowed` unless a published checkpoint of the change-over has the quorum of the
    policy: without one, whoever asks for that quorum could never follow to the new key.
    """
    with _alone(settings), _opened(settings, now) as services:
        found, index = standing(services), None
        if found.phase in ("steady", "drawn"):
            raise NotAllowed("key-change-not-begun")
        if found.begun is not None:
            # 1. There is a published checkpoint of both, and enough witnesses saw one.
            services.log.publish()
            with services.reading() as reader:
                note = note_of_change(reader, services.policy, found.begun)
            if witnessed and (note is None or not is_seen(note, services.policy)):
                raise NotAllowed("key-change-unseen")
            # 2. The entry. A crash here leaves secrets that need not sign any more, and still may.
            index = services.journal.change_log_keys(_change(settings, END))
            services.log.publish()
        # 3. The old secrets go; their public keys stay, for checkpoints that they signed.
        keys = log_keys(settings).finished(settings.origin)
        keyfile.rewrite(key_file(settings), keys, settings.key_lock)
    return index


def note_of_change(reader: Reader, policy: Policy, begun: int, ended: int | None = None) -> Note | None:
    """Return the first published checkpoint over *begun* that *policy*'s quorum saw, else the first of all.

    *ended* is the entry that ended the change: only checkpoints before it need bear lines of the old keys.
    """
    first = None
    found = shelf.published_between(reader.connection, after=begun, most=ended)
    for note in islice(found, MOST_NOTES):
        first = first or note
        if is_seen(note, policy):
            return note
    return first


def handover(services: Services, index: int) -> Note | None:
    """Return the checkpoint by which to follow from the old keys; None if *index* begins no change."""
    changes = services.journal.log_keys().changes
    if index not in changes[::2]:
        return None
    ended = next((each for each in changes[1::2] if each > index), None)
    with services.reading() as reader:
        return note_of_change(reader, services.policy, index, ended)


def is_seen(note: Note, policy: Policy) -> bool:
    """Whether the quorum of *policy* has cosigned *note*; a line that does not hold raises `NotProven`."""
    return policy.quorum_met(set(cosigned(note, policy)))


def _change(settings: Settings, phase: str) -> Change:
    keys = log_keys(settings)
    if keys.retiring is None:
        raise NotAllowed("key-change-not-begun")
    return Change(
        settings.origin, keys.retiring.vkeys(settings.origin), keys.newest.vkeys(settings.origin), phase
    )


def _found(settings: Settings, now: clock.Clock) -> Standing:
    with _opened(settings, now) as services:
        found = standing(services)
    if found.phase == "ended":
        raise NotAllowed("key-change-begun")
    return found


@contextmanager
def _opened(settings: Settings, now: clock.Clock) -> Iterator[Services]:
    services = open_services(settings, now=now)
    try:
        yield services
    finally:
        services.close()


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """Hold the folder of secrets: two changes at once would each draw new ones, and lose one pair."""
    folder = os.open(settings.secrets_folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise NotAllowed("key-change-running") from None
        yield
    finally:
        os.close(folder)


def protect(settings: Settings, lock: keyfile.Passphrase) -> None:
    """Seal the log's key file anew: with a passphrase, with a key of 32 bytes, or not at all."""
    with _alone(settings):
        keyfile.rewrite(key_file(settings), log_keys(settings), lock)


# Keys of parties.


def keys_of(reader: Reader, party: str | None = None) -> list[Any]:
    """Return the rows of all granted keys, or those of *party*; `Unknown` where it has none."""
    table = tables.party_key
    found = select(table).order_by(table.c.entry)
    rows = reader.connection.execute(found if party is None else found.where(table.c.party == party)).all()
    if party is not None and not rows:
        raise Unknown("party", party)
    return list(rows)


def rotate(services: Services, party: str, *, lost: bool = False) -> tuple[int, str]:
    """Give *party* a new key in the platform's custody in the place of its newest valid one, which ends.

    The old key vouches for the new one; if it is *lost*, the registrar does, and the entry shows that.
    Returns the index of the key entry and the id of the new key.
    """
    old = _valid_key(services, party)
    seed = secrets.token_bytes(keyfile.SEED_LENGTH)
    key = dsse.AuthorKey(seed)
    registrar = services.registrar()
    voucher = registrar if lost else services.journal.platform_key(party)
    grant = key_record(services.journal.origin, key, voucher, party=party, role=old.role, replaces=old.key_id)
    # A registrar's new key holds the office as soon as it stands: it signs the end of the old one itself.
    ending = key if registrar.id == old.key_id else registrar
    ended = revocation(
        services.journal.origin,
        key=old.key_id,
        party=party,
        reason="lost" if lost else "superseded",
        registrar=ending,
    )
    return services.journal.rotate_key(grant, seed, ended), key.id


def _valid_key(services: Services, party: str) -> Any:
    """Return the newest valid key of *party*, which must be in the platform's custody."""
    with services.reading() as reader:
        valid = [row for row in keys_of(reader, party) if row.revoked_by is None]
    if not valid:
        raise NotAllowed("no-platform-key", party=party)
    if valid[-1].custody != "platform":
        raise NotAllowed("key-own-custody", party=party)
    return valid[-1]


def revoke(services: Services, key_id: str, reason: str) -> int:
    """End a key with the registrar's; return the index of the entry. A registrar's own is only replaced."""
    with services.reading() as reader:
        table = tables.party_key
        row = reader.connection.execute(select(table).where(table.c.key_id == key_id)).first()
    if row is None:
        raise Unknown("key", key_id[:44])
    registrar = services.registrar()
    if key_id == registrar.id:
        raise NotAllowed("registrar-key")
    if row.revoked_by is not None:
        return int(row.revoked_by)
    ended = revocation(
        services.journal.origin, key=key_id, party=row.party, reason=reason, registrar=registrar
    )
    return services.journal.revoke_key(ended)


def revocation(
    origin: str, *, key: str, party: str, reason: str, registrar: dsse.AuthorKey
) -> dict[str, Json]:
    """Return the record that ends the key with the id *key*, signed by *registrar*."""
    told = {"key": key, "log": origin, "party": party, "reason": reason, "v": 1}
    signed = registrar.sign(dsse.pae(dsse.REVOCATION, canonical.dumps(told)))
    signatures = [{"key": registrar.id, "sig": base64_text(signed)}]
    return {"kind": "revocation", "links": {}, "revocation": told, "sigs": signatures}
