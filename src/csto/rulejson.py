"""Rules as JSON, so that a later process need not parse and check them again."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from csto.rules import Rule

_SETS = ("reads", "negates", "writes")
_TUPLES = ("head", "body", "absent")


def to_item(rule: Rule) -> dict[str, Any]:
    """A rule as an object of JSON."""
    item = {field.name: getattr(rule, field.name) for field in fields(rule)}
    return item | {name: sorted(item[name], key=str) for name in _SETS}


def from_item(item: dict[str, Any]) -> Rule:
    """A rule from what :func:`to_item` made of it.

    Raises:
        TypeError: if the object is not of that form.
    """
    sets = {name: frozenset((p, o) for p, o in item[name]) for name in _SETS}
    tuples = {name: tuple((s, p, o) for s, p, o in item[name]) for name in _TUPLES}
    return Rule(**{**item, **sets, **tuples, "computed": tuple(item["computed"])})
