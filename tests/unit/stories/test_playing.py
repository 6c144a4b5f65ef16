from __future__ import annotations

from pathlib import Path

import pytest

from simharness.checks import CHECKS
from simharness.connectors.manifest import builtin_manifest, load_manifest
from simharness.core.errors import HarnessFault, UsageError
from simharness.domain.finding import CheckResult, Judgement
from simharness.domain.played import Broken, Played
from simharness.stories import discovery, playing
from simharness.stories.playing import Setting, attempt, play
from simharness.stories.story import Story

STORY = """\
story: A deal is billed
dictionary: us-saas
today: 2026-01-05
given:
  - {customer: Globex, region: US-CA-SF, terms: Net 30}
  - deal: Globex rollout
    customer: Globex
    lines:
      - {product: Badge printer, quantity: 1, unit_price: USD 4000.00, discount: 10%}
when:
  - {deal_won: Globex rollout, on: 2026-01-12}
  - connector_finishes
then:
  - {invoice_of: Globex rollout, tax: USD TAX}
"""


def story(folder: Path, tax: str = "310.50", on: str = ", on: 2026-01-12") -> Story:
    file = folder / "sale.yaml"
    file.write_text(STORY.replace("TAX", tax).replace(", on: 2026-01-12", on))
    return discovery.load([file])[0]


def manifest(folder: Path, old: str, new: str) -> Setting:
    """The reference connector with one thing of its manifest changed."""
    text = builtin_manifest().read_text().replace("mappings/", f"{builtin_manifest().parent}/mappings/")
    assert old in text
    (folder / "mine.yaml").write_text(text.replace(old, new))
    return Setting(attachment=load_manifest(folder / "mine.yaml"))


def reference() -> Setting:
    return Setting(attachment=load_manifest(builtin_manifest()))


def replay_of(played: Played) -> CheckResult:
    (result,) = (result for result in played.results if result.check == "V3")
    return result


def test_the_replay_of_a_sound_connector_changes_nothing_and_is_no_part_of_the_record(tmp_path: Path) -> None:
    played = play(story(tmp_path), reference())
    assert replay_of(played).judgement is Judgement.PASSED
    assert max(fact.step for fact in played.record.facts) == 4
    assert {checkpoint.name for checkpoint in played.record.checkpoints} <= {
        "before the acts",
        "connector at rest",
        "claims",
    }


def test_a_connector_that_posts_again_when_it_reads_its_feeds_anew_is_found(tmp_path: Path) -> None:
    forgetful = manifest(tmp_path, "simharness.reference.app:build", "tests.unit.stories.forgetful:build")
    told = story(tmp_path, on="")
    result = replay_of(play(told, forgetful))
    assert result.judgement is Judgement.FOUND
    assert "customer" in result.findings[0].message


def test_without_an_act_that_rewinds_the_replay_is_not_applicable(tmp_path: Path) -> None:
    played = play(story(tmp_path), manifest(tmp_path, ", rewind: rewind", ""))
    assert replay_of(played).judgement is Judgement.NOT_APPLICABLE
    assert "rewind" in replay_of(played).reason


def test_every_check_gives_one_result(tmp_path: Path) -> None:
    ids = [result.check for result in play(story(tmp_path), reference()).results]
    wanted = [check.id for check in CHECKS if check.id != "F1"]  # an exploration makes it, which has both of its runs
    assert ids[: len(wanted)] == wanted


def test_findings_carry_the_flags_that_bring_the_setting_back(tmp_path: Path) -> None:
    setting = Setting(attachment=load_manifest(builtin_manifest()), flags="--mapping mine")
    findings = play(story(tmp_path, tax="310.49"), setting).findings
    assert findings
    assert all(finding.reproduce.endswith("--rng-seed 0 --mapping mine") for finding in findings)


def test_equal_runs_leave_equal_records(tmp_path: Path) -> None:
    told = story(tmp_path)
    assert play(told, reference()) == play(told, reference())


def test_a_connector_that_cannot_be_started_is_a_matter_of_configuration(tmp_path: Path) -> None:
    broken = manifest(tmp_path, "simharness.reference.app:build", "tests.unit.stories.forgetful:build_broken")
    with pytest.raises(UsageError, match=r"mine\.yaml: the connector cannot be started: .*the database is malformed"):
        attempt(story(tmp_path), broken)


def test_what_simharness_cannot_play_is_told_as_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise HarnessFault("the pack fell over")

    monkeypatch.setattr(playing, "play", fails)
    told = attempt(story(tmp_path), reference())
    assert isinstance(told, Broken)
    assert (told.story, told.message) == ("A deal is billed", "the pack fell over")
    assert told.where.endswith("sale.yaml:1")


def test_a_company_without_a_mapping_is_named(tmp_path: Path) -> None:
    setting = manifest(tmp_path, "mappings/{dictionary}", "nowhere/{dictionary}")
    with pytest.raises(UsageError, match="no mapping for the dictionary 'us-saas'"):
        play(story(tmp_path), setting)
