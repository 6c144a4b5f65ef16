"""The fakes that ship with simharness, a folder a vendor beside the engines of their families."""

from __future__ import annotations

import importlib
import pkgutil

from simharness.fakekit.pack import Pack


def packs() -> tuple[Pack, ...]:
    """Every pack of this package, in alphabetical order of their folders; a folder without `PACK` is a
    family engine.
    """
    folders = sorted(found.name for found in pkgutil.iter_modules(__path__) if found.ispkg)
    modules = (importlib.import_module(f"{__name__}.{folder}") for folder in folders)
    return tuple(module.PACK for module in modules if isinstance(getattr(module, "PACK", None), Pack))
