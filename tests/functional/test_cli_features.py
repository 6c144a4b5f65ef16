"""Features are run with what can be used of them; nothing that cannot be is left out in silence."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as Xml

from tests.functional.command import simharness
from tests.unit.stories.gherkin.features import GOOD


def test_the_others_run_and_everything_unusable_is_told(tmp_path: Path) -> None:
    another = GOOD.partition("\n\n")[2].partition("\n\n")[2].replace("A deal is billed", "Another deal")
    folder = tmp_path / "features"
    folder.mkdir()
    (folder / "deals.feature").write_text(f"{GOOD}\n{another.replace('totals USD', 'totals')}")
    (folder / "saved_by_a_word_processor.feature").write_bytes(GOOD.encode("utf-16"))
    (folder / "broken.feature").write_text(GOOD.replace("    Then", "    Than"))
    done = simharness("run", "features", cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    for told in (
        "  ok           A deal is billed",
        "  unusable     Another deal",
        "Another deal cannot be used\n  features/deals.feature:25: ",
        "  unusable     what stands at features/broken.feature:15",
        "features/deals.feature:25: '3,910.50' has no currency",
        "features/saved_by_a_word_processor.feature:1: is text in UTF-16, not in UTF-8",
        "features/broken.feature:15: the line begins with no word of Gherkin: 'Than'",
        "1 story: 1 ok\n3 stories or files with mistakes, not played\n",
    ):
        assert told in done.stdout, done.stdout
    suites = Xml.fromstring((tmp_path / "simharness-out" / "junit.xml").read_bytes())  # noqa: S314 - our own file
    cases = list(suites.iter("testcase"))
    assert len(cases) == 4
    assert sum(case.find("error") is not None for case in cases) == 3
    checked = simharness("check", "features", cwd=tmp_path)
    assert checked.returncode == 2
    assert checked.stdout.endswith("3 mistakes\n")
