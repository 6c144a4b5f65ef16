"""The commands for people who write features: the sentences, the dictionaries, and a first feature."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from simharness.cli.guard import leave

new = typer.Typer(
    name="new",
    help="Write a first file to go on from.",
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def steps(
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="WORDS", help="Only sentences with these words, or a whole step."),
    ] = None,
    output: Annotated[str, typer.Option("--format", help="text, markdown, json, html, or glue for editors.")] = "text",
    out: Annotated[Path | None, typer.Option(help="The file to write; of glue the folder.")] = None,
) -> None:
    """List every sentence that a feature can say."""
    from simharness.cli.steps import list_steps

    leave(lambda: list_steps(tuple(words or ()), output, out))


def dictionaries(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Of which dictionary to tell everything.")] = "",
) -> None:
    """List the companies whose books a feature may be about, or the products, accounts and terms of one."""
    from simharness.cli.dictionaries import list_dictionaries

    leave(lambda: list_dictionaries(name, Path.cwd()))


@new.callback()
def about() -> None:
    """Write a first file to go on from."""


@new.command()
def feature(
    area: Annotated[str, typer.Option(help="Area of finance, as payments; what there is stands with --list.")] = "",
    what: Annotated[str, typer.Option(help="What happens, as paid-in-part; the first of the area without one.")] = "",
    dictionary: Annotated[str, typer.Option(help="Name of the dictionary whose books it is about.")] = "",
    customer: Annotated[str, typer.Option(help="Who it is about: a customer, or an employee.")] = "",
    amount: Annotated[str, typer.Option(help='An amount with its currency, as "USD 1,200.00".')] = "",
    owner: Annotated[str, typer.Option(help="Who answers for it, as ar: becomes the tag @owner:ar.")] = "",
    out: Annotated[Path | None, typer.Option(help="The file to write; features/AREA/WHAT.feature without one.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
    listed: Annotated[bool, typer.Option("--list", help="Print the areas and what can happen in them.")] = False,
) -> None:
    """Write a first feature; on a terminal it asks for what no flag says."""
    from simharness.cli.new import Wish, list_templates, write_feature

    wish = Wish(
        area=area, what=what, dictionary=dictionary, customer=customer, amount=amount, owner=owner, out=out, force=force
    )
    leave(list_templates if listed else lambda: write_feature(wish))
