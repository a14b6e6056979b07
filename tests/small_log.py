"""A small log in memory, whole and honest unless a test bends it, and the page of one of its lots."""

import json
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from html import escape
from typing import Any

from ledger import canonical, merkle
from ledger.checkpoint import Checkpoint
from ledger.dsse import KEY, REVOCATION, STATEMENT, AuthorKey, pae
from ledger.entry import Entry
from ledger.note import Ed25519Signer, Signer, signed
from ledger.policy import Policy

ORIGIN = "log.test/2026"
LOT = "/lot/yushu/rice/R1"
PADDY = "/lot/yushu/paddy/P1"
OTHER_LOT = "/lot/yushu/rice/R9"
PLOT = "urn:jizihao:plot:a3"

Json = Any


def text64(raw: bytes) -> str:
    return b64encode(raw).decode()


def seed(name: str) -> bytes:
    return sha256(name.encode()).digest()


def key_subject(key: AuthorKey) -> str:
    return f"urn:jizihao:key:{sha256(key.public).hexdigest()}"


def digest_of(statement: Json) -> str:
    return sha256(pae(STATEMENT, canonical.dumps(statement))).hexdigest()


@dataclass
class SmallLog:
    """Entries and links as the journal makes them; nothing is checked, so that tests can lie."""

    origin: str = ORIGIN
    entries: list[Entry] = field(default_factory=list)
    newest: dict[str, Entry] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.signer = Ed25519Signer(self.origin, seed("log"))
        self.registrar = AuthorKey(seed("registrar"))
        registrars = [{"key": text64(self.registrar.public), "party": "operator"}]
        formats = {"entry": 1, "key": 1, "sealed": 1, "statement": 1}
        opening = {
            "formats": formats,
            "origin": self.origin,
            "registrars": registrars,
            "rules": "0" * 64,
            "v": 1,
        }
        self.append({"kind": "log-opened", "opening": opening | {"vkeys": [self.signer.key.text()]}})

    def append(
        self, record: Mapping[str, Json], touched: Iterable[str] = (), referred: Iterable[str] = ()
    ) -> Entry:
        """Add a record, linked to the newest entry of each subject."""
        touched = set(touched)
        links: dict[str, Json] = {}
        for subject in touched | set(referred):
            before = self.newest.get(subject)
            links[subject] = [before.index, text64(before.leaf)] if before else []
        index = len(self.entries)
        prev = self.entries[-1].leaf if self.entries else bytes(32)
        entry = Entry(index, f"2026-09-21T08:00:{index:02d}.000000Z", prev, {**record, "links": links})
        self.entries.append(entry)
        self.newest.update(dict.fromkeys(touched, entry))
        return entry

    def grant(
        self,
        party: str,
        role: str,
        custody: str = "author",
        *,
        by: AuthorKey | None = None,
        replaces: AuthorKey | None = None,
    ) -> AuthorKey:
        """Register a fresh key of *party*, vouched for by the registrar or *by* another key."""
        key = AuthorKey(seed(f"{party} {role} {custody} {len(self.entries)}"))
        grant: dict[str, Json] = {
            "custody": custody,
            "key": text64(key.public),
            "log": self.origin,
            "party": party,
        }
        grant |= {"role": role, "v": 1}
        if replaces is not None:
            grant["replaces"] = replaces.id
        message = pae(KEY, canonical.dumps(grant))
        sigs = [{"key": each.id, "sig": text64(each.sign(message))} for each in (by or self.registrar, key)]
        self.append({"grant": grant, "kind": "key", "sigs": sigs}, [key_subject(key)])
        return key

    def grant_registrar(self, party: str, role: str) -> AuthorKey:
        """Register the registrar's own key: voucher and holder are one, and sign once."""
        key = self.registrar
        grant: dict[str, Json] = {"custody": "author", "key": text64(key.public), "log": self.origin}
        grant |= {"party": party, "role": role, "v": 1}
        sigs = [{"key": key.id, "sig": text64(key.sign(pae(KEY, canonical.dumps(grant))))}]
        self.append({"grant": grant, "kind": "key", "sigs": sigs}, [key_subject(key)])
        return key

    def revoke(self, key: AuthorKey, party: str) -> Entry:
        """End a key."""
        revocation = {"key": key.id, "log": self.origin, "party": party, "reason": "lost", "v": 1}
        sig = self.registrar.sign(pae(REVOCATION, canonical.dumps(revocation)))
        sigs = [{"key": self.registrar.id, "sig": text64(sig)}]
        return self.append({"kind": "revocation", "revocation": revocation, "sigs": sigs}, [key_subject(key)])

    def state(
        self,
        by: str,
        key: AuthorKey,
        event: Mapping[str, Json],
        touched: Iterable[str] = (),
        referred: Iterable[str] = (),
        *,
        log: str | None = None,
    ) -> Entry:
        """Let *by* state *event*."""
        number = f"{len(self.entries):012x}"
        full = {"at": "2026-09-20T00:30:00.000000Z", **event}
        identity = f"urn:uuid:00000000-0000-4000-8000-{number}"
        statement = {"by": by, "event": full, "id": identity, "log": log or self.origin, "v": 1}
        sig = key.sign(pae(STATEMENT, canonical.dumps(statement)))
        record = {
            "kind": "statement",
            "ruling": {"flags": [], "rules": "0" * 64, "source": "own"},
            "sigs": [{"key": key.id, "sig": text64(sig)}],
            "statement": statement,
        }
        return self.append(record, touched, [*referred, key_subject(key), f"urn:jizihao:party:{by}"])

    def policy(self) -> str:
        return Policy(logs=((self.signer.key, None),), witnesses={}, groups={}).text()

    def checkpoint(self, *signers: Signer) -> str:
        root = merkle.root_of(entry.leaf for entry in self.entries)
        text = Checkpoint(self.origin, len(self.entries), root).text()
        return signed(text, *(signers or (self.signer,))).bytes().decode()

    def sent(self, index: int) -> dict[str, Json]:
        """Return one entry as a page brings it."""
        path = merkle.prove_inclusion(self.node, index=index, size=len(self.entries))
        raw = self.entries[index].bytes()
        return {"index": index, "bytes": text64(raw), "path": [text64(step) for step in path]}

    def node(self, level: int, index: int) -> bytes:
        leaves = [entry.leaf for entry in self.entries]
        return merkle.root_of(leaves[index << level : (index + 1) << level])


