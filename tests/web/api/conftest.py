"""The API over a whole chain, made once for each module."""

from collections.abc import Iterator

import pytest

from tests.programs import Api, served
from web import access


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with served(tmp_path_factory.mktemp("api")) as made:
        yield made


@pytest.fixture(autouse=True)
def no_guesses_yet(api: Api) -> None:
    with api.app.app_context():
        access.limiter.reset()
