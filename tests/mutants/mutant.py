"""What a mutant is: one override of the connector or of an engine, and who should find it where."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch


@dataclass
class Reach:
    """Counts how often an override did something else than what it replaces."""

    times: int = 0

    def __call__(self) -> None:
        self.times += 1


#: Puts something else in the place of a part of the program for as long as the context lasts.
Override = Callable[[Reach], AbstractContextManager[Any]]


@dataclass(frozen=True, kw_only=True)
class Try:
    """A case: a story below the root of the repository, and a plan of faults, "" for none."""

    story: str
    plan: str = ""

    def __str__(self) -> str:
        return f"{self.story.rpartition('/')[2].removesuffix('.yaml')}{f' with {self.plan}' if self.plan else ''}"


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """`name` says what it does wrong. All of `checks` have to find it; `tries` are in order, the smallest first.

    `setting` are overrides that are no fault, and that the sound connector gets as well (pages of one row). `compared`:
    the feed is read anew, or told in another order, at the end. `options` are constants of vendors, `scopes` what its
    key opens besides.
    """

    name: str
    checks: tuple[str, ...]
    tries: tuple[Try, ...]
    overrides: tuple[Override, ...]
    setting: tuple[Override, ...] = ()
    compared: bool = False
    shows_bi: bool = False
    options: dict[str, dict[str, str]] = field(default_factory=dict)
    scopes: dict[str, tuple[str, ...]] = field(default_factory=dict)


def instead(target: str, new: Callable[..., Any]) -> Override:
    """Put `new(reach, original, *args)` in the place of `module:name` or `module:Class.name`."""

    def apply(reach: Reach) -> AbstractContextManager[Any]:
        owner, name = _owner(target)
        original = getattr(owner, name)
        static = isinstance(inspect.getattr_static(owner, name), staticmethod)

        def called(*args: Any, **named: Any) -> Any:
            return new(reach, original, *args, **named)

        return patch.object(owner, name, staticmethod(called) if static else called)

    return apply


def constant(target: str, value: object) -> Override:
    """Put another value in the place of a constant: it is reached by being there."""

    def apply(reach: Reach) -> AbstractContextManager[Any]:
        owner, name = _owner(target)

        @contextmanager
        def replaced() -> Iterator[None]:
            with patch.object(owner, name, value):
                reach()
                yield

        return replaced()

    return apply


def _owner(target: str) -> tuple[Any, str]:
    module, _, path = target.partition(":")
    *owners, name = path.split(".")
    owner: Any = importlib.import_module(module)
    for each in owners:
        owner = getattr(owner, each)
    return owner, name
