"""The ``#+`` header of a SPARQL file, the only place where it is documented.

The form follows grlc: comment lines that start with ``#+`` hold YAML. A file
stays valid SPARQL and reads well.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from csto.errors import InputError


@lru_cache(maxsize=1024)
def _loaded(body: str) -> Any:
    """What YAML says; nobody changes it, since one command may read a header several times."""
    import yaml

    # The loader in C, where PyYAML was built with it: a command reads the headers of all questions.
    return yaml.load(body, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def read_header(text: str, path: Path) -> dict[str, Any]:
    """Return the header of a SPARQL text as a mapping; empty if there is none.

    Raises:
        InputError: if the header is not YAML, with the line of the fault.
    """
    # Imported here: axioms are rules without a header, and need no YAML.
    import yaml

    if "#+" not in text:
        return {}
    numbered = [(n, line) for n, line in enumerate(text.splitlines(), 1) if line.startswith("#+")]
    body = "\n".join(line[2:].removeprefix(" ") for _, line in numbered)
    try:
        loaded = _loaded(body) if body.strip() else {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = numbered[mark.line][0] if mark and mark.line < len(numbered) else 1
        what = "the #+ header is not YAML; write #+ name: value"
        raise InputError(f"{path}:{line}: {what}") from error
    if not isinstance(loaded, dict):
        raise InputError(f"{path}:1: the #+ header is not a list of names and values")
    # YAML 1.1 reads a bare ``on`` as true; here it is a name like any other.
    return {"on" if name is True else str(name): value for name, value in loaded.items()}
