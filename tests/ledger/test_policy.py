"""A policy says whose signatures suffice, and every doubt about what it says is an error."""

from hashlib import sha256
from itertools import chain, combinations

import pytest

from ledger.cosignature import Ed25519Cosigner, MLDSA44Cosigner
from ledger.errors import Malformed
from ledger.note import Ed25519Signer
from ledger.policy import Group, Policy

ORIGIN = "jilin.example/trace-ledger"


def seed(name: str) -> bytes:
    return sha256(name.encode()).digest()


LOG = Ed25519Signer(ORIGIN, seed("log")).key
LATTICE = MLDSA44Cosigner(ORIGIN, seed("log")).key
OTHER = Ed25519Signer("other.example/log", seed("other")).key
WITNESSES = {
    name: Ed25519Cosigner(f"witness.example/{name}", seed(name)).key
    for name in ("X1", "X2", "X3", "Y1", "Y2")
}
X1, X2, X3, Y1, Y2 = (key.text() for key in WITNESSES.values())
DEFINED = f"log {LOG.text()}\n" + "".join(f"witness {name} {key.text()}\n" for name, key in WITNESSES.items())
TWO_LEVELS = (
    f"{DEFINED}group X-witnesses 2 X1 X2 X3\ngroup Y-witnesses any Y1 Y2\n"
    "group X-and-Y all X-witnesses Y-witnesses\nquorum X-and-Y\n"
)


def test_a_policy_names_logs_witnesses_groups_and_a_quorum() -> None:
    policy = Policy.parse(
        f"# 吉林\n\nlog {LOG.text()} https://jilin.example/log/\n\tlog\t{LATTICE.text()} \n"
        f"  # both keys of one log\nlog {OTHER.text()}\nwitness X1 {X1} https://witness.example/\n"
        f"witness 农大 {X2}\ngroup both all X1 农大\nquorum both\n"
    )

    assert policy == Policy(
        logs=((LOG, "https://jilin.example/log/"), (LATTICE, None), (OTHER, None)),
        witnesses={"X1": (WITNESSES["X1"], "https://witness.example/"), "农大": (WITNESSES["X2"], None)},
        groups={"both": Group(2, ("X1", "农大"))},
        quorum="both",
    )
    assert policy.keys_of(ORIGIN) == (LOG, LATTICE)
    assert policy.keys_of("unknown.example/log") == ()


def test_a_policy_is_spelt_in_one_way_and_told_by_its_digest() -> None:
    spaced = TWO_LEVELS.replace(" ", " \t ").replace("\n", "\n# comment\n\n")

    policy = Policy.parse(spaced)

    expected = TWO_LEVELS.replace("any Y1 Y2", "1 Y1 Y2").replace("all X-wit", "2 X-wit")
    assert (policy.text(), policy.digest()) == (expected, sha256(expected.encode()).digest())
    assert Policy.parse(policy.text()) == policy


def met(policy: Policy, names: tuple[str, ...]) -> bool:
    return policy.quorum_met(set(names))


def test_two_levels_of_groups_are_counted() -> None:
    policy = Policy.parse(TWO_LEVELS)
    names = list(WITNESSES)
    subsets = list(chain.from_iterable(combinations(names, count) for count in range(len(names) + 1)))

    enough = [subset for subset in subsets if met(policy, subset)]

    assert enough == [
        subset
        for subset in subsets
        if len({"X1", "X2", "X3"} & set(subset)) >= 2 and {"Y1", "Y2"} & set(subset)
    ]


@pytest.mark.parametrize(
    ("quorum", "cosigned", "enough"),
    [
        ("quorum none\n", set(), True),
        ("quorum X1\n", {"X1"}, True),
        ("quorum X1\n", {"X2"}, False),
        ("quorum X1\n", set(), False),
        ("group g 1 X1 X2\nquorum g\n", {"X3"}, False),
        ("group g 2 X1 X2\nquorum g\n", {"X1"}, False),
        ("group g 2 X1 X2\nquorum g\n", {"X1", "X2"}, True),
        ("group g any X1 X2\nquorum g\n", {"g"}, False),
        ("group g any X1 X2\nquorum g\n", {"stranger", "none"}, False),
        ("group g any X1\ngroup h 2 g X2 X3\nquorum h\n", {"X1", "X3"}, True),
        ("group g any X1\ngroup h 2 g X2 X3\nquorum h\n", {"X1"}, False),
        ("group g any X1\nquorum X2\n", {"X1"}, False),
    ],
)
def test_only_the_quorum_counts_and_only_witnesses_count_for_it(
    *, quorum: str, cosigned: set[str], enough: bool
) -> None:
    assert Policy.parse(DEFINED + quorum).quorum_met(cosigned) is enough


