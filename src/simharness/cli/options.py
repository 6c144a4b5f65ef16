"""Options that several commands have in common."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Profiles = Annotated[
    list[str] | None,
    typer.Option(
        "--profile",
        metavar="VENDOR=NAME",
        help="Another way with idempotency keys for a vendor, as quickbooks=none; repeat for more.",
    ),
]
Faults = Annotated[
    list[str] | None,
    typer.Option(
        "--fault",
        metavar="PLAN",
        help="What goes wrong, as reply_lost@quickbooks.saveInvoice#1; repeat for more (docs/faults.md).",
    ),
]
Paths = Annotated[list[Path] | None, typer.Argument(help="Story files and folders; the shipped stories without any.")]
Connector = Annotated[
    Path | None, typer.Option(help="Manifest of the connector under test; the reference connector without one.")
]
Mapping = Annotated[Path | None, typer.Option(help="Mapping folder to use instead of the connector's own.")]
RngSeed = Annotated[int, typer.Option(help="The number every random choice of the run comes from.")]
Name = Annotated[str, typer.Option("-k", "--name", help="Only stories whose name contains this text.")]
Tags = Annotated[list[str] | None, typer.Option("--tag", help="Only stories with this tag; repeat for any of.")]
