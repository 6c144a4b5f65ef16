"""Stories read from feature files: one story a scenario, or one a row of an outline's examples."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from simharness.core.errors import ContentError
from simharness.stories.dictionaries import Shelf
from simharness.stories.gherkin.document import read_text, scenarios_in
from simharness.stories.gherkin.translating import translate
from simharness.stories.positions import shown_path
from simharness.stories.telling import Reading


def read_feature(path: Path, shelf: Shelf, own_metrics: Collection[str] = ()) -> Reading:
    """Read a feature file; a scenario with a problem is not among the stories."""
    reading = Reading()
    try:
        scenarios = scenarios_in(read_text(path), shown_path(path))
    except ContentError as error:
        reading.problems.append(error)
        return reading
    for scenario in scenarios:
        translated = translate(scenario)
        if translated.problems:
            reading.add_problems(translated.problems)
        else:
            reading.tell(translated.tree, shelf, path.parent, own_metrics)
    return reading
