"""A checkpoint is three lines in one spelling."""

from base64 import b64decode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.checkpoint import LONGEST_ORIGIN, Checkpoint
from ledger.errors import Malformed
from ledger.merkle import EMPTY_ROOT, leaf_hash, root_of
from ledger.note import Note, VerifierKey, verified
from ledger.spelling import LARGEST

ROOT = "gy5gl3aksFyiCO95a/1vLXz88A3dRq+0l9Sxte8ZqZQ="
TEXT = f"jilin.example/trace-ledger\n5\n{ROOT}\n"


def test_a_checkpoint_of_another_implementation_is_read_and_verified() -> None:
    words = b"one two three four five six seven eit nain ten ileven twelf threeten fourten fivten".split()
    key = VerifierKey.parse("example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx")
    note = Note.parse(
        "example.com/log/testdata\n15\nrKbDipCvhuX1GZ7g5BBe8sA6BbJ7ja/1nk427v383cs=\n\n"
        "— example.com/log/testdata M9e0luh4jTG+UMBqOUo9/q+yAEvx1ilBEniMvjf1zfcBOhg+CKubMt53MvIt/"
        "uEWP6zdkdIQzd/fmwlM/dlPWF74ewI=\n".encode()
    )

    checkpoint = Checkpoint.parse(note.text)

    assert checkpoint == Checkpoint(
        "example.com/log/testdata", 15, root_of(leaf_hash(word) for word in words)
    )
    assert verified(note, [key]) == (key,)


def test_a_checkpoint_is_spelt_as_it_was_read() -> None:
    checkpoint = Checkpoint.parse(TEXT)

    assert checkpoint == Checkpoint("jilin.example/trace-ledger", 5, b64decode(ROOT))
    assert checkpoint.text() == TEXT


LINES = st.text(st.characters(min_codepoint=0x20, exclude_categories=["Cs"]), min_size=1, max_size=40)


@given(LINES, st.integers(0, LARGEST), st.binary(min_size=32, max_size=32), st.lists(LINES, max_size=3))
def test_every_checkpoint_can_be_read_again(
    origin: str, size: int, root: bytes, extension: list[str]
) -> None:
    checkpoint = Checkpoint(origin, size, root, tuple(extension))

    assert Checkpoint.parse(checkpoint.text()) == checkpoint


@pytest.mark.parametrize("size", ["+5", "05", " 5", "5 ", "５", "5_0", "-5", "", "0x5", "5.0", str(2**63)])
def test_other_spellings_of_the_size_are_refused(size: str) -> None:
    with pytest.raises(Malformed):
        Checkpoint.parse(TEXT.replace("\n5\n", f"\n{size}\n"))


@pytest.mark.parametrize("root", [ROOT[:-1], ROOT.replace("ZQ=", "ZR="), f" {ROOT}", "QQ==", "", ROOT + ROOT])
def test_other_spellings_of_the_root_are_refused(root: str) -> None:
    with pytest.raises(Malformed):
        Checkpoint.parse(TEXT.replace(ROOT, root))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        TEXT[:-1],
        "\n" + TEXT,
        TEXT + "\n",
        TEXT + "\n\n",
        TEXT + "\n\nmore\n",
        TEXT + "more",
        TEXT.replace("\n", "\r\n"),
        TEXT.replace("\n5\n", "\n"),
        TEXT.replace("jilin.example/trace-ledger", ""),
        TEXT.replace("trace", "tr\tace"),
        TEXT.replace("trace", "tr\0ace"),
        TEXT.replace("trace", "tr\ud800ace"),
    ],
)
def test_what_is_not_three_lines_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        Checkpoint.parse(text)


@pytest.mark.parametrize("origin", ["a" * LONGEST_ORIGIN, "稻" * (LONGEST_ORIGIN // 3)])
def test_an_origin_has_at_most_255_bytes(origin: str) -> None:
    assert Checkpoint.parse(Checkpoint(origin, 0, EMPTY_ROOT).text()).origin == origin
    with pytest.raises(Malformed):
        Checkpoint(origin + "a", 0, EMPTY_ROOT)


@pytest.mark.parametrize(("size", "root"), [(-1, EMPTY_ROOT), (2**63, EMPTY_ROOT), (5, b""), (5, bytes(31))])
def test_a_checkpoint_has_a_size_and_a_root(size: int, root: bytes) -> None:
    with pytest.raises(Malformed):
        Checkpoint("jilin.example/trace-ledger", size, root)
