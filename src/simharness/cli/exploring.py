"""The commands of exploring and their options: `explore`, `replay` and `merge`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from simharness.cli.guard import leave
from simharness.cli.options import Connector, Mapping, Name, Paths, Profiles, RngSeed, Tags

_OUT = Path("simharness-explore")


def explore(
    paths: Paths = None,
    faults: Annotated[
        str,
        typer.Option(metavar="KIND,…|all", help="Kinds of faults; all are those of the wire and of deliveries."),
    ] = "all",
    depth: Annotated[int, typer.Option(min=1, max=2, help="How many faults strike in one case.")] = 1,
    crashes: Annotated[
        bool, typer.Option("--crashes", help="Kill and restart the connector before and after every call as well.")
    ] = False,
    jobs: Annotated[int, typer.Option(min=1, help="How many processes explore.")] = 1,
    shard: Annotated[str, typer.Option(metavar="i/N", help="Only the i-th of N parts of the work.")] = "",
    out: Annotated[Path, typer.Option(help="Folder for the results; what is finished in it is not repeated.")] = _OUT,
    sample: Annotated[
        int | None, typer.Option(min=1, help="Only so many cases, a fixed choice from all areas, kinds and operations.")
    ] = None,
    random: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="So many random stories instead of written ones.")
    ] = None,
    to_the_end: Annotated[
        bool, typer.Option("--to-the-end", help="Play every case to its end, also where nothing can differ any more.")
    ] = False,
    connector: Connector = None,
    mapping: Mapping = None,
    rng_seed: RngSeed = 0,
    name: Name = "",
    tag: Tags = None,
    profile: Profiles = None,
) -> None:
    """Let every fault strike every call of the stories, and check that the books end as without it."""
    from simharness.cli.explore import Wish, explore_stories

    wish = Wish(
        paths=tuple(paths or ()),
        faults=faults,
        depth=depth,
        crashes=crashes,
        jobs=jobs,
        shard=shard,
        out=out,
        sample=sample,
        random=random,
        to_the_end=to_the_end,
        connector=connector,
        mapping=mapping,
        rng_seed=rng_seed,
        name=name,
        tags=frozenset(tag or ()),
        profiles=tuple(profile or ()),
    )
    leave(lambda: explore_stories(wish))


def replay(
    case: Annotated[
        str, typer.Argument(metavar="CASE", help="A case as it is printed with a finding, its file, or its id.")
    ],
    trace: Annotated[bool, typer.Option("--trace", help="Tell call by call what happened.")] = False,
    out: Annotated[Path, typer.Option(help="Folder of the exploration, for a case that is named by its id.")] = _OUT,
    connector: Connector = None,
    mapping: Mapping = None,
    rng_seed: RngSeed = 0,
    profile: Profiles = None,
) -> None:
    """Play exactly one case of an exploration again, from its beginning."""
    from simharness.cli.replay import Again, replay_case

    wish = Again(
        case=case,
        out=out,
        trace=trace,
        connector=connector,
        mapping=mapping,
        rng_seed=rng_seed,
        profiles=tuple(profile or ()),
    )
    leave(lambda: replay_case(wish))


def merge(
    folders: Annotated[list[Path], typer.Argument(metavar="DIR…", help="The folders of all shards, in any order.")],
    out: Annotated[Path, typer.Option(help="Folder for the whole exploration.")] = Path("simharness-merged"),
) -> None:
    """Put the shards of an exploration together."""
    from simharness.cli.merge import merge_shards

    leave(lambda: merge_shards(folders, out))
