"""The Merkle proofs, good and bad, that other implementations of transparency logs share."""

import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest

from ledger.merkle import check_consistency, check_inclusion
from tests.verdicts import is_proven

TLOG = Path(__file__).resolve().parents[2].parent / "shared" / "conformance" / "tlog"
COUNTS = {"inclusion": 98, "consistency": 98}

pytestmark = pytest.mark.skipif(not TLOG.is_dir(), reason="the shared conformance data is not here")


def files(kind: str) -> list[Path]:
    return sorted((TLOG / kind).rglob("*.json"))


def raw(text: str | None) -> bytes:
    return b64decode(text or "")


@pytest.mark.parametrize("kind", ["inclusion", "consistency"])
def test_the_whole_set_is_here(kind: str) -> None:
    assert len(files(kind)) == COUNTS[kind]


@pytest.mark.parametrize("file", files("inclusion"), ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_inclusion_proofs_get_the_verdict_that_others_give(file: Path) -> None:
    case: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    proof = [raw(step) for step in case["proof"] or []]

    proven = is_proven(
        check_inclusion,
        proof,
        size=case["treeSize"],
        root=raw(case["root"]),
        index=case["leafIdx"],
        leaf=raw(case["leafHash"]),
    )

    assert proven is not case["wantErr"]


@pytest.mark.parametrize("file", files("consistency"), ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_consistency_proofs_get_the_verdict_that_others_give(file: Path) -> None:
    case: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    proof = [raw(step) for step in case["proof"] or []]

    proven = is_proven(
        check_consistency,
        proof,
        old=case["size1"],
        old_root=raw(case["root1"]),
        size=case["size2"],
        root=raw(case["root2"]),
    )

    assert proven is not case["wantErr"]
