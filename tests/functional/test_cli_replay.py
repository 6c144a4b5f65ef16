"""`simharness replay`, and what exploring refuses: in this process, since every door leads to the same commands."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from simharness.cli.app import app
from simharness.domain.base import encode
from simharness.domain.fault import parse_plan
from simharness.explore.cases import Case
from simharness.stories import discovery
from tests.functional.command import story

Command = Callable[..., Result]


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sale.yaml").write_text(story())
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words])


def test_a_case_is_told_call_by_call(command: Command) -> None:
    done = command("replay", "sale.yaml:1 reply_lost@quickbooks.saveInvoice#1", "--trace")
    assert done.exit_code == 0, done.output
    assert "struck: reply_lost at call" in done.output
    lines = [line for line in done.output.splitlines() if "quickbooks saveInvoice" in line and "struck" not in line]
    # The lost answer, and the repetition under the same key.
    assert ["<< reply_lost" in line for line in lines] == [True, False]
    assert "replayed for its key" in lines[1]
    assert done.output.endswith("\npassed\n")


def test_a_case_is_found_by_its_file_and_by_its_id_and_a_changed_story_is_told(
    command: Command, tmp_path: Path
) -> None:
    (told,) = discovery.load([Path("sale.yaml")])
    case = Case(
        story_key=told.fingerprint, story=told.name, where="sale.yaml:1", plan=parse_plan("reply_lost@alerts#1")
    )
    folder = tmp_path / "o" / "cases"
    folder.mkdir(parents=True)
    (folder / f"{case.id}.json").write_bytes(encode(case))
    # The sale alerts nobody, so that nothing is met.
    assert command("replay", case.id, "--out", "o").exit_code == 4
    assert "not exercised: " in command("replay", f"o/cases/{case.id}.json").output
    (tmp_path / "sale.yaml").write_text(story(tax="1.00"))
    changed = command("replay", case.id, "--out", "o")
    assert (changed.exit_code, "was changed since" in changed.output) == (2, True)


REFUSED = {
    "no case at all": (("replay", "anything"), "is no case"),
    "no case file": (("replay", "gone.json"), "cannot be read"),
    "unknown kind": (("replay", "sale.yaml:1 reply_lst@stripe"), "there is no kind of fault 'reply_lst'"),
    "unknown vendor": (("replay", "sale.yaml:1 reply_lost@strip"), "did you mean 'stripe'?"),
    "unknown operation": (("replay", "sale.yaml:1 slow@stripe.ChargeLst"), "did you mean 'ChargeList'?"),
    "a delivery of an operation": (
        ("replay", "sale.yaml:1 webhook_lost@stripe.ChargeList"),
        "a delivery is of a vendor",
    ),
    "no such story": (("replay", "sale.yaml:7 slow@stripe"), "the stories of the file begin at line 1"),
    "unknown kind to explore": (("explore", "sale.yaml", "--faults", "slw"), "there is no kind of fault 'slw'"),
    "no kinds": (("explore", "sale.yaml", "--faults", ","), "no kind of fault is asked for"),
    "no shard": (("explore", "sale.yaml", "--shard", "3/2"), "is no shard"),
    "a sample of pairs": (("explore", "sale.yaml", "--sample", "5", "--depth", "2"), "--sample draws single faults"),
    "random among written": (("explore", "sale.yaml", "--random", "5"), "random stories are not chosen"),
    "no mapping": (("explore", "sale.yaml", "--mapping", "gone"), "there is no mapping folder"),
    "unknown profile": (("explore", "sale.yaml", "--profile", "quickbooks=nne"), "did you mean 'none'?"),
    "nothing to merge": (("merge", "gone"), "there is no exploration in gone"),
    "merge into a shard": (("merge", "o", "--out", "o"), "o is one of the shards"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_done_is_refused_with_the_way_to_mend_it(what: str, command: Command) -> None:
    words, told = REFUSED[what]
    done = command(*words)
    assert (done.exit_code, told in done.output) == (2, True), done.output


def test_a_damaged_folder_is_refused(command: Command, tmp_path: Path) -> None:
    (tmp_path / "o").mkdir()
    (tmp_path / "o" / "work.json").write_text('{"exploration": 1}')
    for words in (("explore", "sale.yaml", "--out", "o"), ("merge", "o")):
        done = command(*words)
        assert (done.exit_code, "work.json is damaged" in done.output) == (2, True), done.output


def test_a_shard_without_a_unit_leaves_in_peace(command: Command) -> None:
    codes = [
        command("explore", "sale.yaml", "--faults", "webhook_lost", "--shard", f"{number}/999", "--out", "o").exit_code
        for number in (1, 2)
    ]
    assert codes == [0, 0]  # the only unit is in one of the shards at most, and nothing is wrong with the other
