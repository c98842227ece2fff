"""Rules as JSON, so that a later process need not parse and check them again.

Parsing the rules takes longer than running them over a small graph; so they are
kept in the cache on their own, whatever graph they run on.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from csto.graph.cache import cache_folder, keep_file
from csto.graph.digest import rules_key
from csto.rules.dialect import load_rules
from csto.rules.rule import Rule

_KEEP = 8

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
    inputs = tuple(tuple(names) for names in item["inputs"])
    computed = tuple(item["computed"])
    return Rule(**{**item, **sets, **tuples, "computed": computed, "inputs": inputs})


def read_rules(paths: Sequence[Path]) -> list[Rule]:
    """The rules of these files, parsed and checked once until one of them changes.

    Raises:
        InputError: see :func:`csto.rules.dialect.load_rules`.
    """
    path = cache_folder() / "rules" / rules_key(paths)
    try:
        total, _, data = path.read_bytes().partition(b"\n")
        if int(total) == zlib.crc32(data):
            return [from_item(item) for item in json.loads(data)]
    except (OSError, ValueError):
        pass
    rules = load_rules(paths)
    data = json.dumps([to_item(rule) for rule in rules]).encode()
    keep_file(path, b"%d\n" % zlib.crc32(data) + data, _KEEP)
    return rules
