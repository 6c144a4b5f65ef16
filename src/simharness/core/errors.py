"""Errors a person reads: what is wrong, where, and how to mend it.

HarnessError
├── UsageError        the command or the configuration is wrong (exit code 2)
│   ├── ContentError  a story, dictionary, mapping or manifest is wrong, with file and line
│   └── NothingToTest the selection holds no story (exit code 4)
└── HarnessFault      simharness itself could not go on (exit code 3)

A vendor's intended error travels on the wire and a wrong ledger is a Finding; neither is ever raised from here.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Where:
    """A place in a file a person can open. `line` counts from 1; 0 means the whole file."""

    file: str
    line: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


class HarnessError(Exception):
    """The root of everything simharness raises on purpose; `str()` is the complete message for a person."""

    exit_code = 3

    def __init__(self, what: str, *, where: Where | None = None, mend: str | None = None) -> None:
        self.what = what
        self.where = where
        self.mend = mend
        super().__init__(what, where, mend)

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        mend = f"\n  To mend it: {self.mend}" if self.mend else ""
        return f"{place}{self.what}{mend}"


class UsageError(HarnessError):
    """The command line or the configuration asks for something that cannot be done."""

    exit_code = 2


class ContentError(UsageError):
    """A story, dictionary, mapping or manifest is wrong; `where` says at which line.

    `rule` is the name of the rule that was broken, where mistakes are told apart, and `about` the word it is about.
    """

    def __init__(
        self, what: str, *, where: Where | None = None, mend: str | None = None, rule: str = "", about: str = ""
    ) -> None:
        super().__init__(what, where=where, mend=mend)
        self.rule = rule
        self.about = about

    def __reduce__(self) -> tuple[object, ...]:
        # Mistakes travel between processes, and keyword arguments do not travel with an exception by themselves.
        return _content_error, (type(self), self.__dict__)


def _content_error(kind: type[ContentError], state: dict[str, object]) -> ContentError:
    error = kind.__new__(kind)
    error.__dict__.update(state)
    return error


class NothingToTest(UsageError):
    """The selection is valid but holds nothing to run."""

    exit_code = 4


class HarnessFault(HarnessError):
    """simharness itself could not go on: a broken pack, an unwritable disk, an unexpected state."""

    exit_code = 3
