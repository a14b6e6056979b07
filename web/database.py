"""One instance put together: its database, its log and writer, its keys, and what judges entries.

log       ledger.store.metadata                      hashes guard these tables
derived   traceability.tables.metadata               rebuilt from entries and compared
kept      traceability.kept, web.accounts, …         each row has a MAC under the kept key
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from sqlalchemy import Engine, MetaData
from sqlalchemy.exc import SQLAlchemyError

from ledger import canonical, dsse, keyfile, rotation, store
from ledger.checkpoint import Checkpoint
from ledger.errors import LedgerError, NotProven
from ledger.highwater import FileHighWater
from ledger.keyfile import LogKeys
from ledger.keys import VerifierKey
from ledger.log import Log
from ledger.note import Note
from ledger.policy import Policy
from ledger.spelling import base64_text
from ledger.writer import Writer
from traceability import audit, erasing, judging, kept, tables
from traceability.events.registry import PartyRegistered
from traceability.journal import Journal, key_schedule
from traceability.kept import PlatformKeys, SealedValues
from traceability.limits import RULE_FILES, RuleSet, shipped_rules
from traceability.lockbox import Lockbox
from traceability.reading import Reader
from traceability.reference import shipped
from traceability.rule_shelf import RuleShelf
from traceability.statement import stated
from web import accounts, clock, once, reports, scan_counts
from web.settings import NotSetUp, Settings

OPERATOR = "operator"
HIGH_WATER = "high-water"
"""The file in the instance folder that holds the mark of the log."""

LOG_TABLES = store.metadata
DERIVED_TABLES = tables.metadata
KEPT_TABLES: tuple[MetaData, ...] = (
    kept.metadata,
    accounts.metadata,
    reports.metadata,
    once.metadata,
    scan_counts.metadata,
)


@dataclass(frozen=True)
class Services:
    """What pages and commands share."""

    settings: Settings
    engine: Engine
    log: Log
    writer: Writer
    journal: Journal
    shelf: RuleShelf
    sealed: SealedValues
    platform: PlatformKeys
    clock: clock.Clock

    @property
    def kept_key(self) -> bytes:
        """Return the key that seals rows which cannot be rebuilt."""
        return self.settings.kept_key

    @property
    def base_url(self) -> str:
        """Return the public address, without a slash at its end."""
        return self.settings.base_url

    @cached_property
    def policy(self) -> Policy:
        """Return whose signatures suffice: this log's keys, and the operator's choice of witnesses."""
        return policy_of(self.settings, log_keys(self.settings), self.engine)

    @contextmanager
    def reading(self) -> Iterator[Reader]:
        """Hold one consistent view of the database."""
        with store.snapshot(self.engine) as connection:
            yield Reader(connection)

    def rules(self, reader: Reader) -> RuleSet:
        """Return the rule set in force where *reader* looks.

        Raises `NotProven` where it is not on the shelf, or its files were changed.
        """
        return self.shelf.get(judging.rules_in_force(reader.connection) or "")

    def registrar(self) -> dsse.AuthorKey:
        """Return the operator's key, which vouches for the keys of others."""
        return self.journal.platform_key(OPERATOR)

    def register_party(self, party: PartyRegistered, *, by: str = OPERATOR) -> None:
        """Grant *party* a key in the platform's custody and register it; a refusal leaves neither."""
        record, seed = self._platform_key(party.party, party.role)
        (registration,) = self.journal.stated(by, party)
        self.journal.register_party(record, seed, registration)

    def grant_platform_key(self, party: str, role: str) -> None:
        """Make a key for *party*, vouched for by the operator and kept by the platform."""
        record, seed = self._platform_key(party, role)
        self.journal.register_key(record, seed)

    def _platform_key(self, party: str, role: str) -> tuple[dict[str, canonical.Json], bytes]:
        seed = secrets.token_bytes(32)
        key = dsse.AuthorKey(seed)
        return key_record(self.journal.origin, key, self.registrar(), party=party, role=role), seed

    def close(self) -> None:
        """Finish what was submitted and let go of the database."""
        self.writer.close()
        self.engine.dispose()