LAST = "quorum none\n"
LOG_RENAMED = Ed25519Signer("b", seed("log")).key.text()
X1_RENAMED = Ed25519Cosigner("b", seed("X1")).key.text()
FORBIDDEN = {
    "no quorum": DEFINED,
    "nothing": "",
    "two quorums": DEFINED + LAST + LAST,
    "an undefined quorum": DEFINED + "quorum Z\n",
    "a quorum before its name": f"quorum X1\nwitness X1 {X1}\n",
    "a quorum of two names": DEFINED + "quorum X1 X2\n",
    "a quorum without a name": DEFINED + "quorum\n",
    "no final newline": DEFINED + "quorum none",
    "an unknown word": DEFINED + "mirror X1\n" + LAST,
    "a word in capitals": DEFINED + "QUORUM none\n",
    "a log without a key": "log\n" + LAST,
    "a log with two addresses": f"log {LOG.text()} a b\n" + LAST,
    "a log key that is no key": "log jilin.example\n" + LAST,
    "a log with a witness's key": f"log {X1}\n" + LAST,
    "a witness with a log's key": f"witness X1 {LOG.text()}\n" + LAST,
    "a witness without a key": "witness X1\n" + LAST,
    "a witness with two addresses": f"witness X1 {X1} a b\n" + LAST,
    "a witness named none": f"witness none {X1}\n" + LAST,
    "a witness defined twice": f"witness X1 {X1}\nwitness X1 {X2}\n" + LAST,
    "a log key twice": f"log {LOG.text()}\nlog {LOG.text()}\n" + LAST,
    "a log key under two names": f"log {LOG.text()}\nlog {LOG_RENAMED}\n" + LAST,
    "a witness key under two names": f"witness X1 {X1}\nwitness X2 {X1}\n" + LAST,
    "a witness key under two key names": f"witness X1 {X1}\nwitness X2 {X1_RENAMED}\n" + LAST,
    "a group with a witness's name": DEFINED + "group X1 any X2\n" + LAST,
    "a group named none": DEFINED + "group none any X2\n" + LAST,
    "a group defined twice": DEFINED + "group g any X1\ngroup g any X2\n" + LAST,
    "a group without members": DEFINED + "group g any\n" + LAST,
    "a group of all its no members": DEFINED + "group g all\n" + LAST,
    "a group without a threshold": DEFINED + "group g\n" + LAST,
    "a group of itself": DEFINED + "group g any g\n" + LAST,
    "a group with a member that is not defined yet": f"group g any X1\nwitness X1 {X1}\n" + LAST,
    "a group with none as member": DEFINED + "group g any none\n" + LAST,
    "a group with a log as member": DEFINED + f"group g any {ORIGIN}\n" + LAST,
    "a member twice in a group": DEFINED + "group g 2 X1 X1\n" + LAST,
    "a member of two groups": DEFINED + "group g any X1 X2\ngroup h any X1 X3\n" + LAST,
    "a group in two groups": DEFINED + "group g any X1\ngroup h any g\ngroup i any g\n" + LAST,
    "a comment after a key": f"log {LOG.text()} #comment\n" + LAST,
    "a comment after a quorum": DEFINED + "quorum none # comment\n",
    "a comment after a group": DEFINED + "group g any X1 # comment\n" + LAST,
    "a carriage return": DEFINED.replace("\n", "\r\n") + LAST,
    "a NUL": DEFINED + "# \0\n" + LAST,
    "a form feed": DEFINED + "quorum\fnone\n",
    "a vertical tab": DEFINED + "# \v\n" + LAST,
    "a delete": DEFINED + "# \x7f\n" + LAST,
    "a lone surrogate": DEFINED + f"witness \ud800 {MLDSA44Cosigner('b', seed('b')).key.text()}\n" + LAST,
}  # fmt: skip


@pytest.mark.parametrize("text", FORBIDDEN.values(), ids=FORBIDDEN.keys())
def test_a_doubtful_policy_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        Policy.parse(text)


