"""Signing on one's own machine, for a log that only the API reaches."""

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from ledger import canonical, dsse
from ledger.spelling import base64_bytes, base64_text
from tests import world
from tests.terminal import Ran, Terminal
from tests.world import PLOT
from traceability.errors import Repeated
from web.api import authored

HARVEST = {
    "kind": "harvested",
    "at": "2026-03-02T08:00:00+08:00",
    "lot": "/lot/heitu/paddy/26-A",
    "product": "paddy",
    "amount": {"kg": "5000"},
    "plots": [{"plot": PLOT, "amount": {"kg": "5000"}}],
    "clerk": "王虚构",
}
STATEMENT = {"by": "heitu", "log": world.ORIGIN, "event": HARVEST}
GRANT = {"grant": {"party": "heitu", "role": "cooperative", "log": world.ORIGIN}}


def sign(folder: Path, told: Any, *more: str | Path) -> Ran:
    """Sign *told* with the key in *folder*."""
    (folder / "told.json").write_text(json.dumps(told), encoding="utf-8")
    return Terminal(folder / "no-instance")("sign", folder / "told.json", "--key", folder / "key", *more)


def test_a_key_is_made_with_its_grant_and_signs_for_itself(tmp_path: Path) -> None:
    told = sign(tmp_path, GRANT).json

    grant, (signature,) = authored.grant(told, world.ORIGIN)
    message = dsse.pae(dsse.KEY, canonical.dumps(grant))
    dsse.check_signature(base64_bytes(grant["key"]), message, base64_bytes(signature["sig"]))
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600


def test_a_key_is_made_once(tmp_path: Path) -> None:
    first = sign(tmp_path, GRANT).json

    second = sign(tmp_path, GRANT).json

    assert first == second


def test_what_is_signed_here_is_recorded_there(tmp_path: Path) -> None:
    with world.opened(tmp_path) as made:
        granted = sign(tmp_path, GRANT).json
        registrar = made.services.registrar()
        vouched = registrar.sign(dsse.pae(dsse.KEY, canonical.dumps(granted["grant"])))
        signatures = [{"key": registrar.id, "sig": base64_text(vouched)}, *granted["sigs"]]
        made.services.journal.register_key(
            {"kind": "key", "links": {}, "grant": granted["grant"], "sigs": signatures}
        )
        signed = authored.read(sign(tmp_path, STATEMENT).json)

        (recorded,) = made.services.journal.submit(signed).result().value

        assert made.services.log.entry(recorded.index).entry.record["sigs"][0]["key"] != registrar.id
        again = authored.read(sign(tmp_path, STATEMENT | {"id": signed.statement.id}).json)
        with pytest.raises(Repeated):
            made.services.journal.submit(again).result()


@pytest.mark.parametrize(
    "told",
    [
        [],
        "text",
        {},
        {"by": "heitu"},
        STATEMENT | {"more": 1},
        STATEMENT | {"by": "Hei Tu"},
        STATEMENT | {"by": 7},
        STATEMENT | {"event": []},
        STATEMENT | {"event": {}},
        STATEMENT | {"event": HARVEST | {"amount": {"kg": "many"}}},
        STATEMENT | {"event": HARVEST | {"colour": "red"}},
        {"grant": []},
        {"grant": {}},
        {"grant": GRANT["grant"] | {"role": "king"}},
        {"grant": GRANT["grant"] | {"party": ""}},
    ],
)
def test_what_makes_no_statement_is_code_2_and_is_not_signed(told: Any, tmp_path: Path) -> None:
    sign(tmp_path, GRANT)

    ran = sign(tmp_path, told)

    assert (ran.code, ran.out) == (2, "")
    assert "Traceback" not in ran.err


@pytest.mark.parametrize("content", [b"", b"\xff", b"short", b"A" * 44])
def test_a_file_that_is_no_key_is_told(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(content)

    assert sign(tmp_path, STATEMENT).code == 2


def test_an_old_key_vouches_for_the_one_that_replaces_it(tmp_path: Path) -> None:
    with world.opened(tmp_path) as made:
        first = sign(tmp_path, GRANT).json
        registrar = made.services.registrar()
        vouched = registrar.sign(dsse.pae(dsse.KEY, canonical.dumps(first["grant"])))
        signatures = [{"key": registrar.id, "sig": base64_text(vouched)}, *first["sigs"]]
        made.services.journal.register_key(
            {"kind": "key", "links": {}, "grant": first["grant"], "sigs": signatures}
        )
        (tmp_path / "key").rename(tmp_path / "old")

        second = sign(tmp_path, GRANT, "--old-key", tmp_path / "old").json

        old = first["sigs"][0]["key"]
        assert second["grant"]["replaces"] == old == second["sigs"][0]["key"]
        made.services.journal.register_key(
            {"kind": "key", "links": {}, "grant": second["grant"], "sigs": second["sigs"]}
        )


def test_a_statement_is_signed_with_one_key(tmp_path: Path) -> None:
    sign(tmp_path, GRANT)

    assert sign(tmp_path, STATEMENT, "--old-key", tmp_path / "key").code == 2
