"""A way of making that an office declares for everybody: rice, oil, baijiu, and whatever comes next."""

from dataclasses import replace

from flask import url_for

from web.control_rooms import TEMPLATE
from web.filing import add_to
from web.language import N_
from web.regulator.room import ONLY_REGULATORS, blueprint

FOR_ALL = replace(
    TEMPLATE,
    lead=N_("投什么料、按什么顺序、出什么货。对所有单位有效；单位自己的同名模板优先。"),
    onward=lambda _digest: url_for("regulator.index"),
)

add_to(blueprint, ONLY_REGULATORS, FOR_ALL)
