"""Check a proof on a machine that has nothing but these files: no database, no network, no account.

    python -m ledger verify --policy FILE [--fresh SECONDS] [--key ENTRY PROOF] [--opening ENTRY PROOF]
                            [--also ENTRY PROOF]… [--consistency FILE]… ENTRY PROOF
    python -m ledger follow --policy FILE ENTRY PROOF > NEW

`verify` names each check; `follow` writes the policy anew after a change of the log's keys that ENTRY began.
Exit code 0: proven. 1: not proven. 2: could not run, for a file is missing or is not what it should be.
"""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from io import TextIOWrapper
from pathlib import Path

from ledger.errors import LedgerError, Malformed
from ledger.policy import Policy
from ledger.rotation import followed
from ledger.spelling import visible
from ledger.verification import is_proven, verify

PROVEN, NOT_PROVEN, UNUSABLE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code; argparse exits with 2 where the usage is wrong."""
    options = _parser().parse_args(arguments)
    if isinstance(sys.stdout, TextIOWrapper):
        # A letter that this terminal has not must not turn into a verdict.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        policy = Policy.parse(_read(options.policy))
        return int(options.run(options, policy))
    except (OSError, Malformed) as why:
        print(f"cannot check: {visible(str(why))}", file=sys.stderr)
        return UNUSABLE


def _verify(options: argparse.Namespace, policy: Policy) -> int:
    checks = verify(
        *_both(options.entry, options.proof),
        policy,
        now=datetime.now(UTC),
        fresh=None if options.fresh is None else timedelta(seconds=options.fresh),
        key=None if options.key is None else _both(*options.key),
        opening=None if options.opening is None else _both(*options.opening),
        also=[_both(*files) for files in options.also],
        consistency=[_read(file) for file in options.consistency],
    )
    for check in checks:
        print(f"{check.state:<12} {check.name:<11} {visible(check.reason)}")
    print("PROVEN" if is_proven(checks) else "NOT PROVEN")
    return PROVEN if is_proven(checks) else NOT_PROVEN


def _follow(options: argparse.Namespace, policy: Policy) -> int:
    files = _both(options.entry, options.proof)
    try:
        new = followed(policy, *files, now=datetime.now(UTC))
    except LedgerError as why:
        print(f"NOT PROVEN: {visible(str(why))}", file=sys.stderr)
        return NOT_PROVEN
    # Names in a policy are bytes, which need not be UTF-8.
    sys.stdout.buffer.write(new.text().encode("utf-8", "surrogateescape"))
    sys.stdout.buffer.flush()
    return PROVEN


def _both(entry: Path, proof: Path) -> tuple[bytes, bytes]:
    return _read(entry), _read(proof)


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
    _add_verify(commands)
    following = commands.add_parser(
        "follow",
        help="follow a log to its new keys",
        description="Write the policy with the new keys of a log in the place of the old, if ENTRY begins"
        " that change, PROOF shows it signed by both, and the policy's quorum saw it."
        " Exit code 0: proven, 1: not proven, 2: could not run.",
    )
    _add_files(following)
    following.set_defaults(run=_follow)
    return parser


def _add_verify(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    checking = commands.add_parser(
        "verify",
        help="check that an entry stands in a log",
        description="Check that ENTRY stands in a log that the policy believes, as PROOF says."
        " Exit code 0: proven, 1: not proven, 2: could not run.",
    )
    _add_files(checking)
    checking.add_argument("--fresh", type=_seconds, metavar="SECONDS", help="how old the checkpoint may be")
    checking.add_argument(
        "--key",
        type=Path,
        nargs=2,
        metavar=("KEY_ENTRY", "KEY_PROOF"),
        help="the author's key entry and proof",
    )
    checking.add_argument(
        "--opening",
        type=Path,
        nargs=2,
        metavar=("OPENING", "OPENING_PROOF"),
        help="entry 0 and its proof: who registers keys, and the log's own first keys",
    )
    checking.add_argument(
        "--also",
        type=Path,
        nargs=2,
        action="append",
        default=[],
        metavar=("ALSO_ENTRY", "ALSO_PROOF"),
        help="with --opening: an entry that changed a registrar's key or the log's since; may be repeated",
    )
    checking.add_argument(
        "--consistency",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="shows that the log grew from the checkpoint of PROOF to a later one; may be repeated",
    )
    checking.set_defaults(run=_verify)


def _add_files(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--policy", type=Path, required=True, metavar="FILE", help="whom to believe")
    parser.add_argument("entry", type=Path, metavar="ENTRY", help="the bytes of the entry")
    parser.add_argument("proof", type=Path, metavar="PROOF", help="its .tlog-proof")


def _seconds(text: str) -> int:
    seconds = int(text)
    if not 0 <= seconds <= 10**9:
        raise ValueError
    return seconds


if __name__ == "__main__":
    sys.exit(main())
