"""Whether a check is content: checks return nothing or raise, and a test says which of the two it expects."""

from collections.abc import Callable
from typing import ParamSpec

from ledger.errors import NotProven

Asked = ParamSpec("Asked")


def is_proven(check: Callable[Asked, None], *given: Asked.args, **named: Asked.kwargs) -> bool:
    """Tell whether *check* raises nothing; only `NotProven` counts as an answer, other errors go on."""
    try:
        check(*given, **named)
    except NotProven:
        return False
    return True
