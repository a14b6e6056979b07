"""Where this ledger lives and under which names, read from its instance folder and the environment.

    instance/                 from --instance, else JIZIHAO_INSTANCE, else ./instance
      settings.toml           origin = "…", base_url = "…", and where wanted witness_policy = "…" (a path from
                              this folder), verifier_url = "…": nothing secret
      jizihao.sqlite3         the ledger, unless JIZIHAO_DATABASE_URL names another
      secrets/                0700, each file 0600; made by `init`, never a constant
        secret-key            signs sessions (JIZIHAO_SECRET_KEY goes before it)
        mac-key               digests of payloads that must not be guessed
        serial-key            the check letters of pack codes
        kept-key              seals the rows of tables that cannot be rebuilt
        platform-key          encrypts the signing keys that the platform holds for others
        log-key               the log's own key; JIZIHAO_KEY_PASSPHRASE opens it, or the 32 bytes in base64
                              of JIZIHAO_KEY_ENCRYPTION_KEY

The environment goes before settings.toml: JIZIHAO_ORIGIN, JIZIHAO_BASE_URL, JIZIHAO_WITNESS_POLICY,
JIZIHAO_VERIFIER_URL, where others check this log's lots by a policy of their own (`jizihao verifier`), and
JIZIHAO_PROXIES, the number of reverse proxies whose X-Forwarded-For may be believed (0 by default).
JIZIHAO_OWNER_URL is for `jizihao database prepare` alone: the server is never given the owner's password.
"""

import json
import os
import secrets
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from ledger.errors import Malformed
from ledger.keyfile import KEY_LENGTH
from ledger.spelling import base64_bytes

SECRETS = ("secret-key", "mac-key", "serial-key", "kept-key", "platform-key")
SETTINGS = (
    "JIZIHAO_INSTANCE",
    "JIZIHAO_DATABASE_URL",
    "JIZIHAO_OWNER_URL",
    "JIZIHAO_ORIGIN",
    "JIZIHAO_BASE_URL",
    "JIZIHAO_SECRET_KEY",
    "JIZIHAO_KEY_PASSPHRASE",
    "JIZIHAO_KEY_ENCRYPTION_KEY",
    "JIZIHAO_WITNESS_POLICY",
    "JIZIHAO_VERIFIER_URL",
    "JIZIHAO_PROXIES",
)
WRITTEN = frozenset({"origin", "base_url", "witness_policy", "verifier_url"})
"""What settings.toml may say."""
SHORTEST_SECRET = 16


class NotSetUp(Exception):
    """This instance cannot be used as it is: *code* says why, *setting* and *value* where.

    no-instance   there is none in this folder      exists    `init` would overwrite one
    missing       a secret or a setting is not there    malformed  a value does not read
    exposed       a secret can be read by others
    """

    def __init__(self, code: str, setting: str, value: str = "") -> None:
        super().__init__(f"{code}: {setting} {value}".rstrip())
        self.code = code
        self.setting = setting
        self.value = value


@dataclass(frozen=True, slots=True)
class Settings:
    """All that may differ between two installations."""

    instance: Path
    origin: str
    base_url: str
    database_url: str = field(repr=False)
    secret_key: bytes = field(repr=False)
    mac_key: bytes = field(repr=False)
    serial_key: bytes = field(repr=False)
    kept_key: bytes = field(repr=False)
    platform_key: bytes = field(repr=False)
    key_passphrase: bytes | None = field(default=None, repr=False)
    key_encryption_key: bytes | None = field(default=None, repr=False)
    witness_policy: Path | None = None
    verifier_url: str = ""
    proxies: int = 0

    @property
    def is_https(self) -> bool:
        """Whether readers come over HTTPS, so that cookies may be kept to it."""
        return self.base_url.startswith("https://")

    @property
    def key_lock(self) -> str | bytes | None:
        """What opens key files: a passphrase, the 32 bytes of a key, or nothing."""
        if self.key_passphrase is not None:
            return self.key_passphrase.decode("utf-8", "surrogateescape")
        return self.key_encryption_key

    @property
    def secrets_folder(self) -> Path:
        """Where keys lie that only the owner may read."""
        return self.instance / "secrets"

    @classmethod
    def init(
        cls, instance: Path, origin: str, base_url: str, environ: Mapping[str, str] | None = None
    ) -> "Settings":
        """Make the folder with fresh secrets and return its settings; raise `NotSetUp` if there is one."""
        instance = instance.resolve()
        wanted = {"origin": checked_origin(origin), "base_url": checked_base_url(base_url)}
        if (instance / "settings.toml").exists():
            raise NotSetUp("exists", "instance", str(instance))
        instance.mkdir(parents=True, exist_ok=True)
        (instance / "secrets").mkdir(mode=0o700, exist_ok=True)
        for name in SECRETS:
            _make_secret(instance / "secrets" / name)
        # The settings come last: with them the folder counts as set up.
        lines = [f"{name} = {json.dumps(value)}\n" for name, value in wanted.items()]
        (instance / "settings.toml").write_text("".join(lines), encoding="utf-8")
        return cls.load(instance, environ or {})

    @classmethod
    def load(cls, instance: Path, environ: Mapping[str, str], text: str | None = None) -> "Settings":
        """Read the folder, the environment first; raise `NotSetUp` naming what is wrong.

        *text*, if given, is read in the place of settings.toml.
        """
        instance = instance.resolve()
        written = _written(instance, text)
        policy = environ.get("JIZIHAO_WITNESS_POLICY")
        verifier = environ.get("JIZIHAO_VERIFIER_URL") or written.get("verifier_url", "")
        passphrase = environ.get("JIZIHAO_KEY_PASSPHRASE")
        made = {name: _secret(instance / "secrets" / name) for name in SECRETS}
        return cls(
            instance=instance,
            origin=checked_origin(environ.get("JIZIHAO_ORIGIN") or written.get("origin", "")),
            base_url=checked_base_url(environ.get("JIZIHAO_BASE_URL") or written.get("base_url", "")),
            database_url=environ.get("JIZIHAO_DATABASE_URL") or f"sqlite:///{instance / 'jizihao.sqlite3'}",
            secret_key=_given_secret(environ) or made["secret-key"],
            mac_key=made["mac-key"],
            serial_key=made["serial-key"],
            kept_key=made["kept-key"],
            platform_key=made["platform-key"],
            # Octets that are no UTF-8 are a passphrase too; an error would repeat it.
            key_passphrase=passphrase.encode("utf-8", "surrogateescape") if passphrase else None,
            key_encryption_key=_encryption_key(environ),
            witness_policy=Path(policy) if policy else _named_file(instance, written.get("witness_policy")),
            verifier_url=checked_base_url(verifier, "JIZIHAO_VERIFIER_URL") if verifier else "",
            proxies=_count("JIZIHAO_PROXIES", environ.get("JIZIHAO_PROXIES") or "0"),
        )


