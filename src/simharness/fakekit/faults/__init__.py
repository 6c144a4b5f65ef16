"""Faults at the edge of the fakes: the injector that carries a plan out, and how each kind acts."""

from simharness.fakekit.faults.injector import Injector

__all__ = ["Injector"]
