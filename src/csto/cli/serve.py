"""The command that serves the graph over HTTP."""

from __future__ import annotations

from typing import Annotated

import typer

from csto.cli.common import OnOption, app, remark
from csto.errors import InputError


@app.command()
def serve(
    context: typer.Context,
    host: Annotated[str, typer.Option("--host", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="Port; 0 takes a free one.")
    ] = 8080,
    on: OnOption = None,
    workers: Annotated[
        int | None,
        typer.Option("--workers", min=1, help="Processes that answer; else one per processor."),
    ] = None,
    seconds: Annotated[
        float, typer.Option("--time-limit", min=0.1, help="Seconds one answer may take.")
    ] = 30.0,
    rows: Annotated[
        int, typer.Option("--row-limit", min=1, help="Rows or triples one answer may have.")
    ] = 100_000,
    memory: Annotated[
        int, typer.Option("--memory-limit", min=64, help="MiB one answer may need.")
    ] = 1024,
    root_path: Annotated[
        str, typer.Option("--root-path", help="Path before ours, behind a proxy, such as /csto.")
    ] = "",
) -> None:
    """Serve a SPARQL endpoint, a page for every thing, and the saved queries. Read only.

    Needs the extra: `pip install 'csto[serve]'`. Stops at Ctrl+C.

    Example: `csto serve --port 8080`, then open http://127.0.0.1:8080/
    """
    try:
        from csto.serve.server import serve as run_server
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("csto"):
            raise
        raise InputError(
            f"csto serve needs {error.name}, which is not installed: pip install 'csto[serve]'"
        ) from error
    from csto.edtf import parse_day
    from csto.serve.pool import Limits, processors
    from csto.workspace import find_workspace

    workspace = find_workspace(context.obj.workspace)
    limits = Limits(
        workers=workers or processors(), seconds=seconds, rows=rows, memory=memory << 20
    )
    run_server(
        workspace,
        host=host,
        port=port,
        on=None if on is None else parse_day(on),
        limits=limits,
        root_path=root_path,
        say=lambda text: remark(context, text),
    )
