"""The layout of queries: white space that nobody means, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from conftest import ROOT, run_csto
from csto.errors import InputError
from csto.fmt import format_text
from csto.fmt.queries import canonical_query, words
from csto.sparql.mistakes import syntax_error

UGLY = (
    "\ufeff\n#+ code: x  \n#+ summary: what it says\n\n\n# a note\t\n"
    'PREFIX  e: <urn:e#>\nSELECT ?s  ?o   \nWHERE {\n\t?s e:p """two  \n\n\nlines #""" ;  # why\n'
    "\t\te:q '#' . \n\n\n}  \n\n"
)
NICE = (
    "#+ code: x\n#+ summary: what it says\n\n# a note\n"
    'PREFIX  e: <urn:e#>\nSELECT ?s  ?o\nWHERE {\n  ?s e:p """two  \n\n\nlines #""" ;  # why\n'
    "    e:q '#' .\n\n}\n"
)


def test_the_layout() -> None:
    assert canonical_query(UGLY) == NICE
    assert canonical_query(NICE) == NICE
    assert words(NICE) == words(UGLY)


def test_line_ends_stay() -> None:
    text = "ASK {\r\n  ?s ?p ?o  \r\n}\r\n"
    assert canonical_query(text) == "ASK {\r\n  ?s ?p ?o\r\n}\r\n"


def test_every_query_of_the_workspace_says_the_same() -> None:
    for path in [*(ROOT / "ontology").rglob("*.rq"), *(ROOT / "queries").rglob("*.rq")]:
        text = path.read_text(encoding="utf-8")
        after = format_text(text, path.name, kind="rq", mistake=syntax_error).after
        assert words(after) == words(text), path
        assert canonical_query(after) == after, path


@pytest.mark.parametrize("option", ["--check", "--diff"])
def test_the_command(tmp_path: Path, option: str) -> None:
    path = tmp_path / "q.rq"
    path.write_text(UGLY, encoding="utf-8")
    assert run_csto("fmt", str(path), option).code == 1
    assert path.read_text(encoding="utf-8") == UGLY
    assert run_csto("fmt", str(tmp_path)).code == 0
    assert path.read_text(encoding="utf-8") == NICE
    assert run_csto("fmt", str(path), option).code == 0


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("#+ summary: x\nSELECT ?x WHERE {\n ?x a  \n", "q.rq:2:17: this { is not closed"),
        ("SELEC ?x { }  \n", "q.rq:1:1: a query begins with"),
        ("ASK { ?x own:p ?y ; }  \nORDER ?x\n", "q.rq:2:7: ORDER needs BY after it"),
    ],
)
def test_what_is_no_query_is_left_as_it_is(text: str, says: str) -> None:
    with pytest.raises(InputError, match=re.escape(says)):
        format_text(text, "q.rq", kind="rq", mistake=syntax_error)


@pytest.mark.parametrize(
    "text",
    [
        "ASK { ?x own:p ?y ; қос:p :z }\n",
        "SELECT (own:f(?x) AS ?y) { ?x a own:C }\n",
        "ASK { <a> <../b> <> }\n",
        "ASK { SERVICE <http://localhost:9/> { ?x ?y ?z } }\n",
    ],
    ids=["prefixes of a workspace", "functions of a workspace", "relative", "other data"],
)
def test_what_a_query_leans_on_need_not_be_at_hand(text: str) -> None:
    assert format_text(text[:-1] + "  \n", "q.rq", kind="rq", mistake=syntax_error).after == text


def test_byte_order_marks_go_however_many() -> None:
    """Found by `make fuzz`: the second was taken for a change of what the query says."""
    assert (
        format_text("\ufeff\ufeffASK {}\n", "q.rq", kind="rq", mistake=syntax_error).after
        == "ASK {}\n"
    )


def test_a_mark_after_the_start_is_told_with_its_line() -> None:
    with pytest.raises(InputError, match=r"a\.rq:2: a byte order mark"):
        format_text("\n\t\ufeffASK {}", "a.rq", kind="rq", mistake=syntax_error)
