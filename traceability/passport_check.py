"""A passport judged offline, by a policy that its reader brought along: no database, no network, no account.

    each record     signed by the log and its witnesses, in the tree, and by its author's proven key
    what it says    kind and author of each record are those of the proven entry
    what it leaves  every record that the passport lists comes with its proof

What is told of a record here is read from its proven entry, never from the passport's own words. Nobody can
prove that a lot has no newer record: the passport shows the state at its checkpoint.
"""

from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ledger.checkpoint import Checkpoint
from ledger.entry import Entry
from ledger.errors import LedgerError, Malformed
from ledger.note import Note
from ledger.policy import Policy
from ledger.proof import TlogProof
from ledger.verification import REFUSED, Files, is_proven, verify

FORMAT = "jizihao/passport/v1"


@dataclass(frozen=True, slots=True)
class Checked:
    """One record of a passport: its place, what the proven entry says it is, and what is wrong with it."""

    index: int
    kind: str
    by: str
    at: str
    wrong: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a passport: its lot, the checkpoint it is shown under, and each of its records."""

    lot: str
    origin: str
    size: int
    records: tuple[Checked, ...]
    wrong: tuple[str, ...] = ()

    @property
    def is_proven(self) -> bool:
        """Whether nothing is wrong, and there is something that is right."""
        return bool(self.records) and not self.wrong and not any(each.wrong for each in self.records)


def check(passport: Mapping[str, Any], policy: Policy, *, now: datetime) -> Verdict:
    """Return the verdict on *passport*; raises `Malformed` where it has not the form of one."""
    try:
        if passport["format"] != FORMAT:
            raise Malformed("not a passport of a known version")
        proofs = passport["proofs"]
        note = Note.parse(proofs["checkpoint"].encode())
        checkpoint = Checkpoint.parse(note.text)
        files = {each["index"]: _files(each, note) for each in proofs["entries"]}
        told = {each["index"]: each for each in passport["records"]}
        lot = str(passport["lot"])
    except (KeyError, TypeError, ValueError, AttributeError) as why:
        raise Malformed(f"not a passport: {why}") from why
    bench = _Bench(files, _keys(files), policy, now)
    missing = tuple(f"record {index} has no proof" for index in sorted(set(told) - set(files)))
    records = tuple(bench.checked(index, told[index]) for index in sorted(set(told) & set(files)))
    return Verdict(lot, checkpoint.origin, checkpoint.size, records, missing)


def _files(each: Mapping[str, Any], note: Note) -> Files:
    path = tuple(b64decode(step, validate=True) for step in each["path"])
    return b64decode(each["bytes"], validate=True), TlogProof(each["index"], path, note).bytes()


def _keys(files: Mapping[int, Files]) -> dict[str, Files]:
    """Return the key entries among *files* by the id of the key that each grants."""
    found = {}
    for spelt, proof in files.values():
        try:
            record = Entry.parse(spelt).record
        except LedgerError:
            continue
        if record.get("kind") == "key":
            for signature in record["sigs"][-1:]:
                found[str(signature["key"])] = (spelt, proof)
    return found


@dataclass(frozen=True, slots=True)
class _Bench:
    """What each record is held against."""

    files: Mapping[int, Files]
    keys: Mapping[str, Files]
    policy: Policy
    now: datetime

    def checked(self, index: int, told: Mapping[str, Any]) -> Checked:
        """Return the record at *index*, as its entry has it, with what is wrong with it."""
        spelt, proof = self.files[index]
        try:
            entry = Entry.parse(spelt)
            kind, by, signed = _said(entry)
        except (LedgerError, KeyError, TypeError, AttributeError) as why:
            return Checked(index, "", "", "", (str(why),))
        key = next((self.keys[each] for each in signed if each in self.keys), None)
        checks = verify(spelt, proof, self.policy, now=self.now, key=key if by else None)
        wrong = [f"{each.name}: {each.reason}" for each in checks if each.state == REFUSED]
        if not wrong and not is_proven(checks):
            wrong.append("not proven")
        if by and key is None:
            wrong.append("author: the key of the author is not among the proofs")
        if (told.get("kind"), told.get("by")) != (kind, by):
            wrong.append("the passport says something else than the entry")
        return Checked(index, kind, by, entry.at, tuple(wrong))


def _said(entry: Entry) -> tuple[str, str, list[str]]:
    """Return kind and author of what an entry records, and the keys that signed it."""
    statement = entry.record.get("statement")
    if statement is None:
        return str(entry.record["kind"]), "", []
    signed = [str(each["key"]) for each in entry.record["sigs"]]
    return str(statement["event"]["kind"]), str(statement["by"]), signed
