"""The ``csto`` command: run the application, and turn every failure into an exit code."""

from __future__ import annotations

import errno
import io
import os
import sys
from functools import partial
from typing import Any, NoReturn

from csto.errors import EXIT_INPUT, EXIT_INTERNAL, CstoError, InputError

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


def _command() -> None:
    import typer

    from csto.cli.app import application, command_of, in_order
    from csto.cli.plain import read

    if "_CSTO_COMPLETE" in os.environ:
        from csto.cli.complete import mend

        mend()
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


def _writable() -> None:
    """What a terminal has no sign for is shown by its number, and ends nothing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.errors == "strict":
            stream.reconfigure(errors="backslashreplace")


def _written_out() -> None:
    """Write what is still held back, while there is somebody to tell that it cannot be."""
    try:
        if not sys.stdout.closed:
            sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        # Nothing more goes there: Python would try again at its end, and complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise InputError(f"standard output cannot be written ({error.strerror})") from error


def _command_then_cache() -> None:
    """Run a command; what it made is written to the cache when its answer is out."""
    from csto.cli.guard import hush, hush_at_output, lift, tell
    from csto.graph import cache

    cache.put_off()
    cache.told.append(tell)
    hush_at_output()
    try:
        try:
            try:
                _command()
            finally:
                _written_out()
        except (OSError, RuntimeError) as error:
            if not cache.is_damage(error):
                raise
            # Commands write when they are done: nothing was said yet, so say it from the start.
            cache.forget_opened()
            _command()
            _written_out()
    finally:
        hush()
        lift()
        if cache.waits():
            tell("keeping the completed graph for the next time")
        cache.catch_up()
        hush()
        if cache.refused and sys.stderr.isatty():
            print(
                f"note: nothing can be kept in {cache.cache_folder()} ({cache.refused}), so each "
                "command works everything out anew; CSTO_CACHE names another folder",
                file=sys.stderr,
            )


def run() -> None:
    """Run the command of this process; a mistake becomes one line and an exit code."""
    _writable()
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
    except MemoryError:
        told = "this needs more memory than is allowed; CSTO_MEMORY=GIGABYTES allows more"
        print(f"csto: {told}", file=sys.stderr)
        raise SystemExit(EXIT_INPUT) from None
    except OSError as error:
        if error.errno not in _NO_ROOM:
            _internal(error)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        print(f"csto: output cannot be written ({error.strerror})", file=sys.stderr)
        raise SystemExit(EXIT_INPUT) from None
    except Exception as error:
        _internal(error)


def _internal(error: Exception) -> NoReturn:
    if os.environ.get("CSTO_DEBUG"):
        raise error
    print(
        f"csto: internal error: {type(error).__name__}: {error}"
        " (set CSTO_DEBUG=1 to see where; please report it)",
        file=sys.stderr,
    )
    raise SystemExit(EXIT_INTERNAL) from None


def console() -> None:
    """Entry point of the console script: the command under watch, but for what runs for ever."""
    # What a shell asks for after TAB comes without a word on how the work goes.
    if "serve" in sys.argv[1:] or "_CSTO_COMPLETE" in os.environ or not hasattr(os, "fork"):
        run()
    else:
        from csto.cli.guard import guarded

        guarded(run)


if __name__ == "__main__":
    console()
