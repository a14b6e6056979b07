"""Places where a log's files are put: what is written once stays, in a folder and in a real object store."""

import errno
import os
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from ledger.bucket import S3Outlet
from ledger.errors import Conflict, Malformed
from ledger.outlet import DirectoryOutlet, Outlet, Seen
from ledger.source import LARGEST_BUNDLE, Absent
from tests import objects

TILE = "tile/0/x001/067"
BUNDLE = "tile/entries/000.p/2"


@pytest.fixture(params=["folder", "bucket"])
def outlet(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Outlet]:
    place: Outlet
    if request.param == "folder":
        place = DirectoryOutlet(tmp_path / "log")
    else:
        place = S3Outlet(request.getfixturevalue("bucket_url"))
    with closing(place):
        yield place


@pytest.mark.parametrize("path", [TILE, BUNDLE, "rules/0f/limits.csv", "fork-3-abc"])
def test_what_is_put_stands_there(outlet: Outlet, path: str) -> None:
    assert outlet.put(path, b"\0\1a\0\1b")
    outlet.settle()

    assert outlet.read(path) == b"\0\1a\0\1b"


def test_the_same_bytes_again_are_welcome(outlet: Outlet) -> None:
    outlet.put(TILE, b"hashes")

    assert not outlet.put(TILE, b"hashes")


@pytest.mark.parametrize("path", [TILE, BUNDLE])
@pytest.mark.parametrize("other", [b"other!", b"", b"hashes and more"])
def test_other_bytes_are_refused_and_the_first_stay(outlet: Outlet, path: str, other: bytes) -> None:
    outlet.put(path, b"hashes")

    with pytest.raises(Conflict) as refused:
        outlet.put(path, other)

    assert refused.value.facts["path"] == path
    assert outlet.read(path) == b"hashes"


def test_of_many_at_once_one_wins(outlet: Outlet) -> None:
    contents = [bytes([number]) * 100 for number in range(8)]

    def put(content: bytes) -> bytes | None:
        try:
            return content if outlet.put(TILE, content) else None
        except Conflict:
            return None

    with ThreadPoolExecutor(8) as threads:
        won = [content for content in threads.map(put, contents) if content is not None]

    assert won == [outlet.read(TILE)]


def test_what_is_not_there_is_absent(outlet: Outlet) -> None:
    assert outlet.seen() is None
    with pytest.raises(Absent):
        outlet.read(TILE)


@pytest.mark.parametrize("path", ["../outside", "tile/../../outside", "/outside", "tile//0", ""])
def test_nothing_is_written_outside(outlet: Outlet, path: str) -> None:
    with pytest.raises(Absent):
        outlet.put(path, b"x")


def test_a_checkpoint_is_replaced_by_who_has_seen_it(outlet: Outlet) -> None:
    outlet.replace("checkpoint", b"first")
    first = outlet.seen()
    assert first is not None
    outlet.replace("checkpoint", b"second", first)
    outlet.settle()

    for stale in (first, None):
        with pytest.raises(Conflict):
            outlet.replace("checkpoint", b"third", stale)

    now = outlet.seen()
    assert now is not None
    assert (first.content, now.content) == (b"first", b"second")


def test_a_policy_is_replaced_by_anybody(outlet: Outlet) -> None:
    outlet.replace("policy", b"first")
    outlet.replace("policy", b"second")

    assert outlet.read("policy") == b"second"


@pytest.mark.parametrize("path", [TILE, BUNDLE, "rules/0f/limits.csv"])
def test_nothing_else_is_replaced(outlet: Outlet, path: str) -> None:
    with pytest.raises(Conflict):
        outlet.replace(path, b"x")


# A folder.


def test_a_folder_has_one_writer(tmp_path: Path) -> None:
    with closing(DirectoryOutlet(tmp_path)), pytest.raises(Conflict):
        DirectoryOutlet(tmp_path)

    DirectoryOutlet(tmp_path).close()


def test_what_a_crash_left_unfinished_is_cleared_away(tmp_path: Path) -> None:
    DirectoryOutlet(tmp_path).close()
    (tmp_path / ".unfinished" / "half").write_bytes(b"half")

    with closing(DirectoryOutlet(tmp_path)):
        assert list((tmp_path / ".unfinished").iterdir()) == []


@pytest.mark.parametrize("failing", ["fsync", "link", "replace"])
def test_a_disk_that_fails_leaves_nothing_under_the_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with closing(DirectoryOutlet(tmp_path)) as outlet:
        with monkeypatch.context() as broken:
            broken.setattr(os, failing, fail)
            with pytest.raises(OSError, match="space"):
                outlet.mend(TILE, b"x") if failing == "replace" else outlet.put(TILE, b"x")

        assert not (tmp_path / TILE).exists()
        assert outlet.put(TILE, b"hashes")


@pytest.mark.parametrize(("theirs", "refused"), [(b"hashes", False), (b"others", True)])
def test_who_comes_a_moment_too_late_looks_what_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, theirs: bytes, *, refused: bool
) -> None:
    link = os.link

    def late(written: Path, target: Path) -> None:
        target.write_bytes(theirs)
        link(written, target)

    monkeypatch.setattr(os, "link", late)
    with closing(DirectoryOutlet(tmp_path)) as outlet:
        if refused:
            with pytest.raises(Conflict):
                outlet.put(TILE, b"hashes")
        else:
            assert not outlet.put(TILE, b"hashes")

        assert outlet.read(TILE) == theirs


