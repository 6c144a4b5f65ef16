"""All mutants by kind: broken variants of the connector, and defects planted in the engines of the fakes."""

from __future__ import annotations

from collections.abc import Mapping

from tests.mutants import business, conduct, engines, people
from tests.mutants.mutant import Mutant

CONNECTOR: tuple[Mutant, ...] = (*conduct.MUTANTS, *business.MUTANTS, *people.MUTANTS)
ENGINES: tuple[Mutant, ...] = engines.MUTANTS

KINDS: Mapping[str, tuple[Mutant, ...]] = {
    "Broken variants of the reference connector": CONNECTOR,
    "Defects planted in the engines of the fakes": ENGINES,
}
