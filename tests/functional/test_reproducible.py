"""The record of a run depends on nothing but its inputs: equal bytes under another hash seed, folder and moment."""

from __future__ import annotations

from pathlib import Path

from simharness.core.content import content_folder
from tests.functional.command import simharness

CONTENT = content_folder("scenarios")
STORIES = [CONTENT / "payments" / "two_instalments.yaml", CONTENT / "customers" / "renamed.yaml"]


def record(folder: Path, hash_seed: str, *more: str) -> bytes:
    folder.mkdir()
    run = simharness("run", *STORIES, "--out", "out", *more, cwd=folder, PYTHONHASHSEED=hash_seed)
    assert run.returncode == 0, run.stdout + run.stderr
    return (folder / "out" / "run.ndjson").read_bytes()


def test_equal_inputs_give_equal_bytes(tmp_path: Path) -> None:
    one = record(tmp_path / "one", "1")
    assert one == record(tmp_path / "two", "4711")
    assert str(tmp_path).encode() not in one


def test_another_seed_gives_another_record(tmp_path: Path) -> None:
    assert record(tmp_path / "one", "1") != record(tmp_path / "two", "1", "--rng-seed", "7")
