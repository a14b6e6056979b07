"""Run the benchmarks: `python -m benchmarks [TOPIC …] [--rounds 5] [--only WORD] [--keep]`.

Each topic is a module beside this one with `comparisons() -> Iterable[Comparison]`. The figures are
written to benchmarks/results/latest.json; with --keep they also take the place of those of the same title
in docs/performance.json, from which `make docs` writes the tables of docs/performance.md.
"""

import argparse
import importlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.harness import ROUNDS, Comparison, measure

TOPICS = ("appending", "journaling", "trading", "auditing")
ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "docs" / "performance.json"
LATEST = ROOT / "benchmarks" / "results" / "latest.json"


def main() -> None:
    """Measure what was asked for, write it down, and say where."""
    asked = _arguments()
    results = []
    for comparison in _comparisons(asked.topics or TOPICS, asked.only):
        results.append(measure(comparison, rounds=asked.rounds))
        # After each: a run of hours that is broken off keeps what it has.
        _write(LATEST, results)
        if asked.keep:
            _write(KEPT, _merged(results))
    print(f"written: {KEPT if asked.keep else LATEST}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=(__doc__ or "").split("\n", 1)[0]
    )
    parser.add_argument(
        "topics", nargs="*", metavar="TOPIC", help=f"of {', '.join(TOPICS)}; all if none is named"
    )
    parser.add_argument(
        "--rounds", type=int, default=ROUNDS, help="repetitions of each case (default %(default)s)"
    )
    parser.add_argument(
        "--only", default="", metavar="WORD", help="only comparisons with WORD in their title"
    )
    parser.add_argument(
        "--keep", action="store_true", help="write the figures into docs/performance.json too"
    )
    return parser.parse_args()


def _comparisons(topics: tuple[str, ...], only: str) -> Iterator[Comparison]:
    for topic in topics:
        for comparison in importlib.import_module(f"benchmarks.{topic}").comparisons():
            if only in comparison.title:
                yield comparison


def _merged(results: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what was kept, with the new figures in the place of older ones of the same title."""
    kept = json.loads(KEPT.read_text(encoding="utf-8"))["comparisons"] if KEPT.exists() else []
    fresh = {result["title"]: result for result in results}
    older = {result["title"]: result for result in kept}
    return list((older | fresh).values())


def _write(path: Path, results: list[dict[str, Any]]) -> None:
    path.parent.mkdir(exist_ok=True)
    text = json.dumps({"comparisons": results}, ensure_ascii=False, indent=1)
    path.write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
