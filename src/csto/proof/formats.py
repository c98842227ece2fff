"""Proofs as text: a tree for the terminal, Markdown, JSON, Mermaid, and PROV-O in Turtle."""

from __future__ import annotations

import hashlib
import json
import textwrap
from collections.abc import Callable, Iterator
from typing import Any

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from csto.graph.spans import in_words
from csto.proof.prover import Proof
from csto.vocabulary import BASE, RDF, RDF_TYPE, RDFS_LABEL, WELL_KNOWN

MARKS = {
    "answer": "◇",
    "inferred": "◆",
    "asserted": "■",
    "axiom": "□",
    "computed": "=",
    "parameter": "@",
    "absence": "∅",
    "assumption": "~",
}
_LEAVES_NAMED = ("axiom", "computed", "parameter", "absence", "assumption")


def _ways(proof: Proof) -> Iterator[Proof]:
    yield proof
    yield from proof.others


def _said(proof: Proof) -> str:
    """Rank and claimant of what a claim says, for people."""
    return f"{proof.rank} claim of {proof.claimant}" if proof.rank else ""


def as_tree(proof: Proof, width: int = 100) -> str:
    """A proof as an indented tree; what was told before is only named again."""
    lines: list[str] = []
    told: set[int] = set()

    def put(text: str, indent: str) -> None:
        hanging = indent + "  "
        lines.extend(textwrap.wrap(text, width, initial_indent=indent, subsequent_indent=hanging))

    def walk(node: Proof, indent: str) -> None:
        head = f"{MARKS[node.kind]} {node.what}"
        again = node.kind == "inferred" and id(node) in told
        if node.kind == "inferred":
            held = f"  ⟨{in_words(node.held)}⟩" if node.held else ""
            head += f"{held}  ({node.rule}: {node.because})" + (" — see above" if again else "")
        elif node.kind == "asserted":
            head += f"  ({_said(node)})" if node.rank else ""
            head += f"  [{'; '.join(node.passages)}]" if node.passages else ""
            head += f"  from {node.layer}" if node.layer else ""
        elif node.kind in _LEAVES_NAMED:
            head += f"  ({node.kind})"
        put(head, indent)
        if again:
            return
        told.add(id(node))
        for way in _ways(node):
            if way is not node:
                put(f"or  ({way.rule}: {way.because})", indent)
            for premise in way.premises:
                walk(premise, indent + "  ")

    walk(proof, "")
    kinds = {node.kind for node in proof.nodes()}
    legend = "  ".join(f"{mark} {kind}" for kind, mark in MARKS.items() if kind in kinds)
    return "\n".join([*lines, "", legend]) + "\n"


def as_markdown(proof: Proof) -> str:
    """A proof as a nested list, for a page or a pull request."""
    lines: list[str] = []
    told: set[int] = set()

    def walk(node: Proof, depth: int) -> None:
        again = node.kind == "inferred" and id(node) in told
        told.add(id(node))
        note = f" ⟨{in_words(node.held)}⟩" if node.held else ""
        note += f" *({node.rule}: {node.because})*" if node.kind == "inferred" else ""
        note += " (see above)" if again else ""
        note += f" *({_said(node)})*" if node.rank else ""
        note += f" — {'; '.join(node.passages)}" if node.passages else ""
        note += f" *(from {node.layer})*" if node.layer else ""
        lines.append(f"{'  ' * depth}- {node.kind}: {node.what}{note}".replace("|", "\\|"))
        if again:
            return
        for way in _ways(node):
            if way is not node:
                lines.append(f"{'  ' * depth}- or *({way.rule}: {way.because})*")
            for premise in way.premises:
                walk(premise, depth + 1)

    walk(proof, 0)
    return "\n".join(lines) + "\n"


def as_mermaid(proof: Proof) -> str:
    """A proof as a Mermaid flowchart, premises above what follows from them."""
    names: dict[str, str] = {}
    lines = ["flowchart TD"]

    def walk(node: Proof) -> str:
        key = f"{node.kind} {node.what}"
        if key in names:
            return names[key]
        name = names[key] = f"n{len(names)}"
        parts = [node.what, *([_said(node)] if node.rank else []), "; ".join(node.passages)]
        label = "<br/>".join(part for part in parts if part).replace('"', "#quot;")
        lines.append(f'  {name}["{label}"]')
        for way in _ways(node):
            link = f"-->|{way.rule}|" if way.rule else "-->"
            for premise in way.premises:
                lines.append(f"  {walk(premise)} {link} {name}")
        return name

    walk(proof)
    return "\n".join(lines) + "\n"


