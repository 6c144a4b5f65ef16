from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as Xml

from simharness.domain.played import Broken, Played
from simharness.report.junit import JunitFile
from tests.unit.report.samples import broken, finding, played, untried


def written(folder: Path, *stories: Played | Broken) -> Xml.Element:
    file = JunitFile(folder / "junit.xml")
    for story in stories:
        file.add(story)
    file.keep()
    return Xml.fromstring((folder / "junit.xml").read_bytes())  # noqa: S314 - our own file


def test_each_file_is_a_suite_and_each_story_a_case(tmp_path: Path) -> None:
    root = written(tmp_path, played(story="One"), played(story="Two", line=20), played(story="Three", file="b.yaml"))
    assert [(suite.get("name"), suite.get("tests")) for suite in root] == [("stories/sale.yaml", "2"), ("b.yaml", "1")]
    assert [(case.get("name"), case.get("line")) for case in root.iter("testcase")] == [
        ("One", "1"), ("Two", "20"), ("Three", "1"),
    ]  # fmt: skip
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("3", "0", "0")


def test_findings_are_one_failure_that_tells_both_figures(tmp_path: Path) -> None:
    root = written(tmp_path, played(finding("V6"), finding("R1")))
    (failure,) = root.iter("failure")
    assert failure.get("message") == "2 findings by V6, R1: the invoice total is off"
    for part in ("USD 108.00", "USD 100.00", "quickbooks:invoice:7 (1001)", "stories/sale.yaml:9", "--rng-seed 7"):
        assert part in (failure.text or "")
    assert root.get("failures") == "1"


def test_a_story_whose_fault_never_struck_is_no_success(tmp_path: Path) -> None:
    (failure,) = written(tmp_path, played(), untried()).iter("failure")
    assert failure.get("type") == "not tried"
    assert "the ledger is down for 10 minutes" in (failure.text or "")


def test_what_simharness_could_not_play_is_an_error_and_no_failure(tmp_path: Path) -> None:
    root = written(tmp_path, broken())
    (error,) = root.iter("error")
    assert error.get("message") == "the pack fell over"
    assert (root.get("failures"), root.get("errors")) == ("0", "1")
    (case,) = root.iter("testcase")
    assert (case.get("file"), case.get("line")) == ("stories/wreck.yaml", "4")


def test_what_was_not_judged_is_told(tmp_path: Path) -> None:
    (out,) = written(tmp_path, played()).iter("system-out")
    assert "C5 not applicable: the connector offers no log" in (out.text or "")
    assert "V27 not exercised: nobody was renamed" in (out.text or "")


def test_characters_that_xml_cannot_carry_are_escaped(tmp_path: Path) -> None:
    root = written(
        tmp_path, played(finding(message="a bell \x07, a null \x00, <tag> & ]]> \ufffe"), story="S \x1b[31m")
    )
    (failure,) = root.iter("failure")
    assert r"a bell \x07, a null \x00, <tag> & ]]> \xfffe" in (failure.get("message") or "")
    assert next(root.iter("testcase")).get("name") == r"S \x1b[31m"
