"""The guide for engineers is done as it stands: its files are written down, and each of its commands is run."""

from __future__ import annotations

import re

import pytest

from tests.functional import inner
from tests.repo import tree

pytest_plugins = ["pytester"]

GUIDE = (tree.ROOT / "docs" / "engineer.md").read_text(encoding="utf-8")
_FILE = re.compile(r"^```\w+ (?P<name>\S+)\n(?P<text>.*?)^```", re.MULTILINE | re.DOTALL)
_COMMAND = re.compile(r"^\$ pytest (?P<arguments>.*)$", re.MULTILINE)
_FIXTURE = re.compile(r"`(simharness_\w+)`")


def written(pytester: pytest.Pytester) -> None:
    for file in _FILE.finditer(GUIDE):
        path = pytester.path / file["name"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file["text"], encoding="utf-8")


def test_every_command_of_the_guide_passes_on_the_files_of_the_guide(pytester: pytest.Pytester) -> None:
    written(pytester)
    commands = [found["arguments"].split() for found in _COMMAND.finditer(GUIDE)]
    assert len(commands) == 6
    for arguments in commands:
        done = inner.run(pytester, *arguments, "-q")
        assert done.ret == 0, f"pytest {' '.join(arguments)}\n{done.stdout}"


def test_the_mistakes_that_the_guide_names_are_found(pytester: pytest.Pytester) -> None:
    written(pytester)
    code = (pytester.path / "billing.py").read_text(encoding="utf-8")
    lost = ("tests/test_billing.py", "-k", "lost", "-q")
    (pytester.path / "billing.py").write_text(code.replace("time.sleep(2**attempt)", "pass"), encoding="utf-8")
    inner.run(pytester, *lost).stdout.fnmatch_lines(["*saveInvoice of quickbooks was repeated at once*"])
    (pytester.path / "billing.py").write_text(code.replace('params={"requestid": key}, ', ""), encoding="utf-8")
    done = inner.run(pytester, *lost)
    done.assert_outcomes(failed=1)


def test_the_guide_names_only_fixtures_that_there_are_and_all_of_one_test(pytester: pytest.Pytester) -> None:
    known = set(re.findall(r"^(simharness_\w+)", str(inner.run(pytester, "--fixtures").stdout), re.MULTILINE))
    named = set(_FIXTURE.findall(GUIDE)) - {"simharness_paths", "simharness_connector", "simharness_mapping"}
    assert named - known - {"simharness_telling", "simharness_"} == set()
    of_vendors = {
        name for name in known if name.rpartition("_")[2] in ("alerts", "gusto", "hubspot", "plaid", "signon")
    }
    internal = {"simharness_bench", "simharness_session_bench"}
    rest = {name for name in known if not name.startswith("simharness_session_")} - of_vendors - internal
    assert rest - named - {"simharness_connector"} == set()
