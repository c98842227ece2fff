"""Legal grounds of a crisis as people read them: text for a terminal, or Markdown."""

from __future__ import annotations

from csto.answer.columns import paragraph, width
from csto.answer.dates import days_in_words
from csto.answer.law.grounds import EITHER, ELEMENTS, ORDER, Ground, Grounds, Occasion
from csto.vocabulary import shorten

HEADINGS = {
    "given": "What the law allowed or required",
    "contested": "What is contested",
    "arguable": "What is arguable",
    "not recorded": "What is not recorded",
    "wanting": "What was missing",
}
ACTS = "What was asked, answered, decided, done, not done and said"
NO_ACTS = "no act, omission or stand is recorded"
SIGNS = {"met": "+", "contested": "!", "arguable": "?", "missing": "-", "not recorded": "·"}


def as_text(found: Grounds) -> str:
    """For a terminal."""
    room = width()

    def wrap(text: str, indent: str = "", hang: str = "  ") -> str:
        lines = paragraph(days_in_words(text), room, indent, indent + hang)
        return "\n".join(lines) + "\n"

    text = wrap(found.name)
    for line in first_lines(found):
        text += wrap(line, "  ")
    text += wrap("; ".join(f"{name} {value}" for name, value in found.facts.items()), "  ")
    earlier: dict[str, str] = {}
    for occasion in found.occasions:
        text += "\n" + wrap(_title(found, occasion))
        now = _summary(occasion)
        if now and now == earlier.get("summary"):
            text += wrap(f"as on the occasion before: {earlier['name']}", "  ")
            continue
        earlier = {"summary": now, "name": occasion.name}
        for status, heading in HEADINGS.items():
            grounds = [g for g in occasion.grounds if g.status == status]
            if not grounds:
                continue
            text += f"  {heading}\n"
            for ground in grounds:
                text += wrap(f"{_cite(ground)}: {ground.text}", "    ")
                text += wrap(_detail(ground), "      ")
                text += wrap(f"↳ {'; '.join(ground.passages)}", "      ")
        if occasion.unchecked:
            text += "  What could not be checked\n"
            for told, name in occasion.unchecked:
                text += wrap(f"{name}: wording {told} in the sources", "    ")
    if not found.occasions:
        text += "\n" + wrap(f"{_sentence(found.nothing)}.", "  ")
    text += f"\n{ACTS}\n"
    for word, name, date, of in found.acts:
        text += wrap(f"{word}: {name}{f' ({date})' if date else ''}{f': {of}' if of else ''}", "  ")
    if not found.acts:
        text += f"  {NO_ACTS}\n"
    text += "\nWhat is claimed\n"
    for said in found.claims:
        text += wrap(f"{said.who}: {said.text}", "  ")
        more = [said.relation] if said.relation else []
        text += wrap(
            " · ".join([*more, "; ".join(said.passages), shorten(said.node.value)]), "    "
        )
    if not found.claims:
        text += "  no claim on the law is recorded\n"
    return text + _legend(found)


def first_lines(found: Grounds) -> list[str]:
    """The answer: what was given, what was contested and by whom, what was missing.

    Over all occasions; a norm is told where it stands best, and only if it was in force then.
    """
    best: dict[str, Ground] = {}
    for occasion in found.occasions:
        for ground in occasion.grounds:
            key = f"{_cite(ground)} {ground.state}"
            if ground.certainty == "certain" or ground.either:
                old = best.get(key)
                if old is None or ORDER[ground.status] < ORDER[old.status]:
                    best[key] = ground
    lines = []
    for heading, statuses in (
        ("Given", ("given",)),
        ("Contested or arguable", ("contested", "arguable")),
        ("Missing or not recorded", ("wanting", "not recorded")),
    ):
        grounds = [g for g in best.values() if g.status in statuses]
        lines.append(f"{heading}: {_listed(grounds) or 'nothing'}")
    return lines


def _listed(grounds: list[Ground]) -> str:
    # A provision that stands alike for several states is told once, with all who dispute it.
    alike: dict[tuple[str, str], list[Ground]] = {}
    for ground in grounds:
        alike.setdefault((_cite(ground), _fault(ground)), []).append(ground)
    by_reason: dict[tuple[str, str], dict[str, None]] = {}
    for same in alike.values():
        key = same[0].instrument, _reason(same)
        by_reason.setdefault(key, {})[same[0].provision.cite] = None
    return "; ".join(
        f"{instrument}, {', '.join(cites)}{reason}"
        for (instrument, reason), cites in by_reason.items()
    )


def _fault(ground: Ground) -> str:
    """How a ground stands and by which elements; of one that is given, whether it was used."""
    if ground.status == "given":
        return _UNUSED.get(ground.elements.get("decision", ""), "")
    of = [name for name in ELEMENTS if ground.elements.get(name) == _FAULTS[ground.status]]
    return f"{ground.status if ground.status != 'wanting' else 'missing'}: {' and '.join(of)}"


