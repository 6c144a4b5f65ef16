"""`simharness fakes`: which vendors there are, what they do not do, and how repeated requests and faults meet them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from simharness.domain.fault_kinds import KINDS, Place
from simharness.fakekit.contract import load
from simharness.fakekit.fake import Fake
from simharness.fakekit.idempotency import PROFILES, Profile
from simharness.fakekit.pack import Pack
from simharness.report.words import counted
from simharness.world.registry import installed_packs
from simharness.world.world import World

#: A fake that nobody asks anything lives on any day.
_ANY_DAY = datetime(2026, 1, 5, tzinfo=UTC)


def list_fakes(*, markdown: bool) -> int:
    """Print every installed pack with family, API versions, number of operations and known gaps; the exit code is 0."""
    packs = list(installed_packs().values())
    rows = _markdown(packs) if markdown else _plain(packs)
    sys.stdout.writelines(f"{row}\n" for row in rows)
    return 0


def list_profiles() -> int:
    """Print every profile of idempotency keys, and which vendor has which, as Markdown; the exit code is 0."""
    rows = (*_profiles(), "", *_declared(list(installed_packs().values())))
    sys.stdout.writelines(f"{row}\n" for row in rows)
    return 0


def list_kinds() -> int:
    """Print every kind of fault of the wire with the vendors it can meet, as Markdown; the exit code is 0."""
    rows = _kinds([_alone(pack) for pack in installed_packs().values()])
    sys.stdout.writelines(f"{row}\n" for row in rows)
    return 0


def _alone(pack: Pack) -> Fake:
    """The fake of a pack, which says of itself what cannot meet it."""
    return World(now=_ANY_DAY, stack={pack.family: pack.vendor}).fake(pack.family)


def _kinds(fakes: list[Fake]) -> Iterator[str]:
    kinds = [kind for kind in KINDS.values() if kind.place is Place.WIRE]
    yield f"| Kind | What is met | Done by the vendor | {' | '.join(f'`{fake.vendor}`' for fake in fakes)} |"
    yield f"|---|---|---|{'---|' * len(fakes)}"
    for kind in kinds:
        done = {True: "yes", False: "no", None: "–"}[kind.committed]
        meets = ("–" if kind.name in fake.immune else "yes" for fake in fakes)
        yield f"| `{kind.name}` | {kind.sees} | {done} | {' | '.join(meets)} |"
    yield ""
    yield "| Vendor | What cannot meet it | Why |"
    yield "|---|---|---|"
    for fake in fakes:
        for name, why in fake.immune.items():
            yield f"| `{fake.vendor}` | `{name}` | {why} |"


def _profiles() -> Iterator[str]:
    yield "| Profile | Key | Kept for | Same key, same body | Same key, other body | In flight | What is stored |"
    yield "|---|---|---|---|---|---|---|"
    for profile in PROFILES.values():
        rules = (str(rule) for rule in (profile.same_body, profile.other_body, profile.in_flight))
        cells = (f"`{profile.name}`", _key(profile), _kept(profile), *rules, profile.stores.value)
        yield f"| {' | '.join(cells)} |"


def _key(profile: Profile) -> str:
    return profile.carried if profile.name == "none" else f"{profile.carried}, at most {profile.max_length} characters"


def _kept(profile: Profile) -> str:
    if profile.window is None:
        return "–" if profile.name == "none" else "ever"
    hours = profile.window // timedelta(hours=1)
    return f"{hours} h" if hours else f"{profile.window // timedelta(minutes=1)} min"


def _declared(packs: list[Pack]) -> Iterator[str]:
    yield "| Vendor | Profile | Key | Of each | Another can be chosen |"
    yield "|---|---|---|---|---|"
    for pack in packs:
        keys = pack.keys
        cells = (f"`{pack.vendor}`", f"`{keys.profile}`", keys.carried or "–", keys.scope or "–")
        yield f"| {' | '.join(cells)} | {'yes' if keys.requests else 'no'} |"


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
