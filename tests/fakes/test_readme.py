"""The table of fakes in the README is what the command prints."""

from __future__ import annotations

import pytest

from simharness.cli.fakes import list_fakes
from tests.repo import tree

README = tree.ROOT / "fakes" / "README.md"
BEGIN, END = "<!-- fakes:begin -->\n", "<!-- fakes:end -->"


def test_the_table_of_fakes_is_what_the_command_prints(capsys: pytest.CaptureFixture[str]) -> None:
    assert list_fakes(markdown=True) == 0
    printed = capsys.readouterr().out
    written = README.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]
    assert written == printed, (
        "put the output of `simharness fakes --markdown` between the two markers of fakes/README.md"
    )
