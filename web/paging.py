"""Lists that go on: `?before=<entry>` asks for what stands before that entry."""

from flask import request

LONGEST = 16
"""No entry has a number of so many digits."""


def before() -> int | None:
    """Return the entry before which the list goes on that is asked for; None for its beginning."""
    told = request.args.get("before", "")
    return int(told) if told.isascii() and told.isdecimal() and len(told) < LONGEST else None
