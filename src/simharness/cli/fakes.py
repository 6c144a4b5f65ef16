"""`simharness fakes`: which vendors there are, and what each of them does not do."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from simharness.fakekit.contract import load
from simharness.fakekit.pack import Pack
from simharness.report.words import counted
from simharness.world.registry import installed_packs


def list_fakes(*, markdown: bool) -> int:
    """Print every installed pack with family, API versions, number of operations and known gaps; the exit code is 0."""
    packs = list(installed_packs().values())
    rows = _markdown(packs) if markdown else _plain(packs)
    sys.stdout.writelines(f"{row}\n" for row in rows)
    return 0


def _operations(pack: Pack) -> int:
    return len(load(pack.package).operations)


def _plain(packs: list[Pack]) -> Iterator[str]:
    if not packs:
        yield "no packs are installed"
    for pack in packs:
        versions = ", ".join(pack.versions)
        yield f"{pack.vendor}: {pack.title}, {pack.family}, API {versions}, {counted(_operations(pack), 'operation')}"
        yield f"  hosts: {', '.join(pack.hosts)}"
        if pack.sdks:
            yield f"  tried with: {', '.join(pack.sdks)}"
        for gap in pack.gaps:
            yield f"  not there: {gap}"


def _markdown(packs: list[Pack]) -> Iterator[str]:
    yield "| Vendor | Family | API versions | Operations | Tried with | Known gaps |"
    yield "|---|---|---|---|---|---|"
    for pack in packs:
        cells = (
            f"{pack.title} (`{pack.vendor}`)",
            pack.family,
            ", ".join(pack.versions),
            str(_operations(pack)),
            ", ".join(f"`{sdk}`" for sdk in pack.sdks) or "–",
            "; ".join(pack.gaps) or "–",
        )
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