def fact(entry: Entry, at: str, form: str, text: str, **more: str) -> str:
    """Return a fact as a template writes it."""
    attributes = {"entry": str(entry.index), "at": at, "form": form, **more}
    data = " ".join(f'data-{name}="{escape(value)}"' for name, value in attributes.items())
    return f'<span class="fact" {data}>{escape(text)}</span>'


@dataclass
class Chapter:
    """A chapter of the page: its entries, what they are about, and its text."""

    id: str
    entries: list[int]
    subject: str
    body: str = ""


@dataclass
class LotPage:
    """The page of a lot, in parts that a test may bend before it is served."""

    log: SmallLog
    chapters: list[Chapter]
    shown: Sequence[int]
    lot: str = LOT
    subjects: Sequence[str] = ()
    lang: str = "en"
    head: str = ""
    bent: dict[str, Json] = field(default_factory=dict)

    def bundle(self) -> dict[str, Json]:
        chapters = [{"id": one.id, "entries": one.entries, "subject": one.subject} for one in self.chapters]
        whole = {
            "v": 1,
            "lang": self.lang,
            "lot": self.lot,
            "origin": self.log.origin,
            "policy": self.log.policy(),
            "checkpoint": self.log.checkpoint(),
            "entries": [self.log.sent(index) for index in self.shown],
            "chapters": chapters,
            "subjects": list(self.subjects),
        }
        return {**whole, **self.bent}

    def html(self) -> str:
        chapters = "".join(
            f'<section class="chapter" id="{one.id}" data-subject="{one.subject}">'
            f'<span class="mark">·</span>{one.body}</section>'
            for one in self.chapters
        )
        bundle = json.dumps(self.bundle()).replace("<", "\\u003c")
        return (
            f'<!doctype html><meta charset="utf-8"><p id="verdict-record">the server vouches</p>{self.head}'
            f'{chapters}<p id="verify-knows"></p>'
            f'<script type="application/json" id="bundle">{bundle}</script>'
            '<script type="module" src="/static/verify.js"></script>'
        )