def key_record(
    origin: str,
    key: dsse.AuthorKey,
    registrar: dsse.AuthorKey,
    *,
    party: str,
    role: str,
    custody: str = "platform",
    replaces: str | None = None,
) -> dict[str, canonical.Json]:
    """Return the record that grants *key* to *party*: vouched for by *registrar*, signed by its holder.

    Where it replaces another key, that key may stand in the place of the registrar.
    """
    grant = {
        "custody": custody,
        "key": base64_text(key.public),
        "log": origin,
        "party": party,
        "role": role,
        "v": 1,
    }
    if replaces is not None:
        grant["replaces"] = replaces
    signed = dsse.pae(dsse.KEY, canonical.dumps(grant))
    # A registrar who registers the registrar's own key signs once.
    signers = (registrar,) if registrar.id == key.id else (registrar, key)
    signatures = [{"key": each.id, "sig": base64_text(each.sign(signed))} for each in signers]
    return {"grant": grant, "kind": "key", "links": {}, "sigs": signatures}


def open_services(settings: Settings, *, now: clock.Clock = clock.now) -> Services:
    """Open an instance that `init_instance` made; raises `Unsafe` where its log must not go on."""
    return _assembled(settings, log_keys(settings), now)


@contextmanager
def auditing(
    settings: Settings, policy: Policy | None = None, since: Checkpoint | None = None
) -> Iterator[audit.Subject]:
    """Hold an instance open for an audit, however damaged it is: nothing is written, and nothing refused.

    *policy* and *since* are the auditor's own; without them the instance itself says whose keys count.
    """
    engine = store.engine_for(settings.database_url)
    try:
        yield audit.Subject(
            engine=engine,
            origin=settings.origin,
            policy=policy or policy_of(settings, log_keys(settings), engine),
            shelf=RuleShelf(settings.instance / "rules"),
            kept_key=settings.kept_key,
            kept_tables=KEPT_TABLES,
            since=since,
            trusted_from="instance" if policy is None and since is None else "policy",
            now=clock.now(),
        )
    finally:
        engine.dispose()


def own_policy(settings: Settings) -> Policy:
    """Return the policy of an instance that nobody has opened, and that may be unfit for it."""
    engine = store.engine_for(settings.database_url)
    try:
        return policy_of(settings, log_keys(settings), engine)
    finally:
        engine.dispose()


def policy_of(settings: Settings, keys: LogKeys, engine: Engine | None = None) -> Policy:
    """Return the policy that the operator chose, or one of the log's keys and no witnesses.

    Of *keys* it lists those that the entries in *engine* have put in force.
    """
    signing = keys.vkeys(settings.origin) if engine is None else _in_force(settings.origin, keys, engine)
    if settings.witness_policy is not None:
        chosen = Policy.parse(settings.witness_policy.read_bytes())
        # A stranger's key under our name must stay in sight.
        if set(chosen.keys_of(settings.origin)) <= {*keys.vkeys(settings.origin), *keys.former()}:
            return rotation.with_keys(chosen, settings.origin, signing)
        return chosen
    lines = [f"log {key.text()} {settings.base_url}/log" for key in signing]
    return Policy.parse("\n".join([*lines, "quorum none", ""]))


def _in_force(origin: str, keys: LogKeys, engine: Engine) -> tuple[VerifierKey, ...]:
    """Return those of our *keys* that must sign now, as the entries tell; all where these cannot be read.

    Secrets are drawn before the entry that puts them in force, and outlive the one that ends them (key_life).
    """
    signing = keys.vkeys(origin)
    try:
        with store.snapshot(engine) as connection:
            told = key_schedule(Reader(connection), origin).newest
    except (LedgerError, SQLAlchemyError, LookupError, TypeError, ValueError):
        # Not opened yet, or damaged: that is for the start and the audit to tell.
        return signing
    return tuple(key for key in signing if key in told) or signing


