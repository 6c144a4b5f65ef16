"""A story that lets events come otherwise than they happened says how often, of a system that tells any."""

from __future__ import annotations

from pathlib import Path

import pytest

from simharness.core.content import content_folder
from simharness.core.errors import ContentError
from simharness.stories.discovery import load
from simharness.stories.story import Story
from simharness.stories.vocabulary.news import SendSeveralTimes

HEAD = "story: A\ntags: [money]\ndictionary: us-saas\ntoday: 2026-01-05\ngiven:\n"


def told(folder: Path, given: str) -> Story:
    file = folder / "story.yaml"
    dictionaries = content_folder("scenarios") / "dictionaries"
    (folder / "dictionaries").symlink_to(dictionaries)
    file.write_text(f"{HEAD}  - {given}\nwhen:\n  - connector_finishes\nthen:\n  - {{open_alerts: 0}}\n")
    (story,) = load([file])
    return story


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("{events_repeat: CRM, times: 1}", "at least 2 times"),
        ("{events_repeat: alerts, times: 2}", "alerts"),
        ("{events_out_of_order: fax}", "fax"),
    ],
)
def test_what_could_not_be_is_refused_where_it_stands(tmp_path: Path, given: str, words: str) -> None:
    with pytest.raises(ContentError, match=words) as refused:
        told(tmp_path, given)
    assert refused.value.where is not None
    assert refused.value.where.line == 6


def test_a_story_says_which_system_and_how_often(tmp_path: Path) -> None:
    params = told(tmp_path, "{events_repeat: CRM, times: 3}").steps[0].params
    assert isinstance(params, SendSeveralTimes)
    assert (params.events_repeat, params.times) == ("CRM", 3)
