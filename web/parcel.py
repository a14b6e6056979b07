"""One file that holds several, and in which no byte can be changed unnoticed: a plain tar that any tar lists.

    manifest.json    {"about":{…},"mac":"<base64>","members":[{"name":…,"sha256":…,"size":…},…],"v":1}
    <member>         in the order of the manifest, which gives each one's length and SHA-256
    …

The MAC is HMAC-SHA-256 under a key of this instance, over "jizihao/parcel/v1", a zero byte and the manifest
without it. Whoever reads computes every header, every padding and the end from the manifest, and takes no
other bytes in their place: what this program did not write, it does not read.
"""

import hashlib
import hmac
import os
import re
import tarfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from ledger import canonical
from ledger.canonical import Json
from ledger.errors import Malformed, NotProven
from ledger.spelling import base64_bytes, base64_text

MANIFEST = "manifest.json"
LARGEST_MANIFEST = 2**20

Progress = Callable[[int, int], None]
"""Called with how many bytes are done, and how many there are."""

_BLOCK = 512
_CHUNK = 2**20
_END = bytes(2 * _BLOCK)
_PURPOSE = b"jizihao/parcel/v1\x00"
_NAME = re.compile(r"[a-z0-9][a-z0-9.-]*(/[a-z0-9][a-z0-9.-]*)?")


@dataclass(frozen=True, slots=True)
class Member:
    """A file within the parcel."""

    name: str
    size: int
    sha256: str

    @classmethod
    def of(cls, name: str, path: Path) -> "Member":
        """Return the member that the file at *path* becomes."""
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        return cls(name, path.stat().st_size, digest)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a parcel says that it holds."""

    about: Mapping[str, Json]
    members: tuple[Member, ...]

    def spelt(self, key: bytes) -> bytes:
        """Spell the manifest with its MAC under *key*."""
        said = {"about": dict(self.about), "members": [_said(each) for each in self.members], "v": 1}
        return canonical.dumps(said | {"mac": base64_text(_mac(key, canonical.dumps(said)))})

    @classmethod
    def parse(cls, spelt: bytes, key: bytes) -> "Manifest":
        """Read what `spelt` wrote; `Malformed` for another form, `NotProven` where the MAC does not hold."""
        said = canonical.loads(spelt)
        try:
            mac = base64_bytes(said.pop("mac"))
            found = cls(said["about"], tuple(Member(**each) for each in said["members"]))
        except (AttributeError, KeyError, TypeError) as error:
            raise Malformed("not the manifest of a parcel") from error
        if not hmac.compare_digest(mac, _mac(key, canonical.dumps(said))):
            raise NotProven("the manifest was changed, or another instance made it")
        if found.spelt(key) != spelt or not all(_NAME.fullmatch(each.name) for each in found.members):
            raise Malformed("not the manifest of a parcel")
        return found


def _said(member: Member) -> dict[str, Json]:
    return {"name": member.name, "sha256": member.sha256, "size": member.size}


def _mac(key: bytes, said: bytes) -> bytes:
    return hmac.digest(key, _PURPOSE + said, hashlib.sha256)


def pack(target: Path, key: bytes, about: Mapping[str, Json], files: Sequence[tuple[str, Path]]) -> str:
    """Write the new file *target*, for its owner alone, and bring it to the disk.

    Returns the SHA-256 of its manifest. *files* are the members, each with where its bytes are now.
    """
    manifest = Manifest(about, tuple(Member.of(name, path) for name, path in files))
    spelt = manifest.spelt(key)
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(_header(MANIFEST, len(spelt)) + spelt + _padding(len(spelt)))
        for member, (_, path) in zip(manifest.members, files, strict=True):
            out.write(_header(member.name, member.size))
            for chunk in _unchanged(path, member):
                out.write(chunk)
            out.write(_padding(member.size))
        out.write(_END)
        out.flush()
        os.fsync(out.fileno())
    return hashlib.sha256(spelt).hexdigest()


def _unchanged(path: Path, member: Member) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from _checked(file, member)


def manifest_of(source: Path, key: bytes) -> tuple[Manifest, str]:
    """Return the manifest of the parcel *source* and its SHA-256; the members are not looked at."""
    with source.open("rb") as file:
        spelt = _read_manifest(file)
    return Manifest.parse(spelt, key), hashlib.sha256(spelt).hexdigest()


def unpack(source: Path, key: bytes, folder: Path, progress: Progress = lambda _done, _all: None) -> None:
    """Write every member of the parcel *source* below *folder*.

    `Malformed` or `NotProven` if a single byte is not the one that was written; then what lies in *folder*
    is nothing.
    """
    with source.open("rb") as file:
        spelt = _read_manifest(file)
        manifest, done, every = Manifest.parse(spelt, key), 0, source.stat().st_size
        _expect(file, _padding(len(spelt)))
        for member in manifest.members:
            _expect(file, _header(member.name, member.size))
            place = folder / member.name
            place.parent.mkdir(exist_ok=True, mode=0o700)
            with place.open("xb") as out:
                for chunk in _checked(file, member):
                    out.write(chunk)
                    progress(done := done + len(chunk), every)
            _expect(file, _padding(member.size))
        _expect(file, _END)
        _expect(file, b"", more=1)


def unproven_member(source: Path, name: str, *, largest: int) -> bytes | None:
    """Return the bytes of a small member as they stand, before there is a key to check them with."""
    try:
        with tarfile.open(source, "r:") as archive:
            found = archive.extractfile(name)
            return None if found is None else found.read(largest)
    except (KeyError, tarfile.TarError):
        return None


def _read_manifest(file: BinaryIO) -> bytes:
    header = file.read(_BLOCK)
    try:
        size = tarfile.TarInfo.frombuf(header, "ascii", "strict").size
    except (tarfile.TarError, ValueError):
        raise Malformed("not a parcel of ours") from None
    if size > LARGEST_MANIFEST or header != _header(MANIFEST, size):
        raise Malformed("not a parcel of ours")
    spelt = file.read(size)
    if len(spelt) != size:
        raise Malformed("the file ends too early", facts={"member": MANIFEST})
    return spelt


def _checked(file: BinaryIO, member: Member) -> Iterator[bytes]:
    """Yield the next bytes of *file*, and raise at their end unless they are *member*."""
    digest, left = hashlib.sha256(), member.size
    while left:
        chunk = file.read(min(left, _CHUNK))
        if not chunk:
            raise Malformed("the file ends too early", facts={"member": member.name})
        digest.update(chunk)
        left -= len(chunk)
        yield chunk
    if digest.hexdigest() != member.sha256:
        raise NotProven("a member was changed", facts={"member": member.name})


def _expect(file: BinaryIO, wanted: bytes, *, more: int = 0) -> None:
    if file.read(len(wanted) + more) != wanted:
        raise Malformed("not as it was written", facts={"position": file.tell()})


def _header(name: str, size: int) -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    # GNU's form, which alone spells a member beyond 8 GiB.
    return info.tobuf(tarfile.GNU_FORMAT, "ascii", "strict")


def _padding(size: int) -> bytes:
    return bytes(-size % _BLOCK)
