"""Tries every mutant, and the sound connector on the same cases; writes the table. Exit 1 if one is not found.

`python -m tests.mutants [WORDS] [--out FILE]`: only mutants whose name has the words are tried where some are given,
and nothing is written then unless a file is named.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from simharness.core.errors import HarnessError
from tests.mutants.catalogue import KINDS
from tests.mutants.mutant import Mutant, Try
from tests.mutants.table import Row, document, is_found
from tests.mutants.trying import ROOT, sound, try_out

TABLE = ROOT / "docs" / "mutants.md"


def main(argv: list[str] | None = None) -> int:
    """The exit code: 0 where all were found and nothing else was."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("words", nargs="*", help="only mutants whose name has these words")
    parser.add_argument("--out", type=Path, help="where the table is written")
    asked = parser.parse_args(argv)
    words = " ".join(asked.words)
    began = time.monotonic()
    chosen = {title: [each for each in mutants if words in each.name] for title, mutants in KINDS.items()}
    rows = {title: [_tried(each) for each in mutants] for title, mutants in chosen.items()}
    cases = list(_cases(each for mutants in chosen.values() for each in mutants))
    alarms = [alarm for mutant, attempt in cases for alarm in _alarms(mutant, attempt)]
    for alarm in alarms:
        _say(f"FALSE ALARM  {alarm}")
    file = asked.out or (None if words else TABLE)
    if file is not None:
        file.write_text(document(rows, len(cases), alarms), encoding="utf-8")
    lost = [mutant.name for each in rows.values() for mutant, tried in each if not is_found(mutant, tried)]
    tried_out = sum(len(each) for each in rows.values())
    _say(
        f"{tried_out} mutants: {tried_out - len(lost)} found, {len(lost)} not; the sound connector: "
        f"{len(cases)} cases, {len(alarms)} false alarms; {time.monotonic() - began:.0f} s"
    )
    return 1 if lost or alarms or not tried_out else 0


def _tried(mutant: Mutant) -> Row:
    tried = try_out(mutant)
    verdict = "found  " if is_found(mutant, tried) else "NOT FOUND"
    by = ", ".join(check for check in mutant.checks if check in tried.found) or tried.broken or "nobody"
    _say(f"{verdict}  {mutant.name}: by {by}, {tried.cases} cases, reached {tried.reached} times")
    return mutant, tried


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _cases(mutants: Iterator[Mutant]) -> Iterator[tuple[Mutant, Try]]:
    """Every case once: the same story, plan and surroundings need not be played again."""
    seen: set[str] = set()
    for mutant in mutants:
        for attempt in mutant.tries:
            setting = [id(each) for each in mutant.setting]
            key = f"{attempt} {setting} {mutant.compared} {mutant.shows_bi} {mutant.options} {mutant.scopes}"
            if key not in seen:
                seen.add(key)
                yield mutant, attempt


def _alarms(mutant: Mutant, attempt: Try) -> list[str]:
    try:
        results = sound(mutant, attempt)
    except HarnessError as error:
        return [f"{attempt}: {error}"]
    return [f"{attempt}: {each.check} {each.message}" for result in results for each in result.findings]


if __name__ == "__main__":
    sys.exit(main())
