"""Bad input gives one clear message with file and line, the right exit code, no traceback, and nothing half-written."""

from __future__ import annotations

import shutil
import socket
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest

from simharness.connectors.manifest import builtin_manifest
from tests.functional.command import simharness, story

#: What is replaced in a good story, by what, in which line the mistake then is, and what the message says.
MISTAKES = {
    "malformed YAML": ("when:", "when: [", 14, "is not well-formed YAML"),
    "unknown verb": ("deal_won:", "deal_one:", 14, "did you mean 'deal_won'?"),
    "unknown key": ("terms:", "term:", 8, "did you mean 'terms'?"),
    "amount without currency": ("USD 4000.00", "4000.00", 12, "USD 4000.00"),
    "impossible date": ("2026-01-12", "2026-02-30", 14, "2026-02-30"),
    "unknown dictionary entry": ("Badge printer", "Badge printr", 12, "did you mean 'Badge printer'?"),
    "unknown dictionary": ("us-saas", "us-sas", 3, "did you mean 'us-saas'?"),
}


def no_traceback(text: str) -> bool:
    return "Traceback" not in text and ".py" not in text


def test_every_mistake_is_told_with_its_line_and_the_way_out(tmp_path: Path) -> None:
    for mistake, (old, new, _, _) in MISTAKES.items():
        (tmp_path / f"{mistake.replace(' ', '_')}.yaml").write_text(story().replace(old, new, 1))
    done = simharness("check", ".", cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    assert no_traceback(done.stdout)
    for mistake, (_, _, line, says) in MISTAKES.items():
        told = done.stdout.partition(f"{mistake.replace(' ', '_')}.yaml:")[2]
        # A bracket that is never closed is noticed after the line it stands on.
        assert int(told.partition(":")[0]) - line in (range(10) if mistake == "malformed YAML" else [0]), mistake
        assert says in told.partition(".yaml:")[0], mistake
    assert done.stdout.endswith(f"{len(MISTAKES)} mistakes\n")
    rows = simharness("check", ".", "--format", "json", cwd=tmp_path).stdout.splitlines()
    assert '"file":"unknown_key.yaml","line":8' in "\n".join(rows)
    assert len(rows) == len(MISTAKES)


def test_a_mistake_keeps_its_story_from_being_played_and_no_other(tmp_path: Path) -> None:
    (tmp_path / "good.yaml").write_text(story())
    (tmp_path / "unreadable.yaml").write_bytes(b"story: \xff\n")
    both = f"{story('Another deal')}---\n{story('A third deal')}".replace("deal_won:", "deal_one:", 1)
    (tmp_path / "wrong.yaml").write_text(both)
    done = simharness("run", ".", cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    assert no_traceback(done.stdout + done.stderr)
    assert "wrong.yaml:14: " in done.stdout
    assert "did you mean 'deal_won'?" in done.stdout
    assert "unreadable.yaml:1: is not text in UTF-8" in done.stdout
    assert "2 stories: 2 ok\n2 stories or files with mistakes, not played\n" in done.stdout
    suites = Xml.fromstring((tmp_path / "simharness-out" / "junit.xml").read_bytes())  # noqa: S314 - our own file
    assert (suites.get("tests"), suites.get("errors"), suites.get("failures")) == ("4", "2", "0")
    assert {error.get("type") for error in suites.iter("error")} == {"ContentError"}


def test_where_no_story_can_be_used_nothing_is_played_or_written(tmp_path: Path) -> None:
    (tmp_path / "good.yaml").write_text(story())
    (tmp_path / "wrong.yaml").write_text(story().replace("deal_won:", "deal_one:"))
    for arguments in (("run", "wrong.yaml"), ("run", ".", "-k", "something else"), ("explore", ".")):
        done = simharness(*arguments, cwd=tmp_path)
        assert (done.returncode, done.stdout) == (2, ""), arguments
        assert done.stderr.startswith("simharness: wrong.yaml:14: ")
        assert no_traceback(done.stderr)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["good.yaml", "wrong.yaml"]


def test_a_good_story_has_no_mistakes(tmp_path: Path) -> None:
    (tmp_path / "sale.yaml").write_text(story())
    done = simharness("check", "sale.yaml", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "no mistakes\n", "")


def test_an_empty_folder_holds_nothing_to_test(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for command in ("run", "check"):
        done = simharness(command, "empty", cwd=tmp_path)
        assert done.returncode == 4, done.stderr
        assert "no story in empty" in done.stderr
        assert no_traceback(done.stderr)


def test_a_selection_that_fits_no_story_tests_nothing(tmp_path: Path) -> None:
    (tmp_path / "sale.yaml").write_text(story())
    for selection in (("-k", "refund"), ("--tag", "taxes"), ("-k", "deal", "--tag", "taxes")):
        done = simharness("run", "sale.yaml", *selection, cwd=tmp_path)
        assert done.returncode == 4, done.stderr
        assert " ".join(selection) in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["sale.yaml"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("run", "gone.yaml"), "there is no file or folder 'gone.yaml'"),
        (("run", "--connector", "gone.yaml"), "gone.yaml: the connector manifest cannot be read"),
        (("run", "--mapping", "gone"), "there is no mapping folder gone"),
        (("run", "--rng-seed", "many"), "--rng-seed"),
        (("run", "--colour"), "--colour"),
        (("check", "--format", "xml"), "text or json"),
        (("up", "--dictionary", "us-sas"), "did you mean"),
        (("up", "--port", "strip=8001"), "did you mean 'stripe'?"),
        (("up", "--port", "stripe"), "vendor=8001"),
        (("up", "--port", "stripe=8001", "--port", "hubspot=8001"), "another vendor has this port"),
        (("run", "--profile", "gusto=none"), "a profile can be chosen for quickbooks, stripe"),
        (("up", "--profile", "stripe=moo"), "did you mean 'moov'?"),
        (("up", "--today", "2026-02-30"), "2026-02-30"),
        (("dance",), "dance"),
    ],
)
def test_wrong_usage_says_what_would_be_right(arguments: tuple[str, ...], says: str, tmp_path: Path) -> None:
    done = simharness(*arguments, cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    assert says in done.stderr
    assert no_traceback(done.stderr)
    assert not list(tmp_path.iterdir())


def test_a_broken_manifest_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "sale.yaml").write_text(story())
    (tmp_path / "mine.yaml").write_text("connector: mine\nkind: python\nfactory: nowhere.at_all:build\n")
    done = simharness("run", "sale.yaml", "--connector", "mine.yaml", cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    assert "nowhere.at_all:build" in done.stderr
    assert no_traceback(done.stderr)
    assert not (tmp_path / "simharness-out" / "run.ndjson").exists()


def test_a_mapping_that_no_chosen_story_uses_is_refused(tmp_path: Path) -> None:
    (tmp_path / "sale.yaml").write_text(story())
    shutil.copytree(builtin_manifest().parent / "mappings" / "eu-saas", tmp_path / "mapping")
    done = simharness("run", "sale.yaml", "--mapping", "mapping", cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    assert "fits none of the chosen stories" in done.stderr


def test_an_output_that_cannot_be_written_is_refused_before_a_story_is_played(tmp_path: Path) -> None:
    (tmp_path / "sale.yaml").write_text(story())
    (tmp_path / "taken").write_text("a file")
    for options in (("--out", "taken"), ("--out", "taken/run"), ("--junit", "taken/junit.xml")):
        done = simharness("run", "sale.yaml", *options, cwd=tmp_path)
        assert done.returncode == 2, done.stderr
        assert "taken" in done.stderr
        assert no_traceback(done.stderr)
    left = [path.name for path in (tmp_path / "simharness-out").iterdir()]
    assert left == []


def test_a_corrupt_connector_database_is_a_matter_of_configuration(tmp_path: Path) -> None:
    (tmp_path / "sale.yaml").write_text(story())
    (tmp_path / "connector.db").write_bytes(b"SQLite format 3\x00 and then nothing that makes sense" * 100)
    manifest = builtin_manifest().read_text().replace("{state_dir}/connector.db", str(tmp_path / "connector.db"))
    mappings = builtin_manifest().parent / "mappings"
    (tmp_path / "mine.yaml").write_text(manifest.replace("mappings/{dictionary}", f"{mappings}/{{dictionary}}"))
    done = simharness("run", "sale.yaml", "--connector", "mine.yaml", cwd=tmp_path)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "mine.yaml: the connector cannot be started" in done.stderr
    assert "connector.db" in done.stderr
    assert no_traceback(done.stderr)
    assert not list((tmp_path / "simharness-out").iterdir())


def test_a_port_in_use_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = simharness("up", "--port", f"stripe={port}", cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    assert f"port {port} of 127.0.0.1 is in use" in done.stderr
    assert no_traceback(done.stderr)
