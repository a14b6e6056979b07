"""What a rule is about: it is asked of events of these kinds, for of no other it would say anything.

Most events concern few of the rules, and asking all of them of each would take longer than their answers.
"""

from collections.abc import Callable, Iterator
from types import UnionType
from typing import Any, TypeVar

R = TypeVar("R", bound=Callable[..., Iterator[Any]])

Kinds = type | UnionType | tuple["Kinds", ...]
"""Kinds of events, as `isinstance` takes them."""

_KINDS: dict[Callable[..., Iterator[Any]], tuple[Kinds, ...]] = {}


def about(*kinds: Kinds) -> Callable[[R], R]:
    """Say that the rule below has something to say of events of *kinds* alone."""

    def said(rule: R) -> R:
        _KINDS[rule] = kinds
        return rule

    return said


def concerns(rule: Callable[..., Iterator[Any]], kind: type) -> bool:
    """Tell whether *rule* may have something to say of events of *kind*."""
    return any(issubclass(kind, each) for each in _KINDS.get(rule, (object,)))
