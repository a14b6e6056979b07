"""The audit page: the same inspection as `jizihao audit`, in the background, one at a time.

    POST /regulator/audit               starts one, unless one is running; a kept checkpoint may come with it
    GET  /regulator/audit               how far it is, or what it found, and what that rests on
    GET  /regulator/audit/checkpoint    the checkpoint to keep: what the next audit is held against

The answer is kept in memory alone: an audit that a database could answer would have to be audited itself.
"""

import logging
import threading
from dataclasses import dataclass, field
from datetime import datetime

from flask import Response, abort, current_app, flash, redirect, render_template, request, url_for

from ledger.checkpoint import Checkpoint
from ledger.errors import LedgerError
from ledger.note import Note
from traceability.audit import Report
from traceability.errors import Invalid, Problem
from web import findings, showing
from web.access import limiter, me
from web.clock import Clock
from web.database import Services
from web.forms import Form
from web.inspection import inspect
from web.language import N_, gettext
from web.problems import tell
from web.recording import Answer
from web.regulator.room import OFFICES, blueprint
from web.services import services

KEY = "jizihao-audits"
LIMITS = "12 per hour"
LARGEST_NOTE = 64 * 1024


@dataclass(frozen=True, slots=True)
class Running:
    """How far an audit is."""

    since: datetime
    step: str = "log"
    done: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class Finished:
    """What an audit found, and the checkpoint that it ended with, if that may be relied on."""

    at: datetime
    report: Report
    kept_size: int | None
    note: Note | None

    @property
    def size(self) -> int:
        """Return how many entries the checkpoint to keep commits to."""
        return 0 if self.note is None else Checkpoint.parse(self.note.text).size


@dataclass(frozen=True, slots=True)
class Failed:
    """An audit that could not be carried through, and why."""

    at: datetime
    error: Exception


State = Running | Finished | Failed | None


@dataclass
class Inspector:
    """Runs one audit at a time in a thread of its own, and remembers the last."""

    services: Services
    clock: Clock
    _state: State = None
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _thread: threading.Thread | None = None

    @property
    def state(self) -> State:
        """Return what is running, or came of the last one."""
        return self._state

    def start(self, kept: Note | None) -> bool:
        """Begin, and tell whether it did: a second one waits for nobody and is not begun."""
        with self._lock:
            if isinstance(self._state, Running):
                return False
            self._state = Running(self.clock())
            self._thread = threading.Thread(target=self._run, args=(kept,), name="audit", daemon=True)
            self._thread.start()
            return True

    def wait(self) -> None:
        """Wait until nothing is running."""
        if self._thread is not None:
            self._thread.join()

    def _run(self, kept: Note | None) -> None:
        try:
            note = self._checkpoint()
            report = inspect(self.services.settings, None, kept, self._progress)
            size = None if kept is None else Checkpoint.parse(kept.text).size
            self._state = Finished(self.clock(), report, size, note if report.sound else None)
        except Exception as error:
            logging.getLogger(__name__).exception("the audit could not be carried through")
            self._state = Failed(self.clock(), error)

    def _checkpoint(self) -> Note | None:
        """Return what the log shows to everybody now; a damaged log has nothing to show."""
        try:
            return showing.shown(self.services)
        except Exception:
            # Whatever is wrong with it, the inspection will name it better.
            logging.getLogger(__name__).warning("no checkpoint before the audit", exc_info=True)
            return None

    def _progress(self, step: str, done: int, total: int) -> None:
        if isinstance(self._state, Running):
            self._state = Running(self._state.since, step, done, total)


def inspector() -> Inspector:
    """Return the inspector of the running application."""
    shared = services()
    made = current_app.extensions.setdefault(KEY, Inspector(shared, shared.clock))
    if not isinstance(made, Inspector):
        raise TypeError(KEY)
    return made


@blueprint.get("/audit")
@OFFICES
def audit() -> str:
    """Show how far the audit is, or what the last one found."""
    return _page(Form({}))


@blueprint.post("/audit")
@OFFICES
@limiter.limit(LIMITS, key_func=lambda: f"audit:{me().name}")
def start_audit() -> Answer:
    """Begin an audit, against the kept checkpoint that came with the form if one did."""
    try:
        kept = _kept()
    except Invalid as error:
        told = tell(error)
        return _page(Form({}, told)), told.status
    if not inspector().start(kept):
        flash(gettext(N_("已有一次审计正在进行，请等它结束。")))
    return redirect(url_for("regulator.audit"))


def _kept() -> Note | None:
    """Return the checkpoint that the auditor brought; `Invalid` where the file holds none."""
    file = request.files.get("since")
    content = b"" if file is None else file.stream.read(LARGEST_NOTE + 1)
    if not content:
        return None
    try:
        note = Note.parse(content)
        Checkpoint.parse(note.text)
    except LedgerError:
        raise Invalid(Problem("since", "not-a-checkpoint")) from None
    return note


def _page(form: Form) -> str:
    state = inspector().state
    return render_template(
        "regulator/audit.html",
        form=form,
        state=state,
        kind=type(state).__name__,
        words=findings,
        failure=tell(state.error) if isinstance(state, Failed) else None,
    )


@blueprint.get("/audit/checkpoint")
@OFFICES
def kept_checkpoint() -> Response:
    """Return the checkpoint that the last sound audit ended with, as a file to keep."""
    state = inspector().state
    if not isinstance(state, Finished) or state.note is None:
        abort(404)
    response = Response(state.note.bytes(), content_type="text/plain; charset=utf-8")
    name = f"checkpoint-{state.size}.txt"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
