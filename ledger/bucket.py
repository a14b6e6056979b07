"""A log's files in an object store that speaks S3; the store itself refuses to write anything twice.

    s3://<bucket>/<prefix>          the address; endpoint and credentials come from the usual AWS_… variables
    PUT  If-None-Match: *           tiles, entries, rules: 412 where the name is taken
    PUT  If-Match: <ETag>           the checkpoint: 412 where somebody else has replaced it since

Entries are kept packed with gzip, and are told to be so (Content-Encoding), as c2sp.org/tlog-tiles allows.
The store must know conditional writes. SeaweedFS is tried in our tests; Amazon S3 and others promise them.
"""

import errno
import gzip
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from ledger.errors import Conflict, Malformed
from ledger.outlet import CHECKPOINT, REPLACEABLE, Seen, cache_control, content_type
from ledger.source import Absent, check_length, check_path, gunzipped, largest

SCHEME = "s3://"
_ATTEMPTS = 5
_CONNECTIONS = 16
_TIMEOUT = 30
_PAUSE = 0.1
"""Seconds to wait before the first further try, where two wrote at once; twice as many before the next."""
# Two conditional writes of one name at one moment: neither has won yet.
_TOGETHER = "ConditionalRequestConflict"
_TAKEN = frozenset({"PreconditionFailed", "412"})
_MISSING = frozenset({"NoSuchKey", "404"})


class _Refused(Exception):
    """The store did not do it, for this reason."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class S3Outlet:
    """The objects below a prefix of a bucket. Raises `ModuleNotFoundError` where boto3 is not installed."""

    def __init__(self, place: str) -> None:
        bucket, _, prefix = place.removeprefix(SCHEME).partition("/")
        # Secrets do not belong into an address, and one that holds some is not repeated.
        if not place.startswith(SCHEME) or not bucket or set(place) & set("?#@"):
            raise Malformed("not the address of a bucket: s3://, its name, and perhaps a prefix")
        self.place = place.rstrip("/")
        self._bucket = bucket
        self._prefix = prefix.strip("/")
        with self._told(""):
            self._client = _client()

    def read(self, path: str) -> bytes:
        """Return an object's bytes, unpacked."""
        check_path(path)
        return self._got(path).content

    def put(self, path: str, content: bytes) -> bool:
        """Write *content* once; the store refuses a second time, and then the bytes must be the same."""
        check_path(path)
        try:
            self._send(path, content, IfNoneMatch="*")
        except _Refused as why:
            if why.code not in _TAKEN:
                raise self._failed(why.code, path) from None
            if self.read(path) != content:
                raise Conflict("other bytes stand under this path", facts={"path": path}) from None
            return False
        return True

    def settle(self) -> None:
        """Nothing to wait for: a store answers once an object is durable."""

    def seen(self) -> Seen | None:
        """Return the checkpoint, marked by the ETag under which the store knows it."""
        try:
            return self._got(CHECKPOINT)
        except Absent:
            return None

    def replace(self, path: str, content: bytes, seen: Seen | None = None) -> None:
        """Replace an object; the checkpoint only if it is still the one that was *seen*."""
        if path not in REPLACEABLE:
            raise Conflict("this path is written once", facts={"path": path})
        condition = {}
        if path == CHECKPOINT:
            condition = {"IfNoneMatch": "*"} if seen is None else {"IfMatch": seen.mark}
        try:
            self._send(path, content, **condition)
        except _Refused as why:
            if why.code not in _TAKEN:
                raise self._failed(why.code, path) from None
            # An answer may be lost on its way; asked again, the store refuses what it has done already.
            if self.read(path) != content:
                reason = "another checkpoint stands here than the one that was read"
                raise Conflict(reason, facts={"path": path}) from None

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def _key(self, path: str) -> str:
        return f"{self._prefix}/{path}" if self._prefix else path

    def _got(self, path: str) -> Seen:
        try:
            with self._told(path):
                answer = self._client.get_object(Bucket=self._bucket, Key=self._key(path))
                with answer["Body"] as body:
                    content = body.read(largest(path) + 1)
        except _Refused as why:
            if why.code in _MISSING:
                raise Absent(path) from None
            raise self._failed(why.code, path) from None
        check_length(content, path)
        if answer.get("ContentEncoding") == "gzip":
            content = gunzipped(content, path)
        return Seen(content, answer["ETag"])

    def _send(self, path: str, content: bytes, **condition: str) -> None:
        told = {"ContentType": content_type(path), "CacheControl": cache_control(path)}
        if path.startswith("tile/entries/"):
            content, told["ContentEncoding"] = gzip.compress(content, 6, mtime=0), "gzip"
        for attempt in range(_ATTEMPTS):
            try:
                with self._told(path):
                    self._client.put_object(
                        Bucket=self._bucket, Key=self._key(path), Body=content, **told, **condition
                    )
                return
            except _Refused as why:
                if why.code != _TOGETHER or attempt + 1 == _ATTEMPTS:
                    raise
                time.sleep(_PAUSE * 2**attempt)

    @contextmanager
    def _told(self, path: str) -> Iterator[None]:
        """Turn boto3's errors into a code of the store, or into `OSError` where there was no answer."""
        errors = import_module("botocore.exceptions")
        try:
            yield
        except errors.ClientError as why:
            raise _Refused(str(why.response["Error"]["Code"])) from None
        except (errors.BotoCoreError, errors.HTTPClientError, ValueError) as why:
            # ValueError: an endpoint in the environment that is none.
            raise self._failed(str(why), path) from None

    def _failed(self, reason: str, path: str) -> OSError:
        return OSError(errno.EIO, reason, f"{self.place}/{path}")


def _client() -> Any:
    """Return a client of the store that the environment names."""
    boto3, config = import_module("boto3"), import_module("botocore.config")
    return boto3.session.Session().client(
        "s3",
        config=config.Config(
            retries={"mode": "standard", "total_max_attempts": _ATTEMPTS},
            connect_timeout=_TIMEOUT,
            read_timeout=_TIMEOUT,
            max_pool_connections=_CONNECTIONS,
        ),
    )