def _reason(same: list[Ground]) -> str:
    """What to know of grounds that stand alike: why they are not given, or what they lack."""
    status, fault = same[0].status, _fault(same[0])
    if status == "contested":
        who = dict.fromkeys(name for ground in same for name in ground.disputants())
        return f" ({fault}, by {', '.join(who)})"
    if status == "given":
        doubted = [w for g in same for a in g.arguments.values() for w in a.doubted]
        told = [fault] if fault else []
        told += [f"doubted by {', '.join(dict.fromkeys(doubted))}"] if doubted else []
        return f" ({'; '.join(told)})" if told else ""
    said = dict.fromkeys(name for ground in same for name in ground.threatened)
    return f" ({fault}{'; a threat according to ' + ', '.join(said) if said else ''})"


_UNUSED = {"not recorded": "no decision recorded", "missing": "no decision was taken"}
_FAULTS = {
    "contested": "contested",
    "arguable": "arguable",
    "not recorded": "not recorded",
    "wanting": "missing",
}


def as_markdown(found: Grounds) -> str:
    """For a page."""
    text = f"# {found.name}: legal grounds\n\n"
    text += "".join(f"- {line}\n" for line in first_lines(found)) + "\n"
    if found.facts:
        text += "; ".join(f"{name} {value}" for name, value in found.facts.items()) + ".\n"
    if not found.occasions:
        text += f"\n{_sentence(found.nothing)}.\n"
    head = ["provision", "state", "status", *ELEMENTS, "bound", "certainty", "passages", "proof"]
    for occasion in found.occasions:
        text += f"\n## {_title(found, occasion)}\n\n"
        text += _row(head) + _row(["---"] * len(head))
        for ground in occasion.grounds:
            elements = [ground.elements.get(name, "") for name in ELEMENTS]
            text += _row(
                [
                    _cite(ground),
                    ground.state,
                    ground.status,
                    *elements,
                    ground.bound,
                    _sure(ground),
                    "; ".join(ground.passages),
                    f"`{shorten(ground.node.value)}`",
                ]
            )
        for told, name in occasion.unchecked:
            text += f"\n- could not be checked: {name} (wording {told})"
        text += "\n" if occasion.unchecked else ""
    text += f"\n## {ACTS}\n\n"
    for word, name, date, of in found.acts:
        text += f"- {word}: {name}{f' ({date})' if date else ''}{f': {of}' if of else ''}\n"
    text += "" if found.acts else f"- {NO_ACTS}\n"
    text += "\n## Claims\n\n"
    for said in found.claims:
        more = f" ({said.relation})" if said.relation else ""
        text += f"- **{said.who}**: {said.text}{more} [{'; '.join(said.passages)}]\n"
    return text


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


def _title(found: Grounds, occasion: Occasion) -> str:
    at_outbreak = occasion.node == found.crisis
    told = "at the outbreak" if at_outbreak else occasion.name
    told += f" ({occasion.days or 'no source of the graph gives the day'})"
    return f"By the law of {found.day}, {told}" if found.day else _sentence(told)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _summary(occasion: Occasion) -> str:
    return "\n".join(
        f"{g.norm.value} {g.state} {g.status} {g.certainty} {sorted(g.elements.items())}"
        for g in occasion.grounds
    )


def _cite(ground: Ground) -> str:
    return f"{ground.instrument}, {ground.provision.cite}"


def _sure(ground: Ground) -> str:
    if ground.certainty == "certain":
        return "certain"
    if ground.either:
        return EITHER
    return f"possible: {ground.doubt}" if ground.doubt else "possible"


def _detail(ground: Ground) -> str:
    says = [f"{ground.parts['kind']} for {ground.state}, bound {ground.bound}"]
    for name in ELEMENTS:
        state = ground.elements.get(name)
        if state:
            says.append(f"{SIGNS[state]}{name}")
    for name, argument in ground.arguments.items():
        for word, who in (
            ("for", argument.said),
            ("against", argument.disputed),
            ("doubted by", argument.doubted),
        ):
            if who:
                says.append(f"{name} {word} {', '.join(who)}")
    if ground.threatened:
        says.append(f"that it threatens {ground.state} is said by {', '.join(ground.threatened)}")
    if ground.met_by:
        says.append(f"met by {', '.join(ground.met_by)}")
    if ground.may_be_met_by:
        says.append(f"may be met by {', '.join(ground.may_be_met_by)}")
    if ground.missing_by:
        says.append(f"missing: {', '.join(ground.missing_by)}")
    if ground.parts["decider"]:
        rule = f" by {ground.rules}" if ground.rules else ""
        says.append(f"decides: {ground.parts['decider']}{rule}")
    says += [_sure(ground)] if ground.certainty != "certain" else []
    says.append(shorten(ground.node.value))
    # A dot is a sign of its own here.
    return "; ".join(says)


def _legend(found: Grounds) -> str:
    grounds = [g for o in found.occasions for g in o.grounds]
    if not grounds:
        return ""
    first = grounds[0]
    name = shorten(first.node.value)
    return (
        "\n+ met  ! contested  ? arguable  - missing  · not recorded; "
        "a norm requires what is listed\n"
        "proofs, for example:\n"
        + (
            f"csto explain {name} statusIfInForce {first.status_node}\n"
            if found.day
            else f"csto explain {name} groundCertainty {first.certainty}\n"
            f"csto explain {name} groundStatus {first.status_node}\n"
        )
    )