@dataclass
class Season:
    """One lot from the field to the shop, and a second lot beside it."""

    log: SmallLog
    farm: AuthorKey
    mill: AuthorKey
    party: Entry
    sprayed: Entry
    harvested: Entry
    milled: Entry
    shipped: Entry
    other: Entry

    @classmethod
    def grown(cls) -> "Season":
        log = SmallLog()
        office = log.grant("operator", "operator", by=log.registrar)
        farm = log.grant("yushu", "cooperative")
        mill = log.grant("mill", "processor", "platform")
        party = log.state(
            "operator", office, {"kind": "party-registered", "party": "yushu", "role": "cooperative",
            "name": "榆树合作社", "division": "220182"}, ["urn:jizihao:party:yushu"],
        )  # fmt: skip
        log.state("yushu", farm, {"kind": "plot-registered", "plot": "a3", "area_ha": "2.5"}, [PLOT])
        sprayed = log.state("yushu", farm, {"kind": "treated", "plot": "a3", "name": "三环唑"}, [PLOT])
        harvested = log.state(
            "yushu", farm, {"kind": "harvested", "lot": PADDY, "product": "paddy", "amount": {"kg": "3090"},
            "plots": [{"plot": "a3", "amount": {"kg": "3090"}}]}, [PADDY], [PLOT],
        )  # fmt: skip
        milled = log.state(
            "mill", mill, {"kind": "processed", "process": "milling",
            "inputs": [{"lot": PADDY, "amount": {"kg": "3090"}}],
            "outputs": [{"lot": LOT, "product": "rice", "amount": {"kg": "2009.5"}}]}, [PADDY, LOT],
        )  # fmt: skip
        other = log.state(
            "yushu", farm, {"kind": "harvested", "lot": OTHER_LOT, "product": "rice",
            "amount": {"kg": "3090"}, "plots": []}, [OTHER_LOT],
        )  # fmt: skip
        log.state("mill", mill, {"kind": "codes-issued", "lot": LOT, "first": 0, "count": 9}, [LOT])
        parts = [{"lot": LOT, "amount": {"kg": "100"}}]
        shipped = log.state("mill", mill, {"kind": "shipped", "parts": parts, "handover": "0" * 64}, [LOT])
        return cls(log, farm, mill, party, sprayed, harvested, milled, shipped, other)

    def page(self) -> LotPage:
        """Return the honest page of LOT."""
        amount = "/statement/event/amount/kg"
        field_facts = (
            fact(self.sprayed, "/statement/event/name", "text", "三环唑")
            + fact(self.party, "/statement/event/name", "text", "榆树合作社")
        )  # fmt: skip
        harvest = (
            fact(self.harvested, amount, "mass", "3,090 kg")
            + fact(self.harvested, "/statement/event/at", "instant", "2026-09-20 08:30")
        )  # fmt: skip
        made = fact(self.milled, "/statement/event/outputs/0/amount/kg", "mass", "2,009.5 kg")
        chapters = [
            Chapter("field", [self.sprayed.index], PLOT, field_facts),
            Chapter("harvest", [self.harvested.index], PADDY, harvest),
            Chapter("mill", [self.milled.index], LOT, made),
            Chapter("codes", [self.shipped.index - 1], LOT),
            Chapter("shop", [self.shipped.index], LOT),
        ]
        shown = [index for index in range(len(self.log.entries)) if index != self.other.index]
        return LotPage(self.log, chapters, shown, subjects=[LOT, PADDY, PLOT])
