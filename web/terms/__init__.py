"""What each kind of event, each field, each fact of a breach and each rule is called, in both languages.

trade      the way of the goods, and what every topic shares
the rest   one module for each topic of the trade; what two of them name differently raises at once
"""

from collections.abc import Iterable, Mapping
from types import ModuleType
from typing import TypeVar

from web.terms import (
    brands,
    cases,
    certifying,
    credit,
    growing,
    inputs,
    making,
    moving,
    parties,
    release,
    selling,
    testing,
    trade,
)

Words = Mapping[str, tuple[str, str]]
"""Each code with its Chinese and its English."""

Told = TypeVar("Told")

_TOPICS: tuple[ModuleType, ...] = (
    trade,
    credit,
    moving,
    selling,
    brands,
    parties,
    inputs,
    release,
    cases,
    testing,
    certifying,
    growing,
    making,
)


class TwoNames(ValueError):
    """One code has different words in two topics."""


def merged(parts: Iterable[Mapping[str, Told]]) -> dict[str, Told]:
    """Return all *parts* as one; raises `TwoNames` where they disagree."""
    found: dict[str, Told] = {}
    for part in parts:
        for code, words in part.items():
            if found.setdefault(code, words) != words:
                raise TwoNames(f"{code}: {found[code]} and {words}")
    return found


KINDS: Words = merged(getattr(topic, "KINDS", {}) for topic in _TOPICS)
FIELDS: Words = merged(getattr(topic, "FIELDS", {}) for topic in _TOPICS)
RULES: Words = merged(getattr(topic, "RULES", {}) for topic in _TOPICS)


def vocabulary(name: str, first: Words) -> Words:
    """Return the words of one vocabulary: the *first* ones, and those that topics add to it."""
    return merged([first, *(getattr(topic, "VOCABULARIES", {}).get(name, {}) for topic in _TOPICS)])


def vocabularies(first: Mapping[str, Words]) -> dict[str, Words]:
    """Return every vocabulary, in the order of its first mention."""
    added = (name for topic in _TOPICS for name in getattr(topic, "VOCABULARIES", {}))
    return {name: vocabulary(name, first.get(name, {})) for name in dict.fromkeys([*first, *added])}
