"""The ``csto`` command: run the application, and turn every failure into an exit code."""

from __future__ import annotations

import os
import sys
from functools import partial
from typing import Any

from csto.errors import EXIT_INTERNAL, CstoError, InputError


def _command() -> None:
    import typer

    from csto.cli.app import application, command_of, in_order
    from csto.cli.plain import read

    arguments = in_order(sys.argv[1:])
    app = application(command_of(arguments))
    call = read(app, arguments) or partial(app, arguments, "csto", standalone_mode=False)
    usage: Any = typer.BadParameter.__base__
    try:
        code = call()
    except typer.Exit as end:
        code = end.exit_code
    except usage as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            # A group without a word after it: its help is the answer.
            error.show()
            raise SystemExit(error.exit_code) from None
        called = error.ctx.command_path if error.ctx else "csto"
        told = " ".join(error.format_message().replace("Value error, ", "").split()).rstrip(".")
        raise InputError(f"{told}; {called} --help shows what it takes") from None
    if code:
        raise SystemExit(code)


def _command_then_cache() -> None:
    """Run a command; what it made is written to the cache when its answer is out."""
    from csto.graph import cache

    cache.put_off()
    try:
        try:
            _command()
        except (OSError, RuntimeError) as error:
            if not cache.is_damage(error):
                raise
            # Commands write when they are done: nothing was said yet, so say it from the start.
            cache.forget_opened()
            _command()
    finally:
        if not sys.stdout.closed:
            sys.stdout.flush()
        cache.catch_up()


def run() -> None:
    """Entry point of the console script."""
    try:
        _command_then_cache()
    except CstoError as error:
        print(f"csto: {error}", file=sys.stderr)
        raise SystemExit(error.exit_code) from None
    except BrokenPipeError:
        # The reader of a pipe has seen enough; that is no failure.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except Exception as error:
        if os.environ.get("CSTO_DEBUG"):
            raise
        print(
            f"csto: internal error: {type(error).__name__}: {error}"
            " (set CSTO_DEBUG=1 to see where; please report it)",
            file=sys.stderr,
        )
        raise SystemExit(EXIT_INTERNAL) from None


if __name__ == "__main__":
    run()
