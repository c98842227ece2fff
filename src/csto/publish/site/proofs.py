"""Proofs as a graph of single steps, in scripts that a page loads when somebody asks why.

A proof shares most of its steps with others. So each step is kept once, under a number
that follows from its triple; a page has the number and walks on from there. What steps share,
the names of things with their pages and the reasons of rules, is kept once for all of them.
"""

from __future__ import annotations

import base64
import gzip
import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from pyoxigraph import NamedNode, Triple

from csto.errors import InputError
from csto.proof.prover import Proof, Prover
from csto.publish.pages.page import Static, step_key

# Digits of the number of a step that name its file.
SHARD = 2
# So many digits tell nearly all steps from each other; they travel with no more than they need.
DIGITS = 7


# Steps by the day of their proof and by number, and those where pages begin.
Made = tuple[dict[str, dict[str, list[Any]]], set[str]]


class Steps:
    """Steps that pages show, with all that they rest on.

    What has days can be proved otherwise on another day. Of each triple one step is kept, that
    of the last day of the graph if there is one, whichever page asked first.
    """

    def __init__(self, page: Static, prover: Prover) -> None:
        self.page = page
        self.prover = prover
        self.by_day: dict[str, dict[str, list[Any]]] = {}
        self.begun: set[str] = set()

    def prove(self, triples: Iterable[Triple]) -> list[Triple]:
        """Add the proofs of some triples; those that cannot be proved are returned."""
        without = []
        known = self.by_day.setdefault(self.prover.day, {})
        for triple in triples:
            key = step_key(triple)
            self.begun.add(key)
            if key in known:
                continue
            try:
                self.add(self.prover.prove(triple), self.prover.day)
            except InputError:
                without.append(triple)
        return without

    def add_all(self, proofs: Iterable[Proof], day: str) -> None:
        """Add some proofs of a day."""
        for proof in proofs:
            self.begun.add(self.add(proof, day))

    def add(self, proof: Proof, day: str) -> str:
        """Add a proof with all its steps; the number of its conclusion."""
        waiting = [proof]
        steps = self.by_day.setdefault(day, {})
        while waiting:
            node = waiting.pop()
            key = _key(node)
            if key in steps:
                continue
            premises = list(dict.fromkeys(_key(p) for p in node.premises))
            steps[key] = self._step(node, premises)
            waiting += node.premises
        return _key(proof)

    @property
    def made(self) -> Made:
        """All of it, for another process to take over."""
        return self.by_day, self.begun

    def join(self, other: Made) -> None:
        """Take over what another process proved."""
        by_day, begun = other
        for day, steps in by_day.items():
            self.by_day[day] = {**steps, **self.by_day.get(day, {})}
        self.begun |= begun

    @property
    def steps(self) -> dict[str, list[Any]]:
        """One step for each triple that a page shows, or that such a one rests on."""
        first = self.prover.day
        days = sorted(self.by_day, key=lambda day: (day != first, day))
        found: dict[str, list[Any]] = {}
        waiting = sorted(self.begun)
        while waiting:
            key = waiting.pop()
            if key not in found:
                step = next((self.by_day[d][key] for d in days if key in self.by_day[d]), None)
                if step is not None:
                    found[key] = step
                    waiting += step[3]
        return found

    def _step(self, node: Proof, premises: list[str]) -> list[Any]:
        cited = [[self.page.place.label(p), self.page.local(p.value)] for p in node.cited]
        said: Any = node.what
        if node.triple is not None:
            subject, predicate, thing = node.triple
            label = self.prover.label
            said = [label(subject), label(predicate), label(thing), self._path(subject)]
            said.append(self._path(thing))
        # An axiom has a reason for each of the terms that it joins.
        rule = (node.rule, node.because) if node.rule else None
        return [node.kind, said, rule, premises, cited, node.claimant]

    def _path(self, term: Any) -> str:
        if not isinstance(term, NamedNode):
            return ""
        href = self.page.local(term.value)
        return "" if href.startswith("http") else href

    def scripts(self) -> dict[str, str]:
        """The files of all steps, by their path in the site."""
        steps = self.steps
        short = _shortened(steps)
        kinds = _Numbers()
        rules = _Numbers()
        names = _Numbers()
        shards: dict[str, dict[str, Any]] = defaultdict(dict)
        for key, (kind, said, rule, premises, cited, claimant) in sorted(steps.items()):
            told: Any = said
            if isinstance(said, list):
                subject, predicate, thing, path, to = said
                told = [names[subject, path], names[predicate, ""], names[thing, to]]
            step: list[Any] = [
                kinds[kind],
                told,
                rules[rule] if rule else -1,
                " ".join(short[premise] for premise in premises),
                [names[text, path] for text, path in cited],
                claimant,
            ]
            while step and step[-1] in ("", [], -1):
                step.pop()
            shards[key[:SHARD]][short[key][SHARD:]] = step
        files = {
            f"data/proofs/{name}.js": script(f"steps:{name}", packed(dumped(shard)))
            for name, shard in shards.items()
        }
        shared = {
            "names": list(names),
            "kinds": list(kinds),
            "rules": [list(rule) for rule in rules],
        }
        files["data/proofs/shared.js"] = script("shared", packed(dumped(shared)))
        return files


class _Numbers(dict[Any, int]):
    """Numbers of what is asked for, in the order in which it is."""

    def __missing__(self, key: Any) -> int:
        self[key] = len(self)
        return self[key]


def _shortened(keys: Iterable[str]) -> dict[str, str]:
    """Each key by as many of its digits as tell it from all others, at least ``DIGITS``."""
    ordered = sorted(keys)
    found = {}
    for before, key, after in zip(["", *ordered], ordered, [*ordered[1:], ""], strict=False):
        length = DIGITS
        while length < len(key) and key[:length] in (before[:length], after[:length]):
            length += 1
        found[key] = key[:length]
    return found


def _key(node: Proof) -> str:
    if node.triple is not None:
        return step_key(node.triple)
    return step_key((node.kind, node.what, ""))


def script(name: str, data: Any) -> str:
    """Data as a classic script: a page opened from a folder may load it, and may not fetch it."""
    return f"csto.take({json.dumps(name)},{dumped(data).decode()});\n"


def packed(data: bytes) -> str:
    """Bytes as a text that a script can hold: gzip, base64; the same every time."""
    return base64.b64encode(gzip.compress(data, 9, mtime=0)).decode()


def dumped(data: Any) -> bytes:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=False).encode()
