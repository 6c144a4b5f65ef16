"""How pytest-bdd finds our sentences: by the phrasebook, and by no list of patterns."""

from __future__ import annotations

from typing import Any

from pytest_bdd.parsers import StepParser

from simharness.stories.sentences.saying import is_sentence


class SentenceParser(StepParser):
    """Fits whatever is a sentence of the vocabulary; what it says is read when the scenario begins."""

    def parse_arguments(self, name: str) -> dict[str, Any] | None:
        """No arguments: the telling knows its steps."""
        return {} if self.is_matching(name) else None

    def is_matching(self, name: str) -> bool:
        """Whether it is a sentence, also under a keyword where it cannot stand: that is told in words."""
        return is_sentence(name)
