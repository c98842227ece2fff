"""An export has the literals of the files, not what the store made of them."""

from __future__ import annotations

from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, Store

from csto.load.workspace import Workspace
from csto.publish.written import rewritten, written_literals
from csto.vocabulary import XSD


def test_literals_as_the_files_have_them(tmp_path: Path) -> None:
    (tmp_path / "graph").mkdir()
    (tmp_path / "graph" / "a.ttl").write_text(
        f'<urn:a> <urn:p> 1.50 , 2 , "7"^^<{XSD}int> , "P1Y12M"^^<{XSD}duration> , "x"@en .\n'
    )
    workspace = Workspace(tmp_path)
    store = Store()
    store.load(path=str(tmp_path / "graph" / "a.ttl"))
    found = {q.object for q in rewritten(store, written_literals(workspace))}
    assert found == {
        Literal("1.50", datatype=NamedNode(XSD + "decimal")),
        Literal("2", datatype=NamedNode(XSD + "integer")),
        Literal("7", datatype=NamedNode(XSD + "int")),
        Literal("P1Y12M", datatype=NamedNode(XSD + "duration")),
        Literal("x", language="en"),
    }
    other = Quad(NamedNode("urn:b"), NamedNode("urn:p"), Literal("1.5"))
    assert list(rewritten([other], written_literals(workspace))) == [other]
