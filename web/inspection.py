"""One audit of one instance, for the page and the terminal alike: the database, and what lies beside it.

    database          every byte, signature, verdict and row                      traceability.audit
    high-water mark   the checkpoint that this instance sealed last, outside of the database
    kept checkpoint   the file that an auditor brings: signed by this log, and an ancestor of it

Whoever brings a checkpoint that this log never signed is told so as a finding: either is wrong.
"""

from collections.abc import Iterator

from ledger import start, store
from ledger.checkpoint import Checkpoint
from ledger.errors import LedgerError
from ledger.fsck import Finding
from ledger.highwater import FileHighWater
from ledger.keys import ED25519, VerifierKey
from ledger.note import Note, verified
from ledger.policy import Policy
from traceability.audit import Progress, Report, Subject, audit
from web.database import HIGH_WATER, auditing
from web.settings import Settings


def inspect(settings: Settings, policy: Policy | None, kept: Note | None, progress: Progress) -> Report:
    """Audit the instance and say what does not agree; *policy* and *kept* are the auditor's own."""
    since = None if kept is None else Checkpoint.parse(kept.text)
    with auditing(settings, policy, since) as subject:
        report = audit(subject, progress)
        report.findings += _beside(settings, subject, kept)
    return report


def _beside(settings: Settings, subject: Subject, kept: Note | None) -> Iterator[Finding]:
    keys = [key for key in subject.policy.keys_of(settings.origin) if key.kind == ED25519]
    if kept is not None and not _is_signed(kept, keys):
        size = Checkpoint.parse(kept.text).size
        yield Finding("not-an-extension", "since", None, {"mark": size, "reason": "another key signed it"})
    try:
        mark = FileHighWater(settings.instance / HIGH_WATER).read()
        with store.snapshot(subject.engine) as connection:
            for key in keys:
                start.check_start(connection, origin=settings.origin, key=key, mark=mark)
    except LedgerError as error:
        yield Finding("start-refused", "high-water", None, {"reason": error.reason, **error.facts})


def _is_signed(note: Note, keys: list[VerifierKey]) -> bool:
    try:
        return bool(verified(note, keys))
    except LedgerError:
        return False
