"""Who answers for a mark, a base or a right: its owner, or a regulator whose area holds all of it."""

from collections.abc import Iterable

from traceability.past import Past
from traceability.scope import covers


def answers_for(owner: str, divisions: Iterable[str], past: Past) -> bool:
    """Tell whether the author is *owner*, or a regulator of every one of *divisions*."""
    if owner and past.by == owner:
        return True
    author = past.parties.get(past.by)
    if author is None or author.role != "regulator":
        return False
    told = tuple(divisions)
    return bool(told) and all(covers(author.division, each) for each in told)


def reaches(divisions: Iterable[str], division: str) -> bool:
    """Tell whether *division* lies in one of *divisions*, or is one."""
    return any(covers(each, division) for each in divisions)
