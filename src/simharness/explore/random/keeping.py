"""What was found at random as a file: a story in the form in which people write theirs, which fails the same way."""

from __future__ import annotations

import hashlib
import re
import shlex
import textwrap
from dataclasses import replace
from pathlib import Path

from simharness.core.errors import HarnessFault
from simharness.domain.fault import Plan
from simharness.domain.finding import Finding, Signature
from simharness.explore.cases import CaseResult, Signed
from simharness.stories import discovery
from simharness.stories.playing import Setting
from simharness.stories.story import Story
from simharness.stories.writing import write_story

_COMMENT_WIDTH = 116
#: The check that a run with faults ends as one without.
_CONVERGENCE = "F1"
_NO_FILE_NAME = re.compile(r"[^A-Za-z0-9.]+")


def keep(story: Story, result: CaseResult, signed: Signed, setting: Setting, folder: Path) -> tuple[Path, Story]:
    """Write a story that breaks something into a folder; gives the file and the story as it is read from there.

    A finding has one file: a shorter story of the same signature takes its place.
    """
    signature = signed.signature
    digest = hashlib.sha256(str(signature).encode()).hexdigest()[:8]
    check = _NO_FILE_NAME.sub("-", signature.check)
    file = folder / f"{check}-{digest}.yaml"
    named = replace(story, name=f"{signature.check} does not hold (found at random, {digest})")
    plan = result.case.plan
    lines = _told(signature, signed.finding, plan)
    lines.append(f"Again: {reproduction(file, len(lines) + 2, plan, signature.check, setting)}")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file.write_text(write_story(named, comments=lines, folder=folder), encoding="utf-8")
    except OSError as error:
        raise HarnessFault(f"{file} cannot be written: {error.strerror}") from error
    (told,) = discovery.load([file])
    return file, told


def reproduction(file: Path, line: int, plan: Plan, check: str, setting: Setting) -> str:
    """The command that plays a kept story again as it was found; `line` is that on which the story begins.

    A run without faults stands beside it only where the check holds both against each other.
    """
    if check == _CONVERGENCE:
        words = ["simharness replay", shlex.quote(f"{file}:{line} {plan}")]
    else:
        words = ["simharness run", shlex.quote(str(file))]
        words += ["--fault", shlex.quote(str(plan))] if plan.faults else []
    if setting.flags:
        words.append(setting.flags)
    if setting.rng_seed:
        words.append(f"--rng-seed {setting.rng_seed}")
    return " ".join(words)


def _told(signature: Signature, finding: Finding, plan: Plan) -> list[str]:
    """What was found, in lines of the width of a comment."""
    lines = textwrap.wrap(f"{signature}.", _COMMENT_WIDTH) + textwrap.wrap(finding.message, _COMMENT_WIDTH)
    for name, figure in (("expected", finding.expected), ("actual", finding.actual)):
        if figure:
            lines += textwrap.wrap(f"{name}: {figure}", _COMMENT_WIDTH)
    if plan.faults:
        lines.append(f"It takes the plan {plan}: without it nothing is wrong.")
    return lines
