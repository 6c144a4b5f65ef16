"""After its day nothing of a person is left in the connector's folder, not even as ciphertext; books and log stand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from simharness.connectors.manifest import builtin_manifest, load_manifest
from simharness.core.content import content_folder
from simharness.reference.memory.chain import Chain
from simharness.reference.memory.store import Store
from simharness.reference.vault.table import kept
from simharness.stories.discovery import load
from simharness.stories.playing import Setting, session
from simharness.stories.session import Run
from simharness.stories.story import Story

STORY = content_folder("scenarios") / "access" / "retention.yaml"


@pytest.fixture
def story() -> Story:
    (found,) = load([STORY])
    return found


@pytest.fixture
def run(story: Story) -> Iterator[Run]:
    with session(story, Setting(attachment=load_manifest(builtin_manifest()))) as found:
        yield found


def state_of(run: Run) -> Path:
    (database,) = run._state_dir.rglob("connector.db")
    return database


def rows(run: Run) -> list[tuple[str, bytes]]:
    store = Store(f"sqlite:///{state_of(run)}")
    found = [(str(row["kind"]), bytes(row["data"])) for row in store.rows(sa.select(kept))]
    store.close()
    return found


def on_disk(run: Run) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(state_of(run).parent.iterdir()) if path.is_file())


def test_what_was_kept_is_gone_with_its_ciphertext_and_the_books_and_the_log_stand(run: Run, story: Story) -> None:
    *before, last, _ = [step for step in story.steps if step.phase != "then"]
    for step in before:
        run.do(step)
    ((kind, ciphertext),) = rows(run)
    assert kind.startswith("pay_cheque:")
    assert ciphertext in on_disk(run)
    assert b"2478.42" not in ciphertext
    books = run.world.snapshot().ledgers
    run.do(last)
    assert rows(run) == []
    assert ciphertext not in on_disk(run)
    assert run.world.snapshot().ledgers == books
    store = Store(f"sqlite:///{state_of(run)}")
    verdict = Chain(store).verify()
    store.close()
    assert (verdict.broken, verdict.rows) == (None, len(run.connector.evidence()))
