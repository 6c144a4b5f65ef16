"""Random stories: told by rules over the vocabulary, played, judged by every check, and kept as files where they break
something.

    search = searching(setting, out=Path("out/random"))
    for result in search.results(100, rng_seed=7): ...
    search.account

Needs Hypothesis, which is not installed with simharness alone.
"""

from __future__ import annotations

from collections.abc import Collection
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from simharness.core.errors import UsageError
from simharness.stories.playing import Setting

if TYPE_CHECKING:
    from simharness.explore.random.company import Company
    from simharness.explore.random.search import Effort, Search

#: What random stories may be about.
AREAS = (
    "sales", "edits", "payments", "credits", "refunds", "disputes", "bank", "payouts", "close", "payroll", "faults",
)  # fmt: skip


def searching(
    setting: Setting,
    out: Path,
    areas: Collection[str] = AREAS,
    kinds: tuple[str, ...] | None = None,
    effort: Effort | None = None,
) -> Search:
    """A search for random stories about some areas, whose `account` says what it reached; files of the stories that
    break something are left in `out`.

    `kinds` are those of the faults that may strike, all of which something can come without any. Raises `UsageError`
    for an area that there is not, a connector without a mapping for any company, or without Hypothesis.
    """
    needs_hypothesis()
    unknown = sorted(set(areas) - set(AREAS))
    if unknown:
        raise UsageError(f"there are no random stories about {unknown[0]!r}", mend=f"use {', '.join(AREAS)}")
    from simharness.explore.random.search import Effort, Search

    return Search(setting, out, frozenset(areas), _companies(setting, areas), kinds, effort or Effort())


def needs_hypothesis() -> None:
    """Raises `UsageError` where Hypothesis is not installed."""
    if find_spec("hypothesis") is None:
        raise UsageError(
            "random stories need Hypothesis, which is not installed",
            mend='install it, for example with pip install "simharness[pytest]"',
        )


def _companies(setting: Setting, areas: Collection[str]) -> tuple[Company, ...]:
    """The companies of the shipped dictionaries whose stories are about the areas and for which there is a mapping."""
    from simharness.explore.random import company
    from simharness.stories import discovery
    from simharness.stories.dictionaries import load_dictionary

    names = (*(company.SELLING if set(areas) - {"payroll", "faults"} else ()),)
    names += company.PAYING_PEOPLE if "payroll" in areas else ()
    found = []
    for name in names:
        folder = setting.attachment.mapping_for(name, setting.mapping)
        if folder is None or folder.is_dir():
            file = discovery.shipped() / "dictionaries" / f"{name}.yaml"
            found.append(company.Company(load_dictionary(file)))
    if not found:
        raise UsageError(
            f"the connector has a mapping for none of the companies of random stories: {', '.join(names)}",
            mend="add a folder with a mapping for one of them",
        )
    return tuple(found)
