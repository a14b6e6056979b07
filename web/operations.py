"""Signs of life, for those who keep the server running: does it live, may it be sent people, how is the log?

    /healthz    the process answers                                        200 always
    /readyz     database, head, mark and writer, each by name              200, or 503 if one of them fails
    /metrics    the same and the state of the log, as Prometheus reads it  200 always

What they tell is no secret: sizes, times and how many witnesses, as /log/checkpoint does. The figures come
from the database, so that each worker process gives the same.
"""

from collections.abc import Callable, Iterator
from datetime import datetime

from flask import Blueprint, Response, current_app, jsonify
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from sqlalchemy.exc import SQLAlchemyError

from ledger import roles, store
from ledger.canonical import instant_of
from ledger.checkpoint import Checkpoint
from ledger.errors import Busy, LedgerError
from ledger.log import Log
from web import showing
from web.database import Services
from web.services import services

blueprint = Blueprint("operations", __name__)


@blueprint.get("/healthz")
def health() -> Response:
    """Say that the process answers."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
def ready() -> tuple[Response, int]:
    """Say whether this server may be sent readers and writers, and if not, why."""
    checks = {name: check(services()) for name, check in CHECKS.items()}
    is_ready = all(checks[name] == "ok" for name in NEEDED)
    return jsonify(status="ok" if is_ready else "unavailable", checks=checks), 200 if is_ready else 503


@blueprint.get("/metrics")
def metrics() -> Response:
    """Tell the state of the log in Prometheus' text form."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Figures(services()))
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _outcome(check: Callable[[], object]) -> str:
    """Return "ok", "busy" or "failed"; why is for the operator's own log."""
    try:
        check()
    except Busy:
        return "busy"
    except (LedgerError, SQLAlchemyError, OSError) as error:
        current_app.logger.warning("not ready: %s", error)
        return "failed"
    return "ok"


def _database(shared: Services) -> str:
    def ask() -> None:
        with store.snapshot(shared.engine) as connection:
            connection.exec_driver_sql("SELECT 1").close()

    return _outcome(ask)


def _head(shared: Services) -> str:
    """Tell whether the log may go on: its head reaches the mark, and its last entry is the one it was."""

    def ask() -> None:
        with store.snapshot(shared.engine) as connection:
            shared.log.tip(connection)

    return _outcome(ask)


def _mark(shared: Services) -> str:
    return _outcome(shared.log.high_water.read)


def _writer(shared: Services) -> str:
    return "ok" if shared.writer.is_running else "failed"


def _role(shared: Services) -> str:
    """Tell whether whoever runs this could drop the triggers that guard the log."""
    try:
        with store.snapshot(shared.engine) as connection:
            return "owner" if roles.excesses(connection) else "ok"
    except (LedgerError, SQLAlchemyError):
        return "failed"


def _witnesses(shared: Services) -> str:
    """Tell whether the witnesses let the log go on; "held" while those that may know more are silent."""
    standing = showing.read_standing(shared.settings.instance)
    if not shared.policy.witnesses or standing is None:
        return "ok"
    if standing.unsafe:
        return "failed"
    return "held" if standing.is_held else "ok"


CHECKS: dict[str, Callable[[Services], str]] = {
    "database": _database,
    "head": _head,
    "mark": _mark,
    "writer": _writer,
    "role": _role,
    "witnesses": _witnesses,
}
# Without the others people are served all the same: they are warnings for the operator.
NEEDED = ("database", "head", "mark", "writer")


class _Figures:
    """What is counted, each time that it is asked for."""

    def __init__(self, shared: Services) -> None:
        self._shared = shared

    def collect(self) -> Iterator[Metric]:
        """Yield each figure; those of the log only while it can be read."""
        shared = self._shared
        checks = GaugeMetricFamily(
            "jizihao_check_ok", "Whether a check of /readyz holds (1) or not (0).", labels=["check"]
        )
        for name, check in CHECKS.items():
            checks.add_metric([name], float(check(shared) == "ok"))
        yield checks
        try:
            yield from _of_log(shared)
        except (LedgerError, SQLAlchemyError) as error:
            current_app.logger.warning("no figures of the log: %s", error)


def _of_log(shared: Services) -> Iterator[Metric]:
    log, note = shared.log, shared.log.published()
    entries = log.size()
    published = 0 if note is None else Checkpoint.parse(note.text).size
    yield _gauge("log_entries", "Entries that are sealed.", entries)
    yield _gauge("log_published_entries", "Entries under the latest published checkpoint.", published)
    names = frozenset() if note is None else showing.seen_by(note, shared.policy)
    yield _gauge("log_witnesses", "Witnesses of the latest published checkpoint.", len(names))
    enough = shared.policy.quorum_met(names)
    yield _gauge("log_quorum_met", "Whether they are as many as the policy asks for.", enough)
    yield _gauge(
        "log_unpublished_seconds",
        "How long the first entry that no published checkpoint covers has been waiting; 0 if there is none.",
        _seconds_since(log, published, shared.clock()) if published < entries else 0,
    )
    if entries:
        yield _gauge(
            "log_last_entry_seconds",
            "How long ago the last entry was written.",
            _seconds_since(log, entries - 1, shared.clock()),
        )


def _gauge(name: str, told: str, value: float) -> Metric:
    return GaugeMetricFamily(f"jizihao_{name}", told, value=value)


def _seconds_since(log: Log, index: int, now: datetime) -> float:
    return max(0.0, (now - instant_of(log.entry(index).entry.at)).total_seconds())
