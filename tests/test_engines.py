"""The private PostgreSQL servers that tests start: whichever is there serves, and leaves nothing behind."""

import shutil
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests import engines


@pytest.mark.parametrize("start", [engines.of_a_package, engines.of_the_system])
def test_each_server_starts_alone_and_stops(start: Callable[[Path], AbstractContextManager[str]]) -> None:
    folder = Path(tempfile.mkdtemp(prefix="jizihao-pg-", dir=engines.SOCKETS))
    try:
        with start(folder) as url:
            engine = create_engine(url)
            with engine.connect() as connection:
                version = connection.execute(text("SHOW server_version_num")).scalar_one()
            engine.dispose()
    except engines.NoServer as why:
        pytest.skip(str(why))
    finally:
        shutil.rmtree(folder, ignore_errors=True)

    assert int(version) >= 140000
    assert not list(folder.glob("**/postmaster.pid"))
