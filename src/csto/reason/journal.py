"""Steps of the engine as text, so that proofs of a later process find what made a triple."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from pyoxigraph import NamedNode, RdfFormat, parse

from csto.reason.engine import Step
from csto.rules.rule import Rule


def write_steps(steps: Iterable[Step]) -> str:
    """Steps as text: a line for each step, then its triples."""
    lines = []
    for step in steps:
        lines.append(f"# {step.round} {step.rule.code}\t{step.rule.text!r}\t{step.graph.value}")
        lines += [str(triple) for triple in step.triples]
    return "\n".join(lines) + "\n"


def read_steps(text: str, rules: Iterable[Rule]) -> Iterator[Step]:
    """Steps from what :func:`write_steps` made of them.

    Args:
        text: the steps.
        rules: all rules and axioms that can have made them.
    """
    by_text = {rule.text: rule for rule in rules}
    for block in re.split(r"^# ", text, flags=re.MULTILINE)[1:]:
        head, _, body = block.partition("\n")
        number, _, rest = head.partition(" ")
        _, rule_text, graph = rest.split("\t")
        lines = "".join(f"{line} .\n" for line in body.splitlines() if line)
        quads = parse(input=lines.encode(), format=RdfFormat.N_TRIPLES)
        rule = by_text[ast.literal_eval(rule_text)]
        yield Step(int(number), rule, tuple(quad.triple for quad in quads), NamedNode(graph))
