"""What every verifier must refuse, kind by kind, each through the calls that a verifier is made of.

 1  an entry with a flipped bit            2  an entry and its tile forged together (CVE-2026-56865)
 3  a tile in its neighbour's place        4  a tile or bundle of another width
 5  a bundle with bytes too many or few    6  a size in another spelling
 7  base64 in another spelling             8  a note that is not one
 9  a signature under another name        10  a failing line beside good ones
11  a cosignature with another time       12  one kind of signature as another
13  another log under the same key        14  an inclusion proof that is bent
15  a consistency proof that is bent      16 to 20  see `ELSEWHERE`
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from ledger.checkpoint import Checkpoint
from ledger.cosignature import Ed25519Cosigner, MLDSA44Cosigner
from ledger.errors import LedgerError, Malformed
from ledger.keys import COSIGNATURE_ED25519, ED25519, Signature, VerifierKey
from ledger.merkle import (
    EMPTY_ROOT,
    Hash,
    check_consistency,
    leaf_hash,
    prove_consistency,
    prove_inclusion,
    root_of,
)
from ledger.note import Ed25519Signer, Note, signed, with_lines
from ledger.policy import Policy
from ledger.proof import TlogProof
from ledger.proven import verified_entries
from ledger.source import Absent
from ledger.tile import FULL, Bundle, Tile, format_bundle, node_reader, parse_bundle, parse_tile
from ledger.verification import is_proven, verify
from tests.logs import COSIGNER, ORIGIN, SIGNER

NOW = datetime(2026, 9, 21, 9, tzinfo=UTC)
SEEN = int(NOW.timestamp())
WITNESS = Ed25519Cosigner("witness.example/w1", sha256(b"witness key").digest())
LATER = MLDSA44Cosigner("witness.example/w1", sha256(b"witness key for later").digest())
POLICY = Policy.parse(
    f"log {SIGNER.key.text()}\nlog {COSIGNER.key.text()}\n"
    f"witness w1 {WITNESS.key.text()}\nwitness w2 {LATER.key.text()}\ngroup both all w1 w2\nquorum both\n"
)


def entry(index: int, more: str = "") -> bytes:
    return (
        f'{{"at":"2026-09-21T08:00:00.000000Z","index":{index},"prev":"{"A" * 43}=",'
        f'"record":{{"kind":"trial{more}"}},"v":1}}'
    ).encode()


class Tree:
    """A log's tree and its entries in memory, served as tiles and bundles to readers who believe nothing."""

    def __init__(self, size: int) -> None:
        self.size = size
        levels = [[leaf_hash(entry(index)) for index in range(size)]]
        while len(levels[-1]) >= FULL:
            below = levels[-1]
            levels.append(
                [root_of(below[at : at + FULL]) for at in range(0, len(below) // FULL * FULL, FULL)]
            )
        self.levels = levels
        self.root = root_of(levels[0])
        self.forged: dict[int, bytes] = {}

    def leaf(self, index: int) -> Hash:
        return leaf_hash(self.entry(index))

    def entry(self, index: int) -> bytes:
        return self.forged.get(index, entry(index))

    def tile(self, tile: Tile) -> bytes:
        start = tile.index * FULL
        hashes = self.levels[tile.level][start : start + tile.width]
        if tile.level == 0:
            hashes = [
                self.leaf(start + at) if start + at in self.forged else each for at, each in enumerate(hashes)
            ]
        if len(hashes) != tile.width:
            raise Absent(tile.path())
        return b"".join(hashes)

    def read(self, path: str) -> bytes:
        """Return what stands under *path*, as a source of somebody else's log does."""
        if not path.startswith("tile/entries/"):
            return self.tile(Tile.parse(path))
        bundle = Bundle.parse(path)
        start = bundle.index * FULL
        if start + bundle.width > self.size:
            raise Absent(path)
        return format_bundle([self.entry(index) for index in range(start, start + bundle.width)])

    def close(self) -> None:
        """Hold nothing."""

    def checkpoint(self) -> Checkpoint:
        return Checkpoint(ORIGIN, self.size, self.root)

    def path(self, index: int) -> tuple[Hash, ...]:
        return prove_inclusion(node_reader(self.tile, self.size), index=index, size=self.size)

    def grown(self, old: int) -> tuple[Hash, ...]:
        return prove_consistency(node_reader(self.tile, self.size), old=old, size=self.size)


@cache
def tree(size: int) -> Tree:
    return Tree(size)


def forged(size: int, index: int) -> Tree:
    """The same tree as somebody serves it who made up one entry, and its hash in the tile of level 0."""
    honest = tree(size)
    made = Tree.__new__(Tree)
    made.size, made.levels, made.root = honest.size, honest.levels, honest.root
    made.forged = {index: entry(index, "-forged")}
    return made


def note_over(checkpoint: Checkpoint, at: int = SEEN) -> Note:
    text = checkpoint.text()
    return with_lines(signed(text, SIGNER, COSIGNER), WITNESS.cosign(text, at), LATER.cosign(text, at))


class Shown(NamedTuple):
    """What a verifier is shown."""

    entry: bytes
    proof: bytes

    def refused(self) -> set[str]:
        """Return the checks that refuse it; the verdict is that of the one verify call."""
        checks = verify(self.entry, self.proof, POLICY, now=NOW)
        found = {check.name for check in checks if check.state == "refused"}
        assert is_proven(checks) == (not found)
        return found


def shown(
    size: int = 9, index: int = 5, note: Note | None = None, path: tuple[Hash, ...] | None = None
) -> Shown:
    """Return an entry of a tree and its proof, honest but for what is given."""
    whole = tree(size)
    proof = TlogProof(
        index, whole.path(index) if path is None else path, note or note_over(whole.checkpoint())
    )
    return Shown(entry(index), proof.bytes())


def raw(shown_: Shown, old: str, new: str) -> Shown:
    """Return the proof with other letters in it: what no object of ours could be made to spell."""
    text = shown_.proof.decode()
    assert old in text
    return Shown(shown_.entry, text.replace(old, new, 1).encode())


@pytest.mark.parametrize(("size", "index"), [(1, 0), (9, 5), (256, 255), (300, 299), (70_000, 69_999)])
def test_the_honest_ones_are_proven(size: int, index: int) -> None:
    assert shown(size, index).refused() == set()
    assert dict(verified_entries(tree(size), tree(size).checkpoint(), index, index + 1)) == {
        index: entry(index)
    }


# 1

ENTRY = shown()


@pytest.mark.parametrize("bit", range(8))
def test_1_an_entry_with_any_flipped_bit(bit: int) -> None:
    for place in range(len(ENTRY.entry)):
        bent = bytearray(ENTRY.entry)
        bent[place] ^= 1 << bit

        assert ENTRY._replace(entry=bytes(bent)).refused(), (place, bit)


# 2: 300 = 256 + 32 + 8 + 4, and 70,000 = 65,536 + 4096 + 256 + 64 + 32 + 16: subtrees that share one tile.

FORGED = [
    *((300, index) for index in (0, 255, 256, 287, 288, 295, 296, 299)),
    *((70_000, index) for index in (0, 255, 65_535, 65_536, 69_631, 69_632, 69_887, 69_888, 69_952, 69_999)),
]


@pytest.mark.parametrize(("size", "index"), FORGED)
def test_2_an_entry_and_the_hash_in_its_tile_forged_together(size: int, index: int) -> None:
    false = forged(size, index)
    proof = TlogProof(index, false.path(index), note_over(false.checkpoint()))

    assert Shown(false.entry(index), proof.bytes()).refused() == {"inclusion"}
    with pytest.raises(LedgerError):
        list(verified_entries(false, false.checkpoint(), index, index + 1))


@pytest.mark.parametrize(("size", "index"), FORGED)
def test_2_neighbours_are_not_proven_from_the_forged_tile(size: int, index: int) -> None:
    """A forged hash must not pass as anybody's sibling either."""
    false, neighbour = forged(size, index), index ^ 1
    if neighbour >= size:
        neighbour = index - 1
    proof = TlogProof(neighbour, false.path(neighbour), note_over(false.checkpoint()))

    assert Shown(entry(neighbour), proof.bytes()).refused() == {"inclusion"}


# 3 to 5


@pytest.mark.parametrize(("one", "other"), [(0, 1), (0, 272), (255, 256)])
def test_3_a_full_tile_in_the_place_of_another(one: int, other: int) -> None:
    whole = tree(70_000)

    class Swapped(Tree):
        def tile(self, tile: Tile) -> bytes:
            swap = {one: other, other: one}
            if tile.level == 0 and tile.width == FULL:
                tile = Tile(0, swap.get(tile.index, tile.index))
            return whole.tile(tile)

    false = Swapped.__new__(Swapped)
    false.size, false.levels, false.root, false.forged = whole.size, whole.levels, whole.root, {}
    for index in (one * FULL, other * FULL + 7):
        proof = TlogProof(index, false.path(index), note_over(whole.checkpoint()))
        assert Shown(entry(index), proof.bytes()).refused() == {"inclusion"}
        with pytest.raises(LedgerError):
            list(verified_entries(false, whole.checkpoint(), index, index + 1))


@pytest.mark.parametrize("width", [1, 44, 255])
@pytest.mark.parametrize("more", [-32, -1, 1, 32])
def test_4_a_tile_longer_or_shorter_than_its_width(width: int, more: int) -> None:
    with pytest.raises(Malformed):
        parse_tile(bytes(32 * width + more), width)


BUNDLE = format_bundle([entry(index) for index in range(3)])


@pytest.mark.parametrize(
    "joined",
    [BUNDLE[:-1], BUNDLE + b"\0", BUNDLE + b"\0\0", BUNDLE[2:], b"\xff\xff" + BUNDLE[2:], b"", b"\0"],
)
def test_5_a_bundle_with_bytes_left_over_or_missing(joined: bytes) -> None:
    with pytest.raises(Malformed):
        parse_bundle(joined, 3)


def test_5_a_bundle_of_another_number_of_entries() -> None:
    for width in (2, 4):
        with pytest.raises(Malformed):
            parse_bundle(BUNDLE, width)


# 6 to 8


@pytest.mark.parametrize("size", ["+9", "09", " 9", "9 ", "９", "9_0", "-9", "0x9", "", "9\r", str(2**63)])
def test_6_a_size_in_another_spelling(size: str) -> None:
    """The letters are signed as they stand: only their spelling is wrong."""
    text = tree(9).checkpoint().text().replace("\n9\n", f"\n{size}\n")
    with pytest.raises(Malformed):
        Checkpoint.parse(text)
    if "\r" not in size:
        note = signed(text, SIGNER)

        assert shown(note=note).refused() == {"entry"}


@pytest.mark.parametrize("index", ["+5", "05", " 5", "５", "5_0", ""])
def test_6_an_index_in_another_spelling(index: str) -> None:
    assert raw(ENTRY, "index 5\n", f"index {index}\n").refused() == {"entry"}


def spellings(encoded: str) -> list[str]:
    """Return other spellings of bytes that `encoded` spells with one letter of padding."""
    assert re.fullmatch("[^=]+=", encoded)
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    stray = letters[letters.index(encoded[-2]) ^ 1]
    return [
        encoded[:-2] + stray + "=",
        encoded[:-1],
        encoded + "=",
        f" {encoded}",
        f"{encoded} ",
        f"{encoded[:4]} {encoded[4:]}",
        f"{encoded}\r",
        encoded.replace("+", "-").replace("/", "_") + "\t",
    ]


def base64_places() -> list[str]:
    """Return base64 of 32 bytes that stands in a proof: the root, and a hash of the path."""
    lines = ENTRY.proof.decode().split("\n")
    return [line for line in lines if re.fullmatch(r"[A-Za-z0-9+/]{43}=", line)]


@pytest.mark.parametrize("spelling", range(8))
def test_7_base64_in_another_spelling(spelling: int) -> None:
    places = base64_places()
    assert len(places) == len(TlogProof.parse(ENTRY.proof).path) + 1
    for honest in places:
        assert raw(ENTRY, honest, spellings(honest)[spelling]).refused(), honest


@pytest.mark.parametrize(
    "bent",
    [
        lambda note: note.replace(b"\n9\n", b"\r\n9\n"),
        lambda note: note.replace(b"\n9\n", b"\n9\t\n"),
        lambda note: note.replace(b"\n9\n", b"\n9\0\n"),
        lambda note: note.replace(b"nongye", b"nong\xffe"),
        lambda note: note.replace(b"\n9\n", b"\n\n9\n"),
        lambda note: note.replace(b"\n\n", b"\n\n\n"),
        lambda note: note.replace(b"\n\n", b"\n"),
        lambda note: note[:-1],
        lambda note: note + b"\n",
        lambda note: note + b"x",
        lambda note: note.replace("\N{EM DASH} ".encode(), b"- "),
        lambda note: note.replace("\N{EM DASH} ".encode(), "\N{EM DASH}".encode()),
        lambda note: note.split(b"\n\n")[0] + b"\n\n",
    ],
)
def test_8_a_note_that_is_not_one(bent: Callable[[bytes], bytes]) -> None:
    head, parted, note = ENTRY.proof.partition(b"\n\n")

    assert Shown(ENTRY.entry, head + parted + bent(note)).refused()


# 9 to 13

CHECKPOINT = tree(9).checkpoint()
LINES = note_over(CHECKPOINT).signatures
STRANGER = Ed25519Signer("stranger.example/log", sha256(b"stranger").digest())


def lines(*found: Signature) -> Shown:
    return shown(note=Note(CHECKPOINT.text(), found))


def test_9_a_good_signature_under_the_name_of_another_key() -> None:
    payload = STRANGER.sign(CHECKPOINT.text().encode())
    other = Signature(SIGNER.key.name, STRANGER.key.key_id, payload)
    posing = Signature(SIGNER.key.name, SIGNER.key.key_id, payload)

    # Under its own key ID it is nobody's line, under ours it is a forgery.
    assert lines(other, *LINES[1:]).refused() == {"log"}
    assert lines(posing, *LINES[1:]).refused() == {"log"}
    swapped = Signature(WITNESS.key.name, SIGNER.key.key_id, LINES[0].payload)
    assert lines(swapped, *LINES[1:]).refused() == {"log"}


@pytest.mark.parametrize("place", range(4))
def test_10_a_failing_line_of_a_known_key_beside_good_ones(place: int) -> None:
    """Right name, right key ID, wrong signature: the whole note is refused, though a good line follows."""
    honest = LINES[place]
    payload = honest.payload[:-1] + bytes([honest.payload[-1] ^ 1])
    bent = Signature(honest.name, honest.key_id, payload)

    expected = {"log"} if place < 2 else {"witnesses"}
    assert lines(bent, *LINES).refused() == expected
    assert lines(*LINES, bent).refused() == expected


@pytest.mark.parametrize("place", [2, 3])
@pytest.mark.parametrize("at", [0, 1, SEEN - 1, SEEN + 1, 2**63 - 1, 2**63, 2**64 - 1])
def test_11_a_cosignature_with_another_time(place: int, at: int) -> None:
    honest = LINES[place]
    bent = Signature(honest.name, honest.key_id, at.to_bytes(8) + honest.payload[8:])

    assert lines(*LINES[:place], bent, *LINES[place + 1 :]).refused() == {"witnesses"}


@pytest.mark.parametrize(("ahead", "refused"), [(300, set()), (301, {"witnesses"}), (10**9, {"witnesses"})])
def test_11_a_cosignature_from_the_future(ahead: int, refused: set[str]) -> None:
    assert shown(note=note_over(CHECKPOINT, SEEN + ahead)).refused() == refused


def test_11_a_witness_that_signs_no_time() -> None:
    for cosigner in (WITNESS, LATER):
        with pytest.raises(Malformed):
            cosigner.cosign(CHECKPOINT.text(), 0)


def test_11_a_log_is_not_its_own_witness() -> None:
    """Its own ML-DSA line bears no time: it states the tree, and not that there is no other."""
    own = MLDSA44Cosigner(ORIGIN, bytes(32))
    note = signed(CHECKPOINT.text(), SIGNER, own)
    policy = Policy.parse(f"log {SIGNER.key.text()}\nwitness w {own.key.text()}\nquorum w\n")

    checks = verify(ENTRY.entry, shown(note=note).proof, policy, now=NOW)

    assert {check.name for check in checks if check.state == "refused"} == {"witnesses"}


def test_12_one_kind_of_signature_as_another() -> None:
    seed = sha256(b"log key").digest()
    as_witness = Ed25519Cosigner(ORIGIN, seed)
    policy = f"log {SIGNER.key.text()}\nwitness w {as_witness.key.text()}\n"
    text = CHECKPOINT.text()
    plain, cosigned = signed(text, SIGNER).signatures[0], as_witness.cosign(text, SEEN)
    assert (SIGNER.key.kind, as_witness.key.kind) == (ED25519, COSIGNATURE_ED25519)

    replayed = {
        "0x01 as 0x04": (plain, Signature(ORIGIN, as_witness.key.key_id, plain.payload)),
        "0x01 with a time as 0x04": (
            plain,
            Signature(ORIGIN, as_witness.key.key_id, SEEN.to_bytes(8) + plain.payload),
        ),
        "0x04 as 0x01": (Signature(ORIGIN, SIGNER.key.key_id, cosigned.payload), cosigned),
        "0x04 without its time as 0x01": (
            Signature(ORIGIN, SIGNER.key.key_id, cosigned.payload[8:]),
            cosigned,
        ),
    }
    # One key in two roles is no policy at all; that is why the roles are tried apart.
    with pytest.raises(Malformed):
        VerifierKey(ORIGIN, 0x02, SIGNER.key.public)
    for what, found in replayed.items():
        proof = shown(note=Note(text, found)).proof
        alone = [
            Policy.parse(f"log {SIGNER.key.text()}\nquorum none\n"),
            Policy.parse(f"log {STRANGER.key.text()}\nwitness w {as_witness.key.text()}\nquorum w\n"),
        ]
        checks = [verify(ENTRY.entry, proof, one, now=NOW) for one in alone]
        states = (
            {c.name: c.state for c in checks[0]}["log"],
            {c.name: c.state for c in checks[1]}["witnesses"],
        )
        expected = ("proven", "refused") if what.startswith("0x01") else ("refused", "proven")
        assert states == expected, what
    assert policy


def test_13_another_log_signed_with_the_same_key() -> None:
    seed = sha256(b"log key").digest()
    other = Checkpoint("nongye.example/2027", 9, tree(9).root)
    own = signed(other.text(), Ed25519Signer("nongye.example/2027", seed))
    carried = Note(other.text(), (Signature(ORIGIN, SIGNER.key.key_id, own.signatures[0].payload),))

    # The line holds under our key, for the key is the same; the checkpoint is not ours for all that.
    assert shown(note=own).refused() == {"log", "witnesses"}
    assert shown(note=carried).refused() == {"log", "witnesses"}


# 14 and 15

HONEST = tree(9).path(5)


@pytest.mark.parametrize(
    "path",
    [
        HONEST[1:],
        HONEST[:-1],
        (),
        (*HONEST, bytes(32)),
        (bytes(32), *HONEST),
        (*HONEST, HONEST[-1]),
        HONEST[::-1],
        *((*HONEST[:step], bytes(32), *HONEST[step + 1 :]) for step in range(len(HONEST))),
    ],
)
def test_14_an_inclusion_proof_that_is_bent(path: tuple[Hash, ...]) -> None:
    assert shown(path=path).refused() == {"inclusion"}


@pytest.mark.parametrize("index", [0, 4, 6, 8, 9, 13, 2**53 - 1])
def test_14_the_right_root_and_another_index(index: int) -> None:
    proof = TlogProof(index, HONEST, note_over(CHECKPOINT))

    assert {"inclusion"} <= Shown(entry(5), proof.bytes()).refused()
    # Even where entry and proof agree on the place.
    assert Shown(entry(index), proof.bytes()).refused() == {"inclusion"}


@pytest.mark.parametrize(("size", "root"), [(0, EMPTY_ROOT), (0, tree(9).root), (5, tree(9).root)])
def test_14_a_tree_that_has_no_such_entry(size: int, root: Hash) -> None:
    note = note_over(Checkpoint(ORIGIN, size, root))

    assert shown(note=note).refused() == {"inclusion"}
    assert shown(note=note, path=()).refused() == {"inclusion"}


def test_14_a_path_longer_than_any_tree_is_high() -> None:
    spare = "".join(f"{'A' * 43}=\n" for _ in range(64))

    assert raw(ENTRY, "index 5\n", f"index 5\n{spare}").refused() == {"entry"}


OLD, NEW = 300, 70_000


@pytest.mark.parametrize(
    "bent",
    [
        {"old": NEW, "size": OLD, "old_root": tree(NEW).root, "root": tree(OLD).root},
        {"old": OLD, "size": OLD, "root": tree(OLD).root},
        {"old": OLD, "size": OLD, "root": tree(NEW).root, "proof": ()},
        {"old_root": tree(NEW).root, "root": tree(OLD).root},
        {"proof": tree(NEW).grown(OLD)[::-1]},
        {"proof": tree(NEW).grown(OLD)[1:]},
        {"proof": tree(NEW).grown(OLD)[:-1]},
        {"proof": (*tree(NEW).grown(OLD), bytes(32))},
        {"proof": ()},
        {"proof": (b"short", *tree(NEW).grown(OLD)[1:])},
        {"old": 0, "old_root": EMPTY_ROOT, "proof": ()},
        {"old": OLD - 1},
        {"old": OLD + 1},
        *(
            {"proof": (*tree(NEW).grown(OLD)[:step], bytes(32), *tree(NEW).grown(OLD)[step + 1 :])}
            for step in range(len(tree(NEW).grown(OLD)))
        ),
    ],
)
def test_15_a_consistency_proof_that_is_bent(bent: dict[str, Any]) -> None:
    honest = {"old": OLD, "old_root": tree(OLD).root, "size": NEW, "root": tree(NEW).root}
    check_consistency(tree(NEW).grown(OLD), **honest)  # type: ignore[arg-type]  # one dict of two types

    with pytest.raises(LedgerError):
        check_consistency(**({"proof": tree(NEW).grown(OLD)} | honest | bent))  # type: ignore[arg-type]  # as above


# 16 to 20 are refused by others than a verifier.

ELSEWHERE = {
    "16 lines of a proof to a witness": (
        "ledger/test_witness.py",
        "test_what_is_wrong_has_its_code_and_is_not_cosigned",
    ),
    "17 a stale checkpoint to a copy": ("ledger/test_mirror.py", "test_an_older_checkpoint_is_refused"),
    "18 two roots of one size": ("ledger/test_mirror.py", "test_a_fork_is_refused_and_both_notes_are_kept"),
    "19 a database rolled back": ("ledger/test_log.py", "test_an_older_file_is_refused_at_start"),
    "20 one id, two contents": (
        "traceability/test_journal.py",
        "test_a_statement_id_serves_one_content",
    ),
}


@pytest.mark.parametrize("kind", ELSEWHERE)
def test_16_to_20_are_tested_where_they_belong(kind: str) -> None:
    path, name = ELSEWHERE[kind]
    tests = Path(__file__).resolve().parents[1] / path

    assert f"def {name}(" in tests.read_text(encoding="utf-8")
