"""The plugin of pytest: it costs nothing unasked, plays stories as `simharness run` does, and its fixtures keep to
their scope.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest

from simharness.pytest_plugin import PARTS, VENDORS
from simharness.world.registry import installed_packs
from tests.functional import inner
from tests.functional.command import simharness, story

pytest_plugins = ["pytester"]

FEATURE = """\
@money @billing
Feature: Instalments
  Background:
    Given the dictionary "us-saas" is loaded
    And today is 2026-01-05

  Scenario Outline: A deal is billed <how>
    Given the customer "Globex" in region "US-CA-SF" on terms "Net 30"
    And a deal "Globex rollout" with "Globex" and these lines:
      | product       | quantity | unit price   |
      | Badge printer | 1        | USD 4,000.00 |
    When the deal "Globex rollout" is won on 2026-01-12
    And the connector finishes its work
    Then the invoice of "Globex rollout" totals {TOTAL}

    Examples:
      | how  |
      | once |
"""
# 8.625 % of 4,000.00 is 345.00.
GOOD, BAD = FEATURE.replace("{TOTAL}", "USD 4,345.00"), FEATURE.replace("{TOTAL}", "USD 4,354.00")


def stories(folder: Path) -> None:
    folder.mkdir()
    (folder / "good.feature").write_text(GOOD, encoding="utf-8")
    (folder / "bad.feature").write_text(BAD, encoding="utf-8")
    (folder / "sale.yaml").write_text(story(), encoding="utf-8")
    (folder / "dictionaries").mkdir()
    shipped = Path(__file__).parents[2] / "scenarios" / "dictionaries" / "us-saas.yaml"
    (folder / "dictionaries" / "us-saas.yaml").write_text(shipped.read_text(encoding="utf-8"), encoding="utf-8")


def verdicts(junit: Path) -> list[tuple[str, str]]:
    """Name and verdict of each test case, in order of the names."""
    cases = Xml.parse(junit).iter("testcase")  # noqa: S314 - written by the run that this test began
    words = {"failure": "bad", "error": "unusable"}
    told = (
        (case.get("name", ""), next((word for tag, word in words.items() if case.find(tag) is not None), "good"))
        for case in cases
    )
    return sorted(told)


def test_a_pytest_that_asks_for_nothing_imports_nothing() -> None:
    code = "import sys, simharness.pytest_plugin; print(*sorted(n for n in sys.modules if n.startswith('simharness')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["simharness", "simharness.pytest_plugin"]


def test_every_vendor_has_its_fixture() -> None:
    assert set(VENDORS) <= set(installed_packs())
    assert {pack.family for pack in installed_packs().values()} == {
        installed_packs()[vendor].family for vendor in VENDORS
    }


def test_pytest_and_simharness_run_give_the_same_verdicts(pytester: pytest.Pytester) -> None:
    stories(pytester.path / "stories")
    done = inner.run(pytester, "--simharness", "stories", "--junitxml", "pytest.xml")
    done.assert_outcomes(passed=2, failed=1)
    ran = simharness("run", "stories", "--junit", "run.xml", cwd=pytester.path)
    assert ran.returncode == 1
    assert verdicts(pytester.path / "pytest.xml") == verdicts(pytester.path / "run.xml")
    assert dict(verdicts(pytester.path / "run.xml"))["A deal is billed"] == "good"
    assert "USD 4,354.00" in inner.shown(done)


def test_items_have_readable_ids_in_the_order_of_files_and_tags_choose(pytester: pytest.Pytester) -> None:
    stories(pytester.path / "stories")
    done = inner.run(pytester, "--simharness", "stories", "--collect-only", "-q")
    ids = [line for line in done.outlines if "::" in line]
    assert ids == [
        "stories/bad.feature::A deal is billed once",
        "stories/good.feature::A deal is billed once",
        "stories/sale.yaml::A deal is billed",
    ]
    chosen = inner.run(pytester, "--simharness", "stories", "--collect-only", "-q", "-k", "billing and sale")
    assert [line for line in chosen.outlines if "::" in line] == ids[2:]
    assert inner.run(pytester, "stories").ret == pytest.ExitCode.NO_TESTS_COLLECTED


def test_what_cannot_be_used_is_an_error_in_words_and_the_others_are_played_at_both_doors(
    pytester: pytest.Pytester,
) -> None:
    stories(pytester.path / "stories")
    (pytester.path / "stories" / "bad.feature").write_text(BAD.replace("unit price", "unit prise"), encoding="utf-8")
    (pytester.path / "stories" / "good.feature").write_bytes(GOOD.encode("utf-16"))
    done = inner.run(pytester, "--simharness", "stories", "--junitxml", "pytest.xml")
    done.assert_outcomes(passed=1, errors=2)
    ran = simharness("run", "stories", "--junit", "run.xml", cwd=pytester.path)
    assert ran.returncode == 2
    assert verdicts(pytester.path / "pytest.xml") == verdicts(pytester.path / "run.xml")
    assert [verdict for _, verdict in verdicts(pytester.path / "run.xml")] == ["good", "unusable", "unusable"]
    shown = inner.shown(done)
    assert "A deal is billed once: this cannot be used\nstories/bad.feature:10" in shown
    assert "stories/good.feature:1: is text in UTF-16" in shown
    assert "did you mean 'unit price'?" in shown
    assert "Traceback" not in shown


def test_stories_are_looked_for_only_where_the_ini_file_says(pytester: pytest.Pytester) -> None:
    stories(pytester.path / "stories")
    (pytester.path / "compose.yaml").write_text("services: {}\n", encoding="utf-8")
    pytester.makeini("[pytest]\nsimharness_paths = stories/good.feature\n")
    done = inner.run(pytester, "--simharness", "--collect-only", "-q")
    assert [line for line in done.outlines if "::" in line] == ["stories/good.feature::A deal is billed once"]


def test_a_manifest_that_is_not_there_is_told_with_what_to_do(pytester: pytest.Pytester) -> None:
    stories(pytester.path / "stories")
    pytester.makeini("[pytest]\nsimharness_connector = gone.yaml\n")
    shown = inner.run(pytester, "--simharness", "stories")
    assert shown.ret != 0
    assert "gone.yaml: the connector manifest cannot be read" in f"{shown.stdout}{shown.stderr}"


FIXTURES = """
import httpx, pytest

