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

from sqlalchemy import Engine, MetaData

from ledger import canonical, dsse, keyfile, store
from ledger.checkpoint import Checkpoint
from ledger.highwater import FileHighWater
from ledger.keyfile import LogKeys
from ledger.log import Log
from ledger.policy import Policy
from ledger.spelling import base64_text
from ledger.writer import Writer
from traceability import audit, kept, tables
from traceability.events.registry import PartyRegistered
from traceability.journal import Journal
from traceability.kept import PlatformKeys, SealedValues
from traceability.limits import RULE_FILES, shipped_rules
from traceability.lockbox import Lockbox
from traceability.reading import Reader
from traceability.reference import shipped
from traceability.rule_shelf import RuleShelf
from web import accounts, clock, once, reports
from web.settings import Settings

OPERATOR = "operator"
HIGH_WATER = "high-water"
"""The file in the instance folder that holds the mark of the log."""

LOG_TABLES = store.metadata
DERIVED_TABLES = tables.metadata
KEPT_TABLES: tuple[MetaData, ...] = (kept.metadata, accounts.metadata, reports.metadata, once.metadata)


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
        return policy_of(self.settings, _log_keys(self.settings))

    @contextmanager
    def reading(self) -> Iterator[Reader]:
        """Hold one consistent view of the database."""
        with store.snapshot(self.engine) as connection:
            yield Reader(connection)

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
) -> dict[str, canonical.Json]:
    """Return the record that grants *key* to *party*: vouched for by *registrar*, signed by its holder."""
    grant = {
        "custody": custody,
        "key": base64_text(key.public),
        "log": origin,
        "party": party,
        "role": role,
        "v": 1,
    }
    signed = dsse.pae(dsse.KEY, canonical.dumps(grant))
    # A registrar who registers the registrar's own key signs once.
    signers = (registrar,) if registrar.id == key.id else (registrar, key)
    signatures = [{"key": each.id, "sig": base64_text(each.sign(signed))} for each in signers]
    return {"grant": grant, "kind": "key", "links": {}, "sigs": signatures}


def open_services(settings: Settings, *, now: clock.Clock = clock.now) -> Services:
    """Open an instance that `init_instance` made; raises `Unsafe` where its log must not go on."""
    return _assembled(settings, _log_keys(settings), now)


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
            policy=policy or policy_of(settings, _log_keys(settings)),
            shelf=RuleShelf(settings.instance / "rules"),
            kept_key=settings.kept_key,
            kept_tables=KEPT_TABLES,
            since=since,
            trusted_from="instance" if policy is None and since is None else "policy",
        )
    finally:
        engine.dispose()


def policy_of(settings: Settings, keys: LogKeys) -> Policy:
    """Return the policy that the operator chose, or one of the log's keys and no witnesses."""
    if settings.witness_policy is not None:
        return Policy.parse(settings.witness_policy.read_text(encoding="utf-8"))
    vkeys = (keys.signer(settings.origin).key, keys.publish_signer(settings.origin).key)
    lines = [f"log {key.text()} {settings.base_url}/log" for key in vkeys]
    return Policy.parse("\n".join([*lines, "quorum none", ""]))


def _log_keys(settings: Settings) -> LogKeys:
    return keyfile.read(settings.secrets_folder / "log-key", _passphrase(settings))


def init_instance(
    settings: Settings, *, operator_name: str, division: str = "220000", now: clock.Clock = clock.now
) -> None:
    """Make the log's keys, its tables and its first entries: the opening, the operator's key, the operator.

    Entry 0 says whose log this is; an instance that has one already is left as it is.
    """
    path = settings.secrets_folder / "log-key"
    if not path.exists():
        keyfile.write(path, LogKeys.drawn(), _passphrase(settings))
    engine = store.engine_for(settings.database_url)
    create_tables(engine)
    engine.dispose()
    services = open_services(settings, now=now)
    try:
        _open_log(services, operator_name, division)
    finally:
        services.close()


def _passphrase(settings: Settings) -> str | None:
    return None if settings.key_passphrase is None else settings.key_passphrase.decode()


def create_tables(engine: Engine) -> None:
    """Make every table of the three classes that is not there yet."""
    store.create(engine)
    with store.writing(engine) as connection:
        for metadata in (DERIVED_TABLES, *KEPT_TABLES):
            metadata.create_all(connection)


def _assembled(settings: Settings, keys: LogKeys, now: clock.Clock) -> Services:
    engine = store.engine_for(settings.database_url)
    log = Log(
        engine,
        settings.origin,
        keys.signer(settings.origin),
        FileHighWater(settings.instance / HIGH_WATER),
        now,
        publish_signers=(keys.publish_signer(settings.origin),),
    )
    writer = Writer(log)
    sealed = SealedValues(settings.kept_key)
    platform = PlatformKeys(settings.kept_key, Lockbox(settings.platform_key))
    shelf = RuleShelf(settings.instance / "rules")
    journal = Journal(log, writer, shelf=shelf, sealed=sealed, platform=platform)
    return Services(settings, engine, log, writer, journal, shelf, sealed, platform, now)


def _open_log(services: Services, operator_name: str, division: str) -> None:
    if services.log.size() > 0:
        return
    rules = shipped_rules()
    services.shelf.put(rules, {name: shipped(name) for name in RULE_FILES})
    seed = secrets.token_bytes(32)
    operator = dsse.AuthorKey(seed)
    journal = services.journal
    journal.open(
        {
            "formats": {"entry": 1, "key": 1, "sealed": 1, "statement": 1},
            "origin": journal.origin,
            "registrars": [{"key": base64_text(operator.public), "party": OPERATOR}],
            "rules": rules.digest,
            "v": 1,
            "vkeys": [
                key.text()
                for key in (services.log.signer.key, *(each.key for each in services.log.publish_signers))
            ],
        }
    )
    journal.register_key(
        key_record(journal.origin, operator, operator, party=OPERATOR, role="operator"), seed
    )
    journal.record(
        OPERATOR,
        PartyRegistered(
            at=services.clock(), party=OPERATOR, role="operator", division=division, name=operator_name
        ),
    )
