"""Where an instance lives: made once, read the same way again, and never from what others can read."""

import stat
from pathlib import Path

import pytest

from web.settings import SECRETS, SETTINGS, NotSetUp, Settings, instance_folder

ORIGIN = "nongye.example/2026"
BASE_URL = "https://zhui.example"


def test_what_init_makes_is_what_load_reads(tmp_path: Path) -> None:
    made = Settings.init(tmp_path / "instance", ORIGIN, BASE_URL)

    assert Settings.load(tmp_path / "instance", {}) == made


def test_every_secret_is_fresh_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    first = Settings.init(tmp_path / "one", ORIGIN, BASE_URL)
    second = Settings.init(tmp_path / "two", ORIGIN, BASE_URL)

    modes = {stat.S_IMODE((tmp_path / "one" / "secrets" / name).stat().st_mode) for name in SECRETS}

    keys = [
        (each.secret_key, each.mac_key, each.serial_key, each.kept_key, each.platform_key)
        for each in (first, second)
    ]
    assert (modes, len({*keys[0], *keys[1]})) == ({0o600}, 10)
    assert stat.S_IMODE((tmp_path / "one" / "secrets").stat().st_mode) == 0o700


def test_no_secret_shows_when_settings_are_printed(tmp_path: Path) -> None:
    settings = Settings.init(tmp_path / "instance", ORIGIN, BASE_URL)

    shown = repr(settings)

    assert [name for name in ("_key", "passphrase", "database_url") if name in shown] == []


def test_a_second_init_changes_nothing(tmp_path: Path) -> None:
    made = Settings.init(tmp_path / "instance", ORIGIN, BASE_URL)

    with pytest.raises(NotSetUp) as refused:
        Settings.init(tmp_path / "instance", "other.example/2027", BASE_URL)

    assert (refused.value.code, Settings.load(tmp_path / "instance", {})) == ("exists", made)


def test_the_environment_goes_before_the_folder(tmp_path: Path) -> None:
    Settings.init(tmp_path / "instance", ORIGIN, BASE_URL)
    environ = {
        "JIZIHAO_ORIGIN": "other.example/2027",
        "JIZIHAO_BASE_URL": "http://192.168.1.5:8000/",
        "JIZIHAO_DATABASE_URL": "postgresql+psycopg://ledger@db/ledger",
        "JIZIHAO_SECRET_KEY": "0123456789abcdef",
        "JIZIHAO_KEY_PASSPHRASE": "open",
        "JIZIHAO_WITNESS_POLICY": "policy.txt",
        "JIZIHAO_PROXIES": "1",
    }

    found = Settings.load(tmp_path / "instance", environ)

    assert (
        found.origin,
        found.base_url,
        found.database_url,
        found.secret_key,
        found.key_passphrase,
        found.witness_policy,
        found.proxies,
    ) == (
        "other.example/2027",
        "http://192.168.1.5:8000",
        "postgresql+psycopg://ledger@db/ledger",
        b"0123456789abcdef",
        b"open",
        Path("policy.txt"),
        1,
    )


def test_every_setting_of_the_environment_is_told_at_the_head_of_the_module() -> None:
    told = (Path(__file__).parents[2] / "web" / "settings.py").read_text(encoding="utf-8").split('"""')[1]

    assert [name for name in SETTINGS if name not in told] == []


@pytest.mark.parametrize(
    ("given", "environ", "expected"),
    [
        (Path("a"), {"JIZIHAO_INSTANCE": "b"}, Path("a")),
        (None, {"JIZIHAO_INSTANCE": "b"}, Path("b")),
        (None, {"JIZIHAO_INSTANCE": ""}, Path("instance")),
        (None, {}, Path("instance")),
    ],
)
def test_the_option_goes_before_the_environment(
    given: Path | None, environ: dict[str, str], expected: Path
) -> None:
    assert instance_folder(given, environ) == expected


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("JIZIHAO_ORIGIN", "https://nongye.example"),
        ("JIZIHAO_ORIGIN", "two words"),
        ("JIZIHAO_ORIGIN", "a+b"),
        ("JIZIHAO_ORIGIN", "/2026"),
        ("JIZIHAO_BASE_URL", "zhui.example"),
        ("JIZIHAO_BASE_URL", "ftp://zhui.example"),
        ("JIZIHAO_BASE_URL", "https://zhui.example?x=1"),
        ("JIZIHAO_BASE_URL", "https://u:p@zhui.example"),
        ("JIZIHAO_BASE_URL", "https://zhui.example:http"),
        ("JIZIHAO_SECRET_KEY", "fifteen letters"),
        ("JIZIHAO_PROXIES", "-1"),
        ("JIZIHAO_PROXIES", "10"),
    ],
)
def test_a_value_that_does_not_read_is_named(tmp_path: Path, setting: str, value: str) -> None:
    Settings.init(tmp_path / "instance", ORIGIN, BASE_URL)

    with pytest.raises(NotSetUp) as refused:
        Settings.load(tmp_path / "instance", {setting: value})

    assert (refused.value.code, refused.value.setting) == ("malformed", setting)


def test_a_secret_that_others_can_read_is_refused(tmp_path: Path) -> None:
    Settings.init(tmp_path / "instance", ORIGIN, BASE_URL)
    path = tmp_path / "instance" / "secrets" / "kept-key"
    path.chmod(0o640)

    with pytest.raises(NotSetUp) as refused:
        Settings.load(tmp_path / "instance", {})

    assert (refused.value.code, refused.value.setting, refused.value.value) == ("exposed", str(path), "0640")


@pytest.mark.parametrize("text", ["", "zz", "ab" * 31, "ab" * 33])
def test_a_secret_of_another_form_is_refused(tmp_path: Path, text: str) -> None:
    Settings.init(tmp_path / "instance", ORIGIN, BASE_URL)
    (tmp_path / "instance" / "secrets" / "mac-key").write_text(text)

    with pytest.raises(NotSetUp) as refused:
        Settings.load(tmp_path / "instance", {})

    assert refused.value.code == "malformed"


def test_a_lost_secret_is_not_made_anew(tmp_path: Path) -> None:
    Settings.init(tmp_path / "instance", ORIGIN, BASE_URL)
    (tmp_path / "instance" / "secrets" / "platform-key").unlink()

    with pytest.raises(NotSetUp) as refused:
        Settings.load(tmp_path / "instance", {})

    assert refused.value.code == "missing"


def test_a_folder_without_a_ledger_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotSetUp) as refused:
        Settings.load(tmp_path, {})

    assert (refused.value.code, refused.value.value) == ("no-instance", str(tmp_path))


@pytest.mark.parametrize("text", ["origin = ", 'colour = "red"\n', "origin = 7\n", "\x00"])
def test_a_settings_file_of_another_form_is_refused(tmp_path: Path, text: str) -> None:
    Settings.init(tmp_path / "instance", ORIGIN, BASE_URL)
    (tmp_path / "instance" / "settings.toml").write_text(text)

    with pytest.raises(NotSetUp) as refused:
        Settings.load(tmp_path / "instance", {})

    assert refused.value.code == "malformed"
