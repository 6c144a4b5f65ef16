"""Random stories over the whole way: a planted bug becomes a short file that fails alike, a sound connector nothing."""

from __future__ import annotations

import shlex
from dataclasses import replace
from pathlib import Path

from hypothesis import settings

from simharness.connectors.manifest import builtin_manifest, load_manifest
from simharness.explore.cases import Outcome
from simharness.explore.random import searching
from simharness.explore.random.search import Effort
from simharness.stories.discovery import load
from simharness.stories.playing import Setting
from tests.functional.broken.attached import setting
from tests.functional.command import simharness

#: `pytest --hypothesis-profile=deep` tells many stories of the sound connector.
_SOUND = 400 if settings().max_examples >= 10_000 else 3
_QUICK = Effort(rules=5, plainer=6, shorter=10)


def test_a_planted_bug_becomes_a_short_story_that_fails_alike(tmp_path: Path) -> None:
    broken = setting(tmp_path, "connectors:build", "dates an invoice a day late")
    broken = replace(broken, flags=f"--connector {broken.attachment.file}")
    search = searching(broken, tmp_path / "out", ("sales",), effort=_QUICK)
    found = [result for result in search.results(3, rng_seed=3) if result.outcome is Outcome.FOUND]

    (file,) = search.account.files
    (story,) = load([file])
    assert found[0].case.story_key == story.fingerprint
    assert found[0].case.where == f"{file}:{story.where.line}"
    # A customer, a deal, its winning, a rest and a claim: nothing shorter can be billed a day late.
    assert len(story.steps) == 5
    last = next(line for line in file.read_text(encoding="utf-8").splitlines() if line.startswith("# Again: "))
    command = shlex.split(last.removeprefix("# Again: "))
    assert command[0] == "simharness"
    # The planted bugs are found from the root of the project.
    run = simharness(*command[1:], "--out", tmp_path / "run", cwd=Path(__file__).parents[2], PYTHONPATH=".")
    assert run.returncode == 1, run.stdout + run.stderr
    assert "V13" in run.stdout


def test_the_sound_connector_breaks_nothing(tmp_path: Path) -> None:
    search = searching(Setting(attachment=load_manifest(builtin_manifest())), tmp_path)
    results = list(search.results(_SOUND, rng_seed=11))
    assert [result for result in results if result.outcome in (Outcome.FOUND, Outcome.BROKEN)] == []
    assert len(results) == search.account.stories == _SOUND
    assert not search.account.files
