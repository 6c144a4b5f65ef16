"""A story leaves the same record whatever databases are below: SQLite and DuckDB, or PostgreSQL for both."""

from __future__ import annotations

from pathlib import Path

import pytest

from simharness.connectors.manifest import Attachment, builtin_manifest, load_manifest
from simharness.core.content import content_folder
from simharness.domain.base import encode
from simharness.stories import discovery
from simharness.stories.playing import Setting, play
from simharness.stories.story import Story
from tests.postgres import Server

#: Stories that publish BI more than once, move money both ways and let the connector wait.
FILES = ("bi/as_at.yaml", "gateway/disputes.yaml", "credits/write_off.yaml")
STORIES: list[Story] = discovery.load([content_folder("scenarios") / name for name in FILES])


def on_postgres(folder: Path, url: str) -> Attachment:
    """The reference connector with its state elsewhere, by a manifest as a team would write it."""
    shipped = builtin_manifest()
    text = shipped.read_text(encoding="utf-8")
    text = text.replace("sqlite:///{state_dir}/connector.db", url)
    text = text.replace("mapping: mappings/", f"mapping: {shipped.parent}/mappings/")
    manifest = folder / "connector.yaml"
    manifest.write_text(text, encoding="utf-8")
    return load_manifest(manifest)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_a_story_leaves_the_same_record_on_both(story: Story, tmp_path: Path, postgres: Server) -> None:
    light = play(story, Setting(attachment=load_manifest(builtin_manifest())))
    setting = Setting(attachment=on_postgres(tmp_path, postgres.database()), bi=postgres.database())
    heavy = play(story, setting)
    if story.asks_for_bi:
        assert any(value.value for reading in heavy.record.bi for value in reading.metrics)
    assert heavy.record.bi == light.record.bi
    assert encode(heavy.record) == encode(light.record)
    assert heavy.results == light.results


def test_a_story_leaves_nothing_behind_in_the_database_of_bi(postgres: Server) -> None:
    url = postgres.database()
    play(STORIES[0], Setting(attachment=load_manifest(builtin_manifest()), bi=url))
    with postgres.connect(url.partition("@/")[2].partition("?")[0]) as connection:
        left = connection.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'simharness%'").fetchall()
    assert left == []