@pytest.mark.parametrize(
    ("threshold", "accepted"),
    [
        ("1", True),
        ("3", True),
        ("any", True),
        ("all", True),
        ("0", False),
        ("4", False),
        ("+1", False),
        ("01", False),
        ("1_0", False),
        ("２", False),
        ("-1", False),
        ("Any", False),
        ("k", False),
    ],
)
def test_a_threshold_is_a_number_of_members(*, threshold: str, accepted: bool) -> None:
    text = f"{DEFINED}group g {threshold} X1 X2 X3\nquorum g\n"

    try:
        found = Policy.parse(text).quorum
    except Malformed:
        found = None

    assert found == ("g" if accepted else None)


def test_a_refusal_names_the_line() -> None:
    with pytest.raises(Malformed) as caught:
        Policy.parse(f"# comment\nlog {LOG.text()}\n\nwitness X1 {LOG.text()}\n")

    assert caught.value.facts == {"kind": 1, "line": 4}


def test_names_are_bytes_and_need_not_be_text() -> None:
    # A Kelvin sign is not a K, an unbreakable space parts nothing, and 0xFF is a name like any other.
    spelled = (
        f"witness K {X1}\nwitness \u212a {X2}\nwitness a\u00a0b {X3}\n".encode()
        + b"witness \xff "
        + Y1.encode()
        + b"\n"
    )
    spelled += b"group g 4 K \xe2\x84\xaa a\xc2\xa0b \xff\nquorum g\n"

    policy = Policy.parse(spelled)

    assert list(policy.witnesses) == ["K", "\u212a", "a\u00a0b", "\udcff"]
    assert policy.digest() == sha256(spelled).digest()
    assert policy.quorum_met(set(policy.witnesses))
    assert not policy.quorum_met({"K", "a\u00a0b", "\udcff"})


@pytest.mark.parametrize("separator", ["\u2028", "\u0085", "\x1c"])
def test_only_a_newline_ends_a_line(separator: str) -> None:
    with pytest.raises(Malformed):
        Policy.parse(f"# comment{separator}quorum none\n")


@pytest.mark.parametrize("count", [32, 200])
def test_many_logs_witnesses_and_groups_are_supported(count: int) -> None:
    lines = [f"log {Ed25519Signer(f'log.example/{n}', seed(f'log {n}')).key.text()}" for n in range(count)]
    lines += [
        f"witness w{n} {Ed25519Cosigner(f'w.example/{n}', seed(f'w {n}')).key.text()}" for n in range(count)
    ]
    lines += [
        "group g0 any w0",
        *(f"group g{n} all g{n - 1} w{n}" for n in range(1, count)),
        f"quorum g{count - 1}",
    ]

    policy = Policy.parse("\n".join(lines) + "\n")

    assert (len(policy.logs), len(policy.witnesses), len(policy.groups)) == (count, count, count)
    assert policy.quorum_met(set(policy.witnesses))
    assert not policy.quorum_met(set(policy.witnesses) - {"w0"})


@pytest.mark.parametrize(
    ("witnesses", "groups", "quorum"),
    [
        ({"X1": (WITNESSES["X1"], None)}, {}, "X2"),
        ({"X 1": (WITNESSES["X1"], None)}, {}, "none"),
        ({"X1": (WITNESSES["X1"], "two words")}, {}, "none"),
        ({"X1": (WITNESSES["X1"], "a\nquorum none")}, {}, "none"),
        ({"X1": (LOG, None)}, {}, "none"),
        ({"X1": (WITNESSES["X1"], None)}, {"g": Group(1, ("h",)), "h": Group(1, ("X1",))}, "g"),
        ({"X1": (WITNESSES["X1"], None)}, {}, "none\nlog"),
        ({"X1": (WITNESSES["X1"], None)}, {}, "none "),
    ],
)
def test_a_policy_made_in_code_obeys_the_same_rules(
    witnesses: dict[str, tuple[object, str | None]], groups: dict[str, Group], quorum: str
) -> None:
    with pytest.raises(Malformed):
        Policy(logs=(), witnesses=witnesses, groups=groups, quorum=quorum)  # type: ignore[arg-type]


@pytest.mark.parametrize(("threshold", "members"), [(0, ("a",)), (2, ("a",)), (0, ()), (1, ())])
def test_a_group_asks_for_some_or_all_of_its_members(threshold: int, members: tuple[str, ...]) -> None:
    with pytest.raises(Malformed):
        Group(threshold, members)
