"""Commands that meet other machines: serve the graph over HTTP, lay it into a server."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from csto.cli.common import PUBLISH, OnOption, UserOption, app, open_dataset, remark
from csto.errors import InputError


@app.command(rich_help_panel=PUBLISH)
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
    from csto.load.edtf import parse_day
    from csto.load.workspace import find_workspace
    from csto.serve.pool import Limits, processors

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


@app.command(rich_help_panel=PUBLISH)
def push(
    context: typer.Context,
    url: Annotated[
        str, typer.Argument(metavar="URL", help="Where the server answers SPARQL queries.")
    ],
    on: Annotated[
        list[str] | None,
        typer.Option(
            "--on",
            metavar="DATE",
            help="A day whose slices are sent; else the last of the graph. Repeatable.",
            show_default=False,
        ),
    ] = None,
    store: Annotated[
        str | None,
        typer.Option(
            "--store",
            metavar="URL",
            help="Address of its graph store, where the server is none of those known.",
        ),
    ] = None,
    user: UserOption = None,
    batch: Annotated[
        int, typer.Option("--batch", min=100, help="Triples in one request.")
    ] = 250_000,
    bulk: Annotated[
        list[Path] | None,
        typer.Option(
            "--bulk",
            metavar="FILE.nt",
            help="Send only this file of an imported layer, into a graph of its name. Repeatable.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Lay the graph into a SPARQL server: what is stated, what follows, slices of some days.

    Each goes into a graph of its own, by Graph Store Protocol, and is counted there at
    the end. What the server has already is not sent again, so a push that was interrupted
    goes on where it stopped. Then `csto query --engine URL` asks that server.

    Example: `csto push http://127.0.0.1:7878/query --on 2012-09-01 --on 2022-01-10`
    """
    from csto.answer.endpoint import Server, credentials
    from csto.load.edtf import parse_day
    from csto.publish.push import Pushed, find_store, graph_of_layer, push_file
    from csto.publish.push import push as run_push

    days = [parse_day(day) for day in on or ()]
    server = Server(url, credentials(user))
    where = store or find_store(server)

    def say(text: str) -> None:
        remark(context, text)

    def tell(done: Pushed) -> None:
        new = f"{done.sent} sent" if done.sent else "was there already"
        print(f"{done.graph.value}\t{done.triples}\t{new}", flush=True)

    for path in bulk or ():
        if not path.is_file():
            raise InputError(f"{path}: no such file; csto import writes them into bulk/")
        tell(push_file(path, graph_of_layer(path.stem), server, where, say, batch))
    if bulk:
        return
    dataset = open_dataset(context)
    wanted = list(dict.fromkeys(days or [dataset.cut_off]))
    for done in run_push(dataset, server, where, wanted, say, batch):
        tell(done)
