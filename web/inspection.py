"""One audit of one log, for the page and the terminal alike: an instance and what lies beside it, or a copy.

    database          every byte, signature, verdict and row                      traceability.audit
    high-water mark   the checkpoint that this instance sealed last, outside of the database
    kept checkpoint   the file that an auditor brings: signed by this log, and an ancestor of it
    copy              files alone, somewhere else                                 traceability.copy_audit

Whoever brings a checkpoint that this log never signed is told so as a finding: either is wrong.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from ledger import start, store
from ledger.checkpoint import Checkpoint
from ledger.errors import LedgerError
from ledger.finding import Finding
from ledger.highwater import FileHighWater
from ledger.keys import ED25519, VerifierKey
from ledger.note import Note, verified
from ledger.policy import Policy
from traceability.audit import Progress, Report, Subject, audit
from traceability.copy_audit import Copy, audit_copy
from web import scan_days
from web.database import HIGH_WATER, auditing, log_keys
from web.settings import NotSetUp, Settings


@dataclass(frozen=True, slots=True)
class Effort:
    """How an audit goes about it: with how many processes (None: as many as are worth it), and from where.

    *incremental* takes the tree below the kept checkpoint from it, and reads the bytes of later entries only.
    """

    workers: int | None = None
    incremental: bool = False


ORDINARY = Effort()


def inspect(
    settings: Settings,
    policy: Policy | None,
    kept: Note | None,
    progress: Progress,
    effort: Effort = ORDINARY,
) -> Report:
    """Audit the instance and say what does not agree; *policy* and *kept* are the auditor's own."""
    since = None if kept is None else Checkpoint.parse(kept.text)
    with auditing(settings, policy, since) as subject:
        report = audit(subject, progress, workers=effort.workers, incremental=effort.incremental)
        report.findings += _beside(settings, subject, kept)
    return report


def inspect_copy(copy: Copy, progress: Progress, effort: Effort = ORDINARY) -> Report:
    """Audit a copy, and say what does not agree."""
    return audit_copy(copy, progress, workers=effort.workers)


def _beside(settings: Settings, subject: Subject, kept: Note | None) -> Iterator[Finding]:
    signing, former = _keys(settings, subject)
    if kept is not None and not _is_signed(kept, [*signing, *former]):
        size = Checkpoint.parse(kept.text).size
        yield Finding("not-an-extension", "since", None, {"mark": size, "reason": "another key signed it"})
    try:
        mark = FileHighWater(settings.instance / HIGH_WATER).read()
        with store.snapshot(subject.engine) as connection:
            start.check_start(
                connection,
                origin=settings.origin,
                key=signing[0],
                mark=mark,
                beside=signing[1:],
                former=former,
            )
            yield from scan_days.differing(settings, connection)
    except LedgerError as error:
        yield Finding("start-refused", "high-water", None, {"reason": error.reason, **error.facts})


def _keys(settings: Settings, subject: Subject) -> tuple[list[VerifierKey], list[VerifierKey]]:
    """Return the Ed25519 keys of the log that sign now, and those whose older notes count.

    The instance says which of the keys that the policy trusts has followed which, and nothing else.
    """
    trusted = subject.policy.keys_of(settings.origin)
    try:
        own = log_keys(settings)
        signing, former = own.vkeys(settings.origin), own.former()
    except NotSetUp:
        signing, former = trusted, ()
    if not set(trusted) <= {*signing, *former}:
        signing, former = trusted, ()
    return [key for key in signing if key.kind == ED25519], [key for key in former if key.kind == ED25519]


def _is_signed(note: Note, keys: list[VerifierKey]) -> bool:
    try:
        return bool(verified(note, keys))
    except LedgerError:
        return False