def as_json(proof: Proof) -> str:
    """A proof for programs. What was given before is ``{"see": its id}``."""
    given: dict[int, str] = {}

    def way(node: Proof) -> dict[str, Any]:
        return {
            "rule": node.rule,
            "because": node.because,
            "premises": [plain(premise) for premise in node.premises],
        }

    def plain(node: Proof) -> dict[str, Any]:
        if id(node) in given:
            return {"see": given[id(node)], "what": node.what}
        name = given[id(node)] = f"n{len(given)}"
        item: dict[str, Any] = {"id": name, "kind": node.kind, "what": node.what}
        if node.triple is not None:
            item["triple"] = [str(term) for term in node.triple]
        if node.rank:
            item |= {"rank": node.rank, "claimant": node.claimant}
        if node.passages:
            item |= {"passages": node.passages, "cited": [c.value for c in node.cited]}
        if node.layer:
            item["layer"] = node.layer
        if node.kind == "inferred":
            item |= way(node)
            if node.held:
                item["held"] = [[day and day.isoformat() for day in run] for run in node.held]
        elif node.premises:
            item["premises"] = [plain(premise) for premise in node.premises]
        if node.others:
            item["others"] = [way(other) for other in node.others]
        return item

    return json.dumps(plain(proof), ensure_ascii=False, indent=2) + "\n"


_PROV = WELL_KNOWN["prov"]


def as_prov(proof: Proof, base: str) -> str:
    """A proof in PROV-O (https://www.w3.org/TR/prov-o/), as Turtle.

    Each triple is an entity. An inferred one was generated by an activity that used its
    premises, with the rule as plan of the association; an asserted one has the
    passages it stands in as primary sources. Names of entities are digests of what they
    are, so the same proof is the same Turtle.

    Args:
        proof: what is written.
        base: the base of things of the workspace, below which the entities lie.
    """
    triples: set[Triple] = set()

    def add(subject: NamedNode, predicate: str, thing: NamedNode | Literal) -> None:
        triples.add(Triple(subject, NamedNode(predicate), thing))

    def prov(local: str) -> NamedNode:
        return NamedNode(_PROV + local)

    def fact(node: Proof) -> NamedNode:
        return NamedNode(f"{base}proof-fact/{_digest(_said_by(node))}")

    def step(way: Proof) -> NamedNode:
        used = sorted(fact(premise).value for premise in way.premises)
        return NamedNode(f"{base}proof-step/{_digest(_said_by(way) + way.rule + ''.join(used))}")

    agent = NamedNode(BASE + "engine")
    for node in proof.nodes():
        entity = fact(node)
        add(entity, RDF_TYPE.value, prov("Entity"))
        add(entity, RDFS_LABEL.value, Literal(node.what))
        if node.triple is not None:
            add(entity, RDF_TYPE.value, NamedNode(RDF + "Statement"))
            add(entity, RDF + "subject", node.triple.subject)  # type: ignore[arg-type]
            add(entity, RDF + "predicate", node.triple.predicate)
            add(entity, RDF + "object", node.triple.object)  # type: ignore[arg-type]
        else:
            add(entity, WELL_KNOWN["dcterms"] + "type", Literal(node.kind))
        for passage in node.cited:
            add(entity, _PROV + "hadPrimarySource", passage)
        for way in _ways(node):
            for premise in way.premises:
                add(entity, _PROV + "wasDerivedFrom", fact(premise))
            if not way.rule:
                continue
            done, plan = step(way), NamedNode(f"{base}rule/{way.rule}")
            bond = NamedNode(done.value + "/association")
            add(entity, _PROV + "wasGeneratedBy", done)
            add(done, RDF_TYPE.value, prov("Activity"))
            for premise in way.premises:
                add(done, _PROV + "used", fact(premise))
            add(done, _PROV + "qualifiedAssociation", bond)
            add(bond, RDF_TYPE.value, prov("Association"))
            add(bond, _PROV + "agent", agent)
            add(bond, _PROV + "hadPlan", plan)
            add(plan, RDF_TYPE.value, prov("Plan"))
            add(plan, RDFS_LABEL.value, Literal(f"{way.rule}: {way.because}"))
            add(agent, RDF_TYPE.value, prov("SoftwareAgent"))
    used = {k: WELL_KNOWN[k] for k in ("csto", "dcterms", "prov", "rdf", "rdfs", "xsd")}
    ordered = sorted(triples, key=str)
    return (serialize(ordered, format=RdfFormat.TURTLE, prefixes=used) or b"").decode()


def _said_by(node: Proof) -> str:
    """What a node is: the triple, or the words where there is none."""
    return str(node.triple) if node.triple is not None else f"{node.kind} {node.what}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:20]


# Each writes a proof, given the base of things of its workspace.
WRITERS: dict[str, Callable[[Proof, str], str]] = {
    "tree": lambda proof, _: as_tree(proof),
    "md": lambda proof, _: as_markdown(proof),
    "json": lambda proof, _: as_json(proof),
    "mermaid": lambda proof, _: as_mermaid(proof),
    "prov": as_prov,
}
