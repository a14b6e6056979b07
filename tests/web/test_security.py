"""Headers, and what is sent compressed."""

from pathlib import Path

import pytest

from tests import world
from web import create_app


@pytest.mark.parametrize(
    ("path", "encoding"),
    [
        (world.RICE_LOT, "gzip"),
        ("/log/tile/entries/000.p/{size}", "gzip"),
        ("/log/tile/0/000.p/{size}", None),
        ("/sign-in", None),
    ],
)
def test_what_everybody_reads_is_sent_compressed(tmp_path: Path, path: str, encoding: str | None) -> None:
    with world.opened(tmp_path) as made:
        made.whole_chain()
        made.services.log.publish()
        client = create_app(made.services.settings, made.services).test_client()
        address = path.format(size=made.services.log.size())

        answer = client.get(address, headers={"Accept-Encoding": "gzip"})

        assert (answer.status_code, answer.headers.get("Content-Encoding")) == (200, encoding)
