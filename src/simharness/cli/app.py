"""The commands and their options; what a command does is in the module of its name."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from simharness.cli.exploring import explore, merge, replay
from simharness.cli.guard import leave
from simharness.cli.options import Connector, Faults, Mapping, Name, Paths, Profiles, RngSeed, Tags
from simharness.cli.telling import dictionaries, new, steps

app = typer.Typer(
    name="simharness",
    help="Test finance integrations: business stories, fake vendors, and checks that read what happened.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    # Plain help: it is read in pipes and logs as much as on terminals.
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def about(
    version: Annotated[bool, typer.Option("--version", help="Show the version and exit.", is_eager=True)] = False,
) -> None:
    """Test finance integrations: business stories, fake vendors, and checks that read what happened."""
    if version:
        from simharness import __version__

        typer.echo(f"simharness {__version__}")
        raise typer.Exit


@app.command()
def run(
    paths: Paths = None,
    connector: Connector = None,
    mapping: Mapping = None,
    junit: Annotated[Path | None, typer.Option(help="Where to write junit.xml, if not into the --out folder.")] = None,
    out: Annotated[Path, typer.Option(help="Folder for run.ndjson, junit.xml and run.duckdb.")] = Path(
        "simharness-out"
    ),
    rng_seed: RngSeed = 0,
    name: Name = "",
    tag: Tags = None,
    bi: Annotated[
        str, typer.Option(metavar="URL", help="PostgreSQL database for BI; a DuckDB file a story without one.")
    ] = "",
    metrics: Annotated[
        Path | None, typer.Option(help="Folder of metrics of your own (.sql) that the stories may claim.")
    ] = None,
    transform: Annotated[
        str, typer.Option(metavar="COMMAND", help='Your transform of the curated tables, for example "dbt run".')
    ] = "",
    show_personal: Annotated[
        bool,
        typer.Option("--show-personal", help="Leave in the record what identifies persons; it is blotted out else."),
    ] = False,
    profile: Profiles = None,
    fault: Faults = None,
    http: Annotated[
        bool, typer.Option("--http", help="Show the HTTP requests beneath what the connector did, where it failed.")
    ] = False,
    reasons: Annotated[
        bool, typer.Option("--reasons", help="List the checks that could not be made, with the reason of each.")
    ] = False,
) -> None:
    """Play stories against a connector and check what came of them."""
    from simharness.cli.run import Order, run_stories

    order = Order(
        paths=tuple(paths or ()),
        connector=connector,
        mapping=mapping,
        junit=junit,
        out=out,
        rng_seed=rng_seed,
        name=name,
        tags=frozenset(tag or ()),
        bi=bi,
        metrics=metrics,
        transform=transform,
        show_personal=show_personal,
        profiles=tuple(profile or ()),
        faults=tuple(fault or ()),
        http=http,
        reasons=reasons,
    )
    leave(lambda: run_stories(order))


@app.command()
def check(
    paths: Paths = None,
    output: Annotated[str, typer.Option("--format", help="text, or json for one object a problem.")] = "text",
    metrics: Annotated[
        Path | None, typer.Option(help="Folder of metrics of your own (.sql) that the stories may claim.")
    ] = None,
    today: Annotated[
        str, typer.Option(metavar="DAY", help="The day that waivers are compared with; the real one unless said.")
    ] = "",
    strict: Annotated[bool, typer.Option("--strict", help="Fail on hints about style as on mistakes.")] = False,
    rules: Annotated[bool, typer.Option("--rules", help="Print the rules instead, as Markdown.")] = False,
) -> None:
    """Look for mistakes in stories, features and dictionaries, without running anything."""
    from simharness.cli.check import Wish, check_stories, print_rules

    if rules:
        leave(print_rules)
    wish = Wish(paths=tuple(paths or ()), output=output, metrics=metrics, today=today, strict=strict)
    leave(lambda: check_stories(wish))


@app.command()
def export(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="The run.ndjson that a run left.")],
    output: Annotated[str, typer.Option("--format", help="beancount or hledger.")],
    out: Annotated[
        Path | None, typer.Option(help="Folder for the files; one beside the record, named after the format, without.")
    ] = None,
    name: Annotated[str, typer.Option("-k", "--name", help="Only stories whose name contains this text.")] = "",
) -> None:
    """Write the books of a run as plain-text accounting, a file a story."""
    from simharness.cli.export import export_books

    leave(lambda: export_books(run, output, out, name))


@app.command()
def fakes(
    markdown: Annotated[bool, typer.Option("--markdown", help="Print the table as Markdown.")] = False,
    profiles: Annotated[
        bool, typer.Option("--profiles", help="Print how repeated requests are answered instead, as Markdown.")
    ] = False,
    faults: Annotated[
        bool, typer.Option("--faults", help="Print which faults can meet which vendor instead, as Markdown.")
    ] = False,
) -> None:
    """List the fake vendors with what each does not do."""
    from simharness.cli.fakes import list_fakes, list_kinds, list_profiles

    if faults:
        leave(list_kinds)
    leave(list_profiles if profiles else lambda: list_fakes(markdown=markdown))


@app.command()
def up(
    port: Annotated[
        list[str] | None, typer.Option("--port", help="A fixed port for a vendor, as vendor=8001; repeat for more.")
    ] = None,
    stack: Annotated[
        list[str] | None,
        typer.Option(help="Which vendor plays a family, as banking=plaid, if not the usual one; repeat for more."),
    ] = None,
    shared_port: Annotated[
        int | None,
        typer.Option(help="One more port for all vendors, told apart by the Host header; 0 for any free one."),
    ] = None,
    dictionary: Annotated[
        str, typer.Option(help="Name or file of the dictionary that furnishes the fakes.")
    ] = "us-saas",
    today: Annotated[
        str, typer.Option(metavar="DAY", help="The day on which the world begins; its clock stands still.")
    ] = "2026-01-05",
    rng_seed: Annotated[int, typer.Option(help="The number every random choice comes from.")] = 0,
    profile: Profiles = None,
    fault: Faults = None,
) -> None:
    """Serve the fake vendors on this machine until Ctrl-C."""
    from simharness.cli.up import Service, day, serve

    def begin() -> int:
        return serve(
            Service(
                ports=tuple(port or ()),
                stack=tuple(stack or ()),
                shared_port=shared_port,
                dictionary=dictionary,
                today=day(today),
                rng_seed=rng_seed,
                profiles=tuple(profile or ()),
                faults=tuple(fault or ()),
            )
        )

    leave(begin)


app.command()(explore)
app.command()(replay)
app.command()(merge)
app.command()(steps)
app.command()(dictionaries)
app.add_typer(new)