def instance_folder(given: Path | None, environ: Mapping[str, str]) -> Path:
    """Return the folder that --instance, the environment or the working directory names, in this order."""
    return given or Path(environ.get("JIZIHAO_INSTANCE") or "instance")


def checked_origin(origin: str) -> str:
    """Return *origin*, a schema-less URL such as nongye.example/2026, or raise `NotSetUp`."""
    # A key name in a signed note has no white space and no plus sign (c2sp.org/signed-note).
    bad = "://" in origin or any(letter.isspace() or letter == "+" for letter in origin)
    if not origin or bad or not origin.isprintable() or origin.startswith("/"):
        raise NotSetUp("malformed", "JIZIHAO_ORIGIN", origin)
    return origin


def checked_base_url(base_url: str, setting: str = "JIZIHAO_BASE_URL") -> str:
    """Return *base_url* without a slash at its end, or raise `NotSetUp` unless it is http(s)://host[:port][/path]."""
    trimmed = base_url.rstrip("/")
    try:
        parts = urlsplit(trimmed)
        port_is_good = parts.port is None or parts.port > 0
    except ValueError:
        raise NotSetUp("malformed", setting, base_url) from None
    extras = parts.query or parts.fragment or parts.username or parts.password
    if parts.scheme not in {"http", "https"} or not parts.hostname or extras or not port_is_good:
        raise NotSetUp("malformed", setting, base_url)
    return trimmed


def _written(instance: Path, text: str | None) -> dict[str, str]:
    path = instance / "settings.toml"
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8") if text is None else text)
    except FileNotFoundError:
        raise NotSetUp("no-instance", "instance", str(instance)) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise NotSetUp("malformed", str(path), str(error)) from error
    for name, value in found.items():
        if name not in WRITTEN or not isinstance(value, str):
            raise NotSetUp("malformed", str(path), name)
    return found


def _named_file(instance: Path, name: str | None) -> Path | None:
    # From the folder on, so that an instance can be moved.
    return instance / name if name else None


def _make_secret(path: Path) -> None:
    # Exclusive, and unreadable to others from its first moment; one that is there is kept, for a
    # half-finished `init` may be repeated.
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32) + "\n")


def _secret(path: Path) -> bytes:
    try:
        mode = path.stat().st_mode
        text = path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        raise NotSetUp("missing", str(path)) from None
    if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
        raise NotSetUp("exposed", str(path), f"{stat.S_IMODE(mode):04o}")
    try:
        value = bytes.fromhex(text)
    except ValueError:
        raise NotSetUp("malformed", str(path)) from None
    if len(value) != 32:
        raise NotSetUp("malformed", str(path))
    return value


def _given_secret(environ: Mapping[str, str]) -> bytes | None:
    given = environ.get("JIZIHAO_SECRET_KEY")
    if not given:
        return None
    # The value itself is never repeated in a message.
    if len(given) < SHORTEST_SECRET:
        raise NotSetUp("malformed", "JIZIHAO_SECRET_KEY")
    return given.encode()


def key_lock(environ: Mapping[str, str]) -> str | bytes | None:
    """Return what opens key files: a passphrase, the 32 bytes of a key, or nothing."""
    key = _encryption_key(environ)
    return environ.get("JIZIHAO_KEY_PASSPHRASE") or key


def _encryption_key(environ: Mapping[str, str]) -> bytes | None:
    given = environ.get("JIZIHAO_KEY_ENCRYPTION_KEY")
    if not given:
        return None
    try:
        key = base64_bytes(given)
    except Malformed:
        key = b""
    # With a passphrase beside it nobody could say which of them is meant. Neither is repeated in a message.
    if len(key) != KEY_LENGTH or environ.get("JIZIHAO_KEY_PASSPHRASE"):
        raise NotSetUp("malformed", "JIZIHAO_KEY_ENCRYPTION_KEY")
    return key


def _count(setting: str, value: str) -> int:
    if not value.isascii() or not value.isdigit() or int(value) > 9:
        raise NotSetUp("malformed", setting, value)
    return int(value)