def key_file(settings: Settings) -> Path:
    """Return where the log's own keys lie."""
    return settings.secrets_folder / "log-key"


def log_keys(settings: Settings) -> LogKeys:
    """Read the log's own keys, or raise `NotSetUp` where the passphrase or key does not open them."""
    try:
        return keyfile.read(key_file(settings), settings.key_lock)
    except NotProven:
        # Neither the passphrase nor its absence is repeated in a message.
        names = "JIZIHAO_KEY_PASSPHRASE / JIZIHAO_KEY_ENCRYPTION_KEY"
        raise NotSetUp("locked", names, str(key_file(settings))) from None


def init_instance(
    settings: Settings,
    *,
    operator_name: str,
    division: str = "220000",
    continues: Note | None = None,
    now: clock.Clock = clock.now,
) -> None:
    """Make the log's keys, its tables and its first entries: the opening, the operator's key, the operator.

    Entry 0 says whose log this is, and which one it goes on from if *continues*, that one's last note, is
    given; an instance that has one already is left as it is.
    """
    path = key_file(settings)
    if not path.exists():
        keyfile.write(path, LogKeys.drawn(), settings.key_lock)
    engine = store.engine_for(settings.database_url)
    try:
        create_tables(engine)
    finally:
        engine.dispose()
    services = open_services(settings, now=now)
    try:
        _open_log(services, operator_name, division, continues)
    finally:
        services.close()


def create_tables(engine: Engine) -> None:
    """Make every table of the three classes that is not there yet."""
    store.create(engine)
    with store.writing(engine) as connection:
        for metadata in (DERIVED_TABLES, *KEPT_TABLES):
            metadata.create_all(connection)


def _assembled(settings: Settings, keys: LogKeys, now: clock.Clock) -> Services:
    engine = store.engine_for(settings.database_url)
    sealer, *co_sealers = keys.sealers(settings.origin)
    log = Log(
        engine,
        settings.origin,
        sealer,
        FileHighWater(settings.instance / HIGH_WATER),
        now,
        publish_signers=keys.publishers(settings.origin),
        co_signers=co_sealers,
        former=keys.former(),
    )
    try:
        writer = Writer(log)
    except BaseException:
        engine.dispose()
        raise
    sealed = SealedValues(settings.kept_key)
    platform = PlatformKeys(settings.kept_key, Lockbox(settings.platform_key))
    shelf = RuleShelf(settings.instance / "rules")
    journal = Journal(log, writer, shelf=shelf, sealed=sealed, platform=platform)
    erasing.finish_earlier(engine)
    return Services(settings, engine, log, writer, journal, shelf, sealed, platform, now)


def _open_log(services: Services, operator_name: str, division: str, continues: Note | None) -> None:
    if services.log.size() > 0:
        return
    rules = shipped_rules()
    services.shelf.put(rules, {name: shipped(name) for name in RULE_FILES})
    seed = secrets.token_bytes(32)
    operator = dsse.AuthorKey(seed)
    origin = services.log.origin
    signers = (services.log.signer, *services.log.publish_signers)
    opening = {
        "formats": {"entry": 1, "key": 1, "sealed": 1, "statement": 1},
        "origin": origin,
        "registrars": [{"key": base64_text(operator.public), "party": OPERATOR}],
        "rules": rules.digest,
        "v": 1,
        "vkeys": [signer.key.text() for signer in signers],
        **_continuing(continues),
    }
    registered = PartyRegistered(
        at=services.clock(), party=OPERATOR, role="operator", division=division, name=operator_name
    )
    services.journal.register_party(
        key_record(origin, operator, operator, party=OPERATOR, role="operator"),
        seed,
        stated(registered, operator, by=OPERATOR, log=origin),
        opening=opening,
    )


def _continuing(last: Note | None) -> dict[str, canonical.Json]:
    """Return what an opening says of the log that it goes on from, whose *last* note this is."""
    if last is None:
        return {}
    origin = Checkpoint.parse(last.text).origin
    return {"continues": {"note": base64_text(last.bytes()), "origin": origin}}
