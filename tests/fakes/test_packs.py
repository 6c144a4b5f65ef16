"""The shipped packs are found by walking the folders."""

from __future__ import annotations

from pathlib import Path

import simharness_fakes
from simharness_fakes import packs


def test_every_folder_with_a_contract_is_a_pack_and_no_engine_is_one() -> None:
    folders = sorted(p.parent.name for p in Path(simharness_fakes.__path__[0]).glob("*/contract"))
    assert [pack.vendor for pack in packs()] == folders
    assert [pack.package for pack in packs()] == [f"simharness_fakes.{name}" for name in folders]
