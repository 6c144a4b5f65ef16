"""Which packs are installed: every distribution's entry points of the group `simharness.fakes`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import lru_cache
from importlib.metadata import entry_points
from types import MappingProxyType

from simharness.core.errors import HarnessFault, UsageError
from simharness.domain.dictionary import Dictionary
from simharness.fakekit.pack import Pack

GROUP = "simharness.fakes"

#: Which vendor plays which family unless the story or the user says otherwise.
DEFAULT_STACK: Mapping[str, str] = MappingProxyType(
    {
        "crm": "hubspot",
        "accounting": "quickbooks",
        "payments": "stripe",
        "banking": "plaid",
        "operations": "alerts",
    }
)

#: Which vendor plays payroll in a company that pays its people; others have none.
WITH_PAYROLL: Mapping[str, str] = MappingProxyType({"payroll": "gusto"})


def stack_for(*dictionaries: Dictionary) -> Mapping[str, str]:
    """Which vendor plays which family in the world of these companies: payroll only where one says how it pays."""
    has_payroll = any(books.payroll is not None for books in dictionaries)
    return {**DEFAULT_STACK, **(WITH_PAYROLL if has_payroll else {})}


@lru_cache(maxsize=1)
def installed_packs() -> Mapping[str, Pack]:
    """Every installed pack by vendor name, sorted. Code that is installed does not change while a process runs."""
    packs: dict[str, Pack] = {}
    for point in sorted(entry_points(group=GROUP), key=lambda p: p.name):
        try:
            found: Iterable[Pack] = point.load()()
        except Exception as error:
            raise HarnessFault(
                f"the packs of entry point {point.name!r} ({point.value}) cannot be loaded: {error}"
            ) from error
        for pack in found:
            if pack.vendor in packs:
                raise HarnessFault(f"two packs are called {pack.vendor!r}; uninstall one of them")
            packs[pack.vendor] = pack
    return MappingProxyType(dict(sorted(packs.items())))


def families() -> tuple[str, ...]:
    """Every family that some installed pack can play, sorted."""
    return tuple(sorted({pack.family for pack in installed_packs().values()}))


def pack_of(vendor: str, packs: Mapping[str, Pack]) -> Pack:
    """The pack of a vendor; raises `UsageError` with the nearest name."""
    if vendor in packs:
        return packs[vendor]
    near = get_close_matches(vendor, packs, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"installed: {', '.join(packs) or 'none'}"
    raise UsageError(f"there is no pack for {vendor!r}", mend=hint)