def test_a_fault_that_strikes_nowhere(simharness_faults):
    simharness_faults("error_503@hubspot#1")

def test_an_unknown_part(simharness_gusto):
    pass

@pytest.mark.simharness(dictionry="us-people")
def test_an_unknown_word(simharness_world):
    pass

def test_a_call_outside(simharness_routes, simharness_checks):
    with pytest.raises(httpx.ConnectError):
        httpx.get("https://example.com")
    simharness_checks()

def test_a_served_connector_beside(simharness_urls, simharness_routes, simharness_hubspot, simharness_connector):
    found = simharness_hubspot.connection
    assert found["base_url"] == simharness_urls["hubspot"]
    token = {"Authorization": "Bearer " + found["access_token"]}
    assert httpx.get(found["base_url"] + "/crm/v3/objects/companies", headers=token).status_code == 200
    simharness_connector.trigger("work")
    assert simharness_connector.quiet()
"""


def test_fixtures_say_in_words_what_cannot_be_had(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(FIXTURES)
    done = inner.run(pytester)
    done.assert_outcomes(passed=2, failed=1, errors=3)
    shown = inner.shown(done)
    assert "error_503@hubspot#1 struck nowhere" in shown
    assert "nobody plays 'gusto' in this world" in shown
    assert "did you mean 'dictionary'?" in shown
    assert "the connector called example.com" in shown
    assert "During handling" not in shown


SCOPES = """
import datetime
from freezegun import freeze_time

def test_own_1(simharness_clock, simharness_session_clock):
    assert simharness_clock.now.hour == 17
    simharness_clock.advance("1 hour")
    simharness_session_clock.advance("1 hour")

def test_own_2(simharness_clock, simharness_session_clock, simharness_session_hubspot, simharness_session_fake):
    assert simharness_clock.now.hour == 17
    assert simharness_session_clock.now.hour == 18
    assert simharness_session_fake("crm").connection == simharness_session_hubspot.connection

@freeze_time("2030-05-05")
def test_frozen_elsewhere(simharness_run):
    simharness_run("story: anything\\n")
"""


def test_a_test_has_a_world_of_its_own_and_a_session_shares_one(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(SCOPES)
    done = inner.run(pytester)
    done.assert_outcomes(passed=2, failed=1)
    done.stdout.fnmatch_lines(["time is frozen by freezegun, and a world has a clock of its own"])


def test_every_part_can_be_had_in_both_scopes(pytester: pytest.Pytester) -> None:
    shown = inner.shown(inner.run(pytester, "--fixtures"))
    for name, _ in PARTS:
        assert f"\nsimharness_{name} -- " in shown
        assert f"\nsimharness_session_{name} [session scope] -- " in shown
