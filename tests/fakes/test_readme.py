"""The tables of fakes and of profiles in the documents are what the commands print."""

from __future__ import annotations

import pytest

from simharness.cli.fakes import list_fakes, list_kinds, list_profiles
from tests.repo import tree

GUIDE = tree.ROOT / "docs" / "idempotency.md"
README = tree.ROOT / "fakes" / "README.md"
BEGIN, END = "<!-- fakes:begin -->\n", "<!-- fakes:end -->"


def test_the_table_of_fakes_is_what_the_command_prints(capsys: pytest.CaptureFixture[str]) -> None:
    assert list_fakes(markdown=True) == 0
    printed = capsys.readouterr().out
    written = README.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]
    assert written == printed, (
        "put the output of `simharness fakes --markdown` between the two markers of fakes/README.md"
    )


def test_the_tables_of_profiles_are_what_the_command_prints(capsys: pytest.CaptureFixture[str]) -> None:
    assert list_profiles() == 0
    printed = capsys.readouterr().out
    written = GUIDE.read_text(encoding="utf-8").partition("<!-- profiles:begin -->\n")[2]
    assert written.partition("<!-- profiles:end -->\n")[0] == printed, (
        "put the output of `simharness fakes --profiles` between the two markers of docs/idempotency.md"
    )


def test_the_tables_of_kinds_of_faults_are_what_the_command_prints(capsys: pytest.CaptureFixture[str]) -> None:
    assert list_kinds() == 0
    printed = capsys.readouterr().out
    written = README.read_text(encoding="utf-8").partition("<!-- kinds:begin -->\n")[2]
    assert written.partition("<!-- kinds:end -->\n")[0] == printed, (
        "put the output of `simharness fakes --faults` between the two markers of fakes/README.md"
    )
