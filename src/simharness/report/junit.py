"""`junit.xml`: a test suite a story file, a test case a story, for continuous integration.

It carries no times and no host name, so that equal runs give equal files.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from xml.etree import ElementTree as Xml

from simharness.domain.finding import Judgement
from simharness.domain.played import Broken, Played
from simharness.report.aside import Aside
from simharness.report.explaining import story_text
from simharness.report.untried import untried_text

#: What XML 1.0 cannot carry, not even as a reference (production 2, Char).
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Suites:
    """Test cases by the file of their story; `keep` writes them, under `name`, and puts the file in place."""

    def __init__(self, target: Path, name: str) -> None:
        self._aside, self._name = Aside(target), name
        self._suites: dict[str, Xml.Element] = {}

    def case(self, file: str, title: str, line: str, *, elsewhere: str = "stories") -> Xml.Element:
        """A further test case; `elsewhere` is the suite of those that stand in no file."""
        suite = self._suites.setdefault(file, Xml.Element("testsuite", name=clean(file or elsewhere)))
        classname = re.sub(r"\.\w+$", "", file).replace("/", ".") or "stories"
        case = Xml.SubElement(suite, "testcase", classname=clean(classname), name=clean(title), file=clean(file))
        if line.isdigit() and line != "0":
            case.set("line", line)
        return case

    def keep(self) -> None:
        """Write the file and put it in place."""
        root = Xml.Element("testsuites", {"name": self._name, **_counts_of(self._suites.values())})
        for suite in self._suites.values():
            for name, count in _counts_of([suite]).items():
                suite.set(name, count)
            root.append(suite)
        Xml.indent(root)
        self._aside.path.write_bytes(Xml.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n")
        self._aside.keep()

    def drop(self) -> None:
        """Leave no trace."""
        self._aside.drop()


class JunitFile:
    """Collects test cases; the file appears when the run is complete. `http` explains findings down to the requests."""

    def __init__(self, target: Path, *, http: bool = False) -> None:
        self._suites = Suites(target, "simharness")
        self._http = http

    def add(self, played: Played | Broken) -> None:
        """Add the test case of a story to the suite of its file."""
        if isinstance(played, Broken):
            file, _, line = played.where.rpartition(":")
            case = self._suites.case(file or played.where, played.story, line if file else "")
            kind = "ContentError" if played.unusable else "HarnessFault"
            error = Xml.SubElement(case, "error", message=clean(_first_line(played.message)), type=kind)
            error.text = clean(played.message)
            return
        header = played.record.header
        case = self._suites.case(header.file, header.story, str(header.line))
        if played.findings:
            ids = ", ".join(dict.fromkeys(finding.check for finding in played.findings))
            count = len(played.findings)
            title = f"{count} finding{'s' if count > 1 else ''} by {ids}: {played.findings[0].message}"
            failure = Xml.SubElement(case, "failure", message=clean(_first_line(title)), type=played.findings[0].check)
            failure.text = clean(story_text(played, http=self._http))
        elif untried := untried_text(played):
            failure = Xml.SubElement(case, "failure", message=clean(_first_line(untried)), type="not tried")
            failure.text = clean(untried)
        out = Xml.SubElement(case, "system-out")
        out.text = clean(_judgements(played))

    def keep(self) -> None:
        """Write the file and put it in place."""
        self._suites.keep()

    def drop(self) -> None:
        """Leave no trace."""
        self._suites.drop()


def clean(text: str) -> str:
    """The text with every character that XML cannot carry written as its hexadecimal escape."""
    return _NOT_XML.sub(lambda found: f"\\x{ord(found[0]):02x}", text)


def _counts_of(suites: Iterable[Xml.Element]) -> dict[str, str]:
    """The attributes of suites that count their test cases."""
    cases = [case for suite in suites for case in suite.iter("testcase")]
    failures = sum(case.find("failure") is not None for case in cases)
    errors = sum(case.find("error") is not None for case in cases)
    skipped = sum(case.find("skipped") is not None for case in cases)
    return {"tests": str(len(cases)), "failures": str(failures), "errors": str(errors), "skipped": str(skipped)}


def _judgements(played: Played) -> str:
    counts = Counter(result.judgement for result in played.results)
    rows = [f"{judgement.value}: {counts[judgement]}" for judgement in Judgement]
    rows += [
        f"{result.check} {result.judgement.value}: {result.reason}"
        for result in played.results
        if result.judgement in (Judgement.NOT_APPLICABLE, Judgement.NOT_EXERCISED)
    ]
    return "\n".join(rows)


def _first_line(text: str) -> str:
    return text.splitlines()[0] if text.strip() else ""
