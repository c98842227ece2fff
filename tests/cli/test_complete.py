"""What a shell offers after TAB, as bash and zsh ask for it."""

from __future__ import annotations

import re

import pytest
import typer
from typer.main import get_command

from conftest import run_csto
from csto.cli import complete


def _none() -> None:
    pass


_APP = typer.Typer()
_APP.command()(_none)
CONTEXT = typer.Context(get_command(_APP))


def test_things_are_offered_by_name() -> None:
    assert "Kazakhstan" in complete.things(CONTEXT, "kazakhs")
    assert complete.things(CONTEXT, "no such thing") == []


def test_kinds_are_offered_in_the_plural() -> None:
    assert {"requests", "crises"} <= {
        *complete.kinds(CONTEXT, "re"),
        *complete.kinds(CONTEXT, "cri"),
    }


def test_saved_queries_are_offered_with_what_they_ask() -> None:
    found = dict(complete.queries(CONTEXT, "crises/ch"))
    assert list(found) == ["crises/chain"]
    assert found["crises/chain"].startswith("What was asked")


# What is typed, as bash takes it apart, and something that is offered for its last word.
TYPED = [
    (["csto", "gro"], "grounds"),
    (["csto", "query", "--ci"], "--cite"),
    (["csto", "query", "crises/cha"], "crises/chain"),
    (["csto", "query", "crises/chain", "-p", "cri"], "crisis="),
    (["csto", "query", "crises/chain", "-p", ""], "crisis="),
    (["csto", "query", "chain", "-p", "crisis", "=", "Kazakhs"], r"Kazakhstan\ January\ 2022"),
    (["csto", "explain", "row", "crises/chain", "-p", "cri"], "crisis="),
    (["csto", "list", "reques"], "requests"),
    (["csto", "list", "requests", "--by", "kazakhst"], "Kazakhstan"),
    (["csto", "list", "requests", "--count-by", ""], "outcome"),
    (["csto", "list", "requests", "--show", "agent,out"], "agent,outcome"),
    (["csto", "show", "state", ":", "kaz"], "kazakhstan"),
    (["csto", "show", r"Kazakh\ Sov"], r"Kazakh\ Soviet\ Socialist\ Republic"),
    (["csto", "show", '"Kazakh Sov'], "Kazakh Soviet Socialist Republic"),
    (["csto", "law", "CST"], "CST"),
    (["csto", "law", "di"], "diff"),
    (["csto", "law", "show", "CST", "--state", "Arm"], "Armenia"),
    (["csto", "grounds", "Kyrgyz"], r"Kyrgyz-Tajik\ border\ conflict"),
    (["csto", "overlap", "OTS", "CST"], "CSTO"),
    (["csto", "explain", "Kazakhstan"], "Kazakhstan"),
    (["csto", "schema", "memb"], "memberships"),
    (["csto", "find", "help", "--kind", "cla"], "claims"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "offered"), TYPED, ids=[" ".join(w) for w, _ in TYPED])
def test_bash_is_offered(monkeypatch: pytest.MonkeyPatch, words: list[str], offered: str) -> None:
    monkeypatch.setenv("_CSTO_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", "\n".join(words))
    monkeypatch.setenv("COMP_CWORD", str(len(words) - 1))
    assert offered in run_csto().out.splitlines()


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("csto query crises/chain -p crisis=Kazakhs", "crisis=Kazakhstan January 2022"),
        ("csto law CSTO", "CSTO Charter"),
        ("csto show state:kaz", "state:kazakhstan"),
        (r"csto show Kazakh\ Sov", "Kazakh Soviet Socialist Republic"),
    ],
)
def test_zsh_is_offered(monkeypatch: pytest.MonkeyPatch, typed: str, offered: str) -> None:
    monkeypatch.setenv("_CSTO_COMPLETE", "complete_zsh")
    monkeypatch.setenv("_TYPER_COMPLETE_ARGS", typed)
    out = run_csto().out
    assert offered in re.sub(r"\\+", "", out), out


def test_a_word_for_a_scheme_offers_its_concepts_and_nothing_else() -> None:
    from csto.graph.build import build
    from csto.load.workspace import find_workspace

    names = build(find_workspace(None)).things.names("", ("status",))
    assert "observer" in names
    assert not [name for name in names if name[:1].isupper()]
