"""A party and its first key are registered together, or not at all."""

from pathlib import Path

import pytest

from tests import world
from traceability.errors import Refused
from traceability.events.registry import PartyRegistered


def test_a_refused_registration_leaves_no_key(tmp_path: Path) -> None:
    with world.opened(tmp_path) as made:
        size = made.services.log.size()
        again = PartyRegistered(
            at=made.clock(), party="mifang", role="processor", division="220182", name="冒名米坊"
        )

        with pytest.raises(Refused):
            made.services.register_party(again)

        assert made.services.log.size() == size
        with made.services.reading() as reader:
            kept = made.services.platform.of_party(reader.connection, "mifang")
        assert len(kept) == 1
