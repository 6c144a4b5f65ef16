"""The mapping: a versioned folder of YAML in which finance tells the connector what goes where."""

from simharness.reference.mapping.loader import load
from simharness.reference.mapping.model import Mapping

__all__ = ["Mapping", "load"]
