"""What grows in each township and village of the division: 一村一品.

/regulator/villages
"""

from flask import render_template

from traceability.townships import villages
from web.regulator.room import OFFICES, blueprint, division_name, scope_of
from web.services import services


@blueprint.get("/villages")
@OFFICES
def villages_listed() -> str:
    """Show each township and village with its crops, the largest first."""
    with services().reading() as reader:
        found = villages(reader.connection, scope_of(reader))
    return render_template("regulator/villages.html", villages=found, county=_county)


def _county(township: str) -> str:
    return division_name(township[:6])
