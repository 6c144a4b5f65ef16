"""What becomes of an error at the edge of the program: one message, the right exit code, no traceback."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn

from simharness.core.errors import HarnessError

#: Set to anything to see where an error was raised.
DEBUG = "SIMHARNESS_DEBUG"
_INTERRUPTED = 130
_BROKEN_PIPE = 141


@contextmanager
def guarded() -> Iterator[None]:
    """Turn whatever is raised inside into a message on stderr and an exit code."""
    try:
        yield
        sys.stdout.flush()
    except HarnessError as error:
        _trace()
        sys.stderr.write(f"simharness: {error}\n")
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.stderr.write("simharness: interrupted\n")
        sys.exit(_INTERRUPTED)
    except BrokenPipeError:
        # Whoever read our output has left. Python would complain once more while flushing at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(_BROKEN_PIPE)
    except Exception as error:  # noqa: BLE001 - the outermost edge: nobody above could say it to a person
        _trace()
        sys.stderr.write(
            f"simharness: an error of simharness itself: {type(error).__name__}: {error}\n"
            f"  To see where, run it again with {DEBUG}=1 in the environment\n"
        )
        sys.exit(3)


def leave(command: Callable[[], int]) -> NoReturn:
    """Do a command and leave with its exit code. Inside typer, which has an exit code of its own for Ctrl-C."""
    with guarded():
        code = command()
    sys.exit(code)


def _trace() -> None:
    if os.environ.get(DEBUG):
        traceback.print_exc()
