"""What a plot says of itself beyond its size: 高标准农田, and the name that it is counted to."""

from pathlib import Path

from sqlalchemy import select

from ledger import canonical
from tests import world as worlds
from traceability import tables
from traceability.codec import to_json

PLOT = "h123456789abcdefghjkmnpqrs"


def test_a_plot_says_whether_it_is_high_standard_farmland(tmp_path: Path) -> None:
    with worlds.opened(tmp_path) as world:
        world.say(
            "heitu",
            "plot-registered",
            plot=PLOT,
            division="220283",
            commodity="paddy",
            area_ha="2",
            gi="舒兰大米",
            high_standard=True,
            high_standard_number="吉高标 2023-0007（虚构）",
        )

        with world.services.reading() as reader:
            row = reader.connection.execute(select(tables.plot).where(tables.plot.c.plot == PLOT)).one()
            told = canonical.dumps(to_json(reader.statement(row.entry).event)).decode()
        assert (row.high_standard, row.gi, row.cultivation) == (True, "舒兰大米", None)
        assert '"high_standard_number":{"sealed":' in told
        assert "0007" not in told
