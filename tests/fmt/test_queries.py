"""The layout of queries: white space that nobody means, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from conftest import ROOT, run_csto
from csto.errors import InputError
from csto.fmt import format_text
from csto.fmt.queries import canonical_query, words

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
        after = format_text(text, path.name, kind="rq").after
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


def test_byte_order_marks_go_however_many() -> None:
    """Found by `make fuzz`: the second was taken for a change of what the query says."""
    assert format_text("\ufeff\ufeffASK {}\n", "q.rq", kind="rq").after == "ASK {}\n"


def test_a_mark_after_the_start_is_told_with_its_line() -> None:
    with pytest.raises(InputError, match=r"a\.rq:2: a byte order mark"):
        format_text("\n\t\ufeffASK {}", "a.rq", kind="rq")
