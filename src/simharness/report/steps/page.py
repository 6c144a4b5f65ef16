"""The dictionary as one page that needs nothing beside it: its sentences as data, and a template that shows them."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from string import Template

from simharness.domain.base import encode
from simharness.report.steps.plain import cells_of, said
from simharness.stories.guide.entry import Entry

_TEMPLATE = "page.html"


def page(entries: Sequence[Entry]) -> str:
    """The text of the page."""
    data = [
        {"entry": entry, "said": "\n".join(said(entry)), "cells": [cells_of(table) for table in entry.tables]}
        for entry in entries
    ]
    # Inside a script an end tag would end it, wherever it stands.
    safe = encode(data).decode().replace("<", "\\u003c")
    template = Template(files(__package__).joinpath(_TEMPLATE).read_text(encoding="utf-8"))
    return template.substitute(entries=safe, count=len(entries))
