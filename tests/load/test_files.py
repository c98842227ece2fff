"""Files as people and their editors leave them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pyoxigraph import Store

from csto.errors import InputError
from csto.load.files import declared_prefixes, load_file
from csto.load.workspace import find_workspace, shipped_root
from csto.vocabulary import ASSERTED


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_mark_and_line_ends_make_no_difference(tmp_path: Path, mark: str, ends: str) -> None:
    path = tmp_path / "a.ttl"
    text = f"{mark}@prefix e: <urn:e:> .{ends}e:a e:p e:b .{ends}"
    path.write_bytes(text.encode())
    store = Store()
    load_file(store, path, ASSERTED)
    assert len(store) == 1


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with a name here")
def test_a_pipe_with_a_name_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "p.ttl"
    os.mkfifo(path)
    with pytest.raises(InputError, match="no regular file"):
        load_file(Store(), path, ASSERTED)


def test_the_workspace_around_the_current_folder_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    below = tmp_path / "graph" / "deep"
    below.mkdir(parents=True)
    (tmp_path / "workspace.ttl").write_text(
        "<urn:w> a <https://w3id.org/csto/ontology#Workspace> ;\n"
        '    <http://rdfs.org/ns/void#uriSpace> "https://example.org/id/" .\n'
    )
    (tmp_path / "graph" / "a.ttl").write_text("<urn:a> <urn:p> <urn:b> .\n")
    monkeypatch.chdir(below)
    assert find_workspace(None).root == tmp_path
    (tmp_path / "workspace.ttl").unlink()
    assert find_workspace(None).root == shipped_root()


def test_a_path_is_shown_as_it_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A link by its own name, from a workspace that is itself named by a link, and from above."""
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "b.ttl").write_text("<urn:a> <urn:p> <urn:b> .\n")
    root = tmp_path / "pact"
    (root / "graph").mkdir(parents=True)
    (root / "graph" / "a.ttl").symlink_to(tmp_path / "elsewhere" / "b.ttl")
    (tmp_path / "link").symlink_to(root)
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert find_workspace(root).shown(root / "graph" / "a.ttl") == "graph/a.ttl"
    assert find_workspace(tmp_path / "link").shown(root / "graph") == "graph"
    assert find_workspace(root).shown(Path("b.ttl")) == "b.ttl"
    monkeypatch.chdir(tmp_path)
    assert find_workspace(root).shown(root / "graph" / "a.ttl") == "pact/graph/a.ttl"


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_prefixes_are_found_on_every_line_that_declares_one(tmp_path: Path, ends: str) -> None:
    (tmp_path / "graph").mkdir()
    lines = ["@prefix one: <urn:one:> .", "@prefix two: <urn:two:> .", "# @prefix three: <urn:> ."]
    text = "\ufeff" + ends.join([*lines, "one:a one:b two:c .", "@prefix four: <urn:four:> ."])
    (tmp_path / "graph" / "a.ttl").write_bytes(text.encode())
    found = declared_prefixes(find_workspace(tmp_path))
    assert (found["one"], found["two"], found["four"]) == ("urn:one:", "urn:two:", "urn:four:")
    assert "three" not in found
