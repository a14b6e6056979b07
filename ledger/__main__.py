"""Check a proof on a machine that has nothing but these files: no database, no network, no account.

    python -m ledger verify --policy FILE [--fresh SECONDS] [--key KEY_ENTRY KEY_PROOF] ENTRY PROOF

Exit code 0: proven. 1: not proven. 2: could not run, for a file is missing or is not what it should be.
"""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ledger.errors import Malformed
from ledger.policy import Policy
from ledger.verification import Check, is_proven, verify

PROVEN, NOT_PROVEN, UNUSABLE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code; argparse exits with 2 where the usage is wrong."""
    options = _parser().parse_args(arguments)
    try:
        checks = _verify(options)
    except (OSError, Malformed) as why:
        print(f"cannot check: {why}", file=sys.stderr)
        return UNUSABLE
    for check in checks:
        print(f"{check.state:<12} {check.name:<11} {check.reason}")
    print("PROVEN" if is_proven(checks) else "NOT PROVEN")
    return PROVEN if is_proven(checks) else NOT_PROVEN


def _verify(options: argparse.Namespace) -> list[Check]:
    key = None if options.key is None else (_read(options.key[0]), _read(options.key[1]))
    return verify(
        _read(options.entry),
        _read(options.proof),
        Policy.parse(_read(options.policy)),
        now=datetime.now(UTC),
        fresh=None if options.fresh is None else timedelta(seconds=options.fresh),
        key=key,
    )


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as why:
        raise OSError(f"{path}: {why.strerror}") from None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m ledger", description="Check what a transparency log says."
    )
    commands = parser.add_subparsers(required=True)
    checking = commands.add_parser(
        "verify",
        help="check that an entry stands in a log",
        description="Check that ENTRY stands in a log that the policy believes, as PROOF says."
        " Exit code 0: proven, 1: not proven, 2: could not run.",
    )
    checking.add_argument("--policy", type=Path, required=True, metavar="FILE", help="whom to believe")
    checking.add_argument("--fresh", type=_seconds, metavar="SECONDS", help="how old the checkpoint may be")
    checking.add_argument(
        "--key",
        type=Path,
        nargs=2,
        metavar=("KEY_ENTRY", "KEY_PROOF"),
        help="the author's key entry and proof",
    )
    checking.add_argument("entry", type=Path, metavar="ENTRY", help="the bytes of the entry")
    checking.add_argument("proof", type=Path, metavar="PROOF", help="its .tlog-proof")
    return parser


def _seconds(text: str) -> int:
    seconds = int(text)
    if not 0 <= seconds <= 10**9:
        raise ValueError
    return seconds


if __name__ == "__main__":
    sys.exit(main())