def test_what_is_proven_takes_the_place_of_what_is_not(tmp_path: Path) -> None:
    with closing(DirectoryOutlet(tmp_path)) as outlet:
        outlet.put(TILE, b"junk")

        assert [outlet.mend(TILE, b"hashes"), outlet.mend(TILE, b"hashes")] == [True, False]
        assert outlet.read(TILE) == b"hashes"


def test_every_folder_on_the_way_is_made_durable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[str] = []
    fsync = os.fsync

    def noted(number: int) -> None:
        synced.append(str(Path(f"/proc/self/fd/{number}").readlink()))
        fsync(number)

    with closing(DirectoryOutlet(tmp_path / "log")) as outlet:
        outlet.put(TILE, b"hashes")
        monkeypatch.setattr(os, "fsync", noted)
        outlet.settle()

    log = tmp_path / "log"
    assert {*map(str, (tmp_path, log, log / "tile", log / "tile/0", log / "tile/0/x001"))} <= {*synced}


# A bucket.


def _head(url: str, path: str) -> dict[str, Any]:
    import boto3  # noqa: PLC0415 -- only where the store runs

    client = boto3.session.Session().client("s3")
    try:
        prefix = url.removeprefix(f"s3://{objects.BUCKET}/")
        found: dict[str, Any] = client.head_object(Bucket=objects.BUCKET, Key=f"{prefix}/{path}")
        return found
    finally:
        client.close()


@pytest.mark.parametrize(
    ("path", "kind", "packed"),
    [
        (TILE, "application/octet-stream", None),
        (BUNDLE, "application/octet-stream", "gzip"),
        ("rules/0f/limits.csv", "text/csv; charset=utf-8", None),
        ("rules/0f/manifest.json", "application/json", None),
    ],
)
def test_an_object_says_what_it_is_and_that_it_stays(
    bucket_url: str, path: str, kind: str, packed: str | None
) -> None:
    with closing(S3Outlet(bucket_url)) as outlet:
        outlet.put(path, b"content")

    head = _head(bucket_url, path)

    told = (head["ContentType"], head.get("ContentEncoding"), head["CacheControl"])
    assert told == (kind, packed, "public, max-age=31536000, immutable")


def test_a_checkpoint_is_not_kept_on_the_way(bucket_url: str) -> None:
    with closing(S3Outlet(bucket_url)) as outlet:
        outlet.replace("checkpoint", b"note")

    head = _head(bucket_url, "checkpoint")

    assert (head["ContentType"], head["CacheControl"]) == ("text/plain; charset=utf-8", "no-store")


def test_the_store_itself_refuses_a_second_write(bucket_url: str) -> None:
    """Write-once is not our own good manners: a client that is not ours is refused by the store."""
    import boto3  # noqa: PLC0415 -- only where the store runs
    from botocore.exceptions import ClientError  # noqa: PLC0415 -- likewise

    with closing(S3Outlet(bucket_url)) as outlet:
        outlet.put(TILE, b"hashes")
    key = f"{bucket_url.removeprefix(f's3://{objects.BUCKET}/')}/{TILE}"
    client = boto3.session.Session().client("s3")

    with closing(client), pytest.raises(ClientError) as refused:
        client.put_object(Bucket=objects.BUCKET, Key=key, Body=b"other", IfNoneMatch="*")

    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 412


def test_two_who_saw_one_checkpoint_cannot_both_replace_it(bucket_url: str) -> None:
    with closing(S3Outlet(bucket_url)) as one, closing(S3Outlet(bucket_url)) as other:
        one.replace("checkpoint", b"first")
        seen = (one.seen(), other.seen())
        start = threading.Barrier(2)

        def replace(outlet: S3Outlet, content: bytes, mark: Seen | None) -> bool:
            start.wait()
            try:
                outlet.replace("checkpoint", content, mark)
            except Conflict:
                return False
            return True

        with ThreadPoolExecutor(2) as threads:
            won = list(threads.map(replace, (one, other), (b"mine", b"yours"), seen))

        assert sorted(won) == [False, True]


def test_a_bucket_that_is_not_there_is_told_with_its_address(bucket_url: str) -> None:
    place = bucket_url.replace(objects.BUCKET, "nowhere")

    with closing(S3Outlet(place)) as outlet, pytest.raises(OSError, match="NoSuchBucket") as told:
        outlet.put(TILE, b"x")

    assert told.value.filename == f"{place}/{TILE}"


def test_a_store_that_is_not_there_is_told(bucket_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")

    with closing(S3Outlet(bucket_url)) as outlet, pytest.raises(OSError) as told:  # noqa: PT011 -- the address tells
        outlet.read(TILE)

    assert told.value.filename == f"{bucket_url}/{TILE}"


def test_an_object_larger_than_it_can_be_is_refused(bucket_url: str) -> None:
    with closing(S3Outlet(bucket_url)) as outlet:
        outlet.put(BUNDLE, bytes(LARGEST_BUNDLE + 1))

        with pytest.raises(Malformed):
            outlet.read(BUNDLE)


@pytest.mark.parametrize(
    "place",
    ["s3://", "s3:///prefix", "s3://bucket/?x=1", "http://bucket/prefix", "s3://me:secret@bucket/log"],
)
def test_an_address_of_something_else_is_refused_and_not_repeated(place: str) -> None:
    with pytest.raises(Malformed) as refused:
        S3Outlet(place)

    assert "secret" not in f"{refused.value} {refused.value.facts}"


def test_without_boto3_there_is_no_bucket(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "boto3", None)

    with pytest.raises(ModuleNotFoundError):
        S3Outlet("s3://bucket/prefix")
