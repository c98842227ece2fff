"""The ``csto`` command: run the application, and turn every failure into an exit code."""

from __future__ import annotations

import os
import sys

from csto.errors import EXIT_INTERNAL, CstoError


def global_first(arguments: list[str]) -> list[str]:
    """Options that hold for every command may stand anywhere; the parser wants them first."""
    first: list[str] = []
    rest: list[str] = []
    items = iter(arguments)
    for item in items:
        if item == "--":
            rest += [item, *items]
        elif item == "--quiet" or item.startswith("--workspace="):
            first.append(item)
        elif item == "--workspace":
            first += [item, *(value for value in [next(items, None)] if value is not None)]
        else:
            rest.append(item)
    return first + rest


def _command() -> None:
    from csto.cli.quick import answered

    arguments = global_first(sys.argv[1:])
    if not answered(arguments):
        from csto.cli.app import app

        app(arguments)


def run() -> None:
    """Entry point of the console script."""
    try:
        try:
            _command()
        except (OSError, RuntimeError) as error:
            from csto.graph import cache

            if not cache.is_damage(error):
                raise
            # Commands write when they are done: nothing was said yet, so say it from the start.
            cache.forget_opened()
            _command()
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
