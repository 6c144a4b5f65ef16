"""What goes wrong before anything is tested, told in words."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from simharness.core.errors import HarnessError, UsageError

_REAL = "datetime"


@contextmanager
def in_words() -> Iterator[None]:
    """Let an error that is meant for people fail the test without a traceback."""
    __tracebackhide__ = True
    try:
        yield
    except HarnessError as error:
        raise pytest.fail.Exception(str(error), pytrace=False) from None


def refuse_frozen() -> None:
    """Raise `UsageError` where somebody else has put classes of their own in the place of dates: a world has its own
    clock, and the connector's dates must be those of that clock.
    """
    if datetime.datetime.__module__ != _REAL:
        raise UsageError(
            f"time is frozen by {datetime.datetime.__module__.partition('.')[0]}, and a world has a clock of its own",
            mend="leave it out of this test, and write: with simharness_clock.frozen(): …",
        )
