"""The pages say how many witnesses have seen what they rest on, and show what enough of them have seen."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from ledger.cosignature import Ed25519Cosigner
from ledger.policy import Policy
from tests import world
from tests.world import RICE_LOT
from web import create_app, showing
from web.database import Services
from web.showing import Heard, Standing, read_standing, write_standing

ONE = Ed25519Cosigner("witness.example/1", sha256(b"one").digest())
TWO = Ed25519Cosigner("witness.example/2", sha256(b"two").digest())
SEEN_AT = 1767225600


@pytest.fixture(name="services")
def opened(tmp_path: Path) -> Iterator[Services]:
    """A chain under a policy that asks for both of two witnesses."""
    with world.opened(tmp_path) as made:
        made.whole_chain()
        logs = "".join(f"log {key.text()}\n" for key, _ in made.services.policy.logs)
        lines = f"witness one {ONE.key.text()}\nwitness two {TWO.key.text()}\ngroup both all one two\n"
        made.services.__dict__["policy"] = Policy.parse(f"{logs}{lines}quorum both\n")
        yield made.services


def cosign(services: Services, *witnesses: Ed25519Cosigner) -> int:
    note = services.log.published() or services.log.publish()
    size = showing.size_of(note)
    services.log.add_cosignatures(size, [each.cosign(note.text, SEEN_AT) for each in witnesses])
    return size


def grow(services: Services) -> None:
    record = {"kind": "trial", "links": {}}
    services.writer.submit(lambda session: services.log.append(session, [record])).result()


def served_size(services: Services) -> int:
    app = create_app(services.settings, services)
    return int(app.test_client().get("/log/checkpoint").text.split("\n")[1])


def test_the_checkpoint_that_is_served_is_the_newest_that_enough_have_seen(services: Services) -> None:
    services.log.publish()
    first = served_size(services)
    cosign(services, ONE, TWO)
    grow(services)
    services.log.publish()
    unseen = served_size(services)
    cosign(services, ONE)
    half = served_size(services)
    cosign(services, ONE, TWO)

    assert (first, unseen, half, served_size(services)) == (first, first, first, first + 1)


def test_an_entry_is_shown_under_what_vouches_for_it_best(services: Services) -> None:
    services.log.publish()
    size = cosign(services, ONE, TWO)
    grow(services)
    published = services.log.publish()
    grow(services)

    found = [showing.covering(services, index) for index in (size - 1, size, size + 1)]

    assert [showing.size_of(note) for note in found] == [size, size + 1, 0]
    assert found[1] == published
    assert [len(showing.seen_by(note, services.policy)) if note else 0 for note in found] == [2, 0, 0]


@pytest.mark.parametrize(("witnesses", "told"), [((), "0 个"), ((ONE,), "1 个"), ((ONE, TWO), "2 个")])
def test_the_shoppers_page_says_how_many_have_seen_it(
    services: Services, witnesses: tuple[Ed25519Cosigner, ...], told: str
) -> None:
    services.log.publish()
    cosign(services, *witnesses)
    app = create_app(services.settings, services)

    page = app.test_client().get(RICE_LOT.removeprefix("https://id.gs1.org"))

    assert f"签署了本页所依据检查点的见证方：{told}" in page.text


def test_a_line_that_fails_makes_the_note_nobodys(services: Services) -> None:
    note = services.log.publish()
    cosign(services, ONE)
    line = TWO.cosign(note.text.replace("\n", "\n1", 1), SEEN_AT)
    services.log.add_cosignatures(showing.size_of(note), [line])

    assert showing.seen_by(services.log.published() or note, services.policy) == frozenset()
    assert showing.count_of("what is no note", services.policy) == 0


def test_what_was_heard_is_told_to_other_processes(tmp_path: Path) -> None:
    standing = Standing(True, "", (Heard("https://w.example", ("w",), "unreachable", "no answer", None),))
    before = read_standing(tmp_path)
    write_standing(tmp_path, standing)

    assert (before, read_standing(tmp_path)) == (None, standing)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"is_held": true, "unsafe": "", "witnesses": [{}]}'])
def test_a_damaged_file_tells_nothing(tmp_path: Path, content: str) -> None:
    (tmp_path / showing.STANDING_FILE).write_text(content, encoding="utf-8")

    assert read_standing(tmp_path) is None


def test_before_anything_is_published_there_is_no_checkpoint(services: Services) -> None:
    app = create_app(services.settings, services)
    before = app.test_client().get("/log/checkpoint")
    services.log.publish()

    after = app.test_client().get("/log/checkpoint")

    assert (before.status_code, after.status_code) == (404, 200)


@pytest.mark.parametrize(
    ("standing", "word"),
    [
        (None, "ok"),
        (Standing(False, "", ()), "ok"),
        (Standing(True, "", ()), "held"),
        (Standing(True, "a witness has cosigned a larger tree", ()), "failed"),
    ],
)
def test_readiness_names_the_witnesses(services: Services, standing: Standing | None, word: str) -> None:
    if standing is not None:
        write_standing(services.settings.instance, standing)
    app = create_app(services.settings, services)

    told = app.test_client().get("/readyz")

    assert (told.status_code, (told.json or {})["checks"]["witnesses"]) == (200, word)
