"""A terminal for tests: a command of `jizihao` in this process, its exit code and what it wrote."""

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from web import commands
from web.language import Language, speaking


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON value on standard output."""
        return json.loads(self.out)


@dataclass(frozen=True, slots=True)
class Terminal:
    """A terminal whose commands all speak of one instance folder."""

    folder: Path
    language: Language = "en"

    def __call__(self, *arguments: str | Path) -> Ran:
        """Run a command, with --instance behind its name."""
        name, *rest = map(str, arguments)
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err), speaking(self.language):
            code = commands.run(["--instance", str(self.folder), name, *rest])
        return Ran(code, out.getvalue(), err.getvalue())

    @classmethod
    def of_new(cls, folder: Path, language: Language = "en") -> "Terminal":
        """Return the terminal of an instance that `jizihao init` has just made in *folder*."""
        made = cls(folder, language)
        ran = made("init", "--origin", "test.example/log", "--base-url", "http://127.0.0.1:8000")
        assert ran.code == 0, ran.err
        return made

    @property
    def size(self) -> int:
        """How many entries the log holds."""
        return len(self("entries", "--json").json)
