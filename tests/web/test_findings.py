"""Whatever an audit can find is told in words."""

import ast
import re
from pathlib import Path

from web.findings import FINDINGS

ROOT = Path(__file__).resolve().parents[2]
WHAT = re.compile(r"[a-z]+(-[a-z]+)+")
CALLS = {"Finding", "add_finding"}
IN_VARIABLES = {
    "entries-altered",
    "entries-missing",
    "entry-altered",
    "leaf-altered",
    "sealed-value-altered",
    "sealed-value-missing",
    "sealed-value-not-erased",
    "sealed-value-stray",
}


def whats() -> set[str]:
    """Return what stands first in each finding that the code makes."""
    found = set()
    for path in [
        *(ROOT / "ledger").glob("*.py"),
        *(ROOT / "traceability").glob("*.py"),
        *(ROOT / "web").rglob("*.py"),
    ]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in CALLS:
                found |= {
                    str(each.value)
                    for each in ast.walk(node.args[0])
                    if isinstance(each, ast.Constant) and WHAT.fullmatch(str(each.value))
                }
    return found


def test_every_finding_has_its_sentence() -> None:
    assert set(FINDINGS) == whats() | IN_VARIABLES
