"""What was written, told as a step: the sentence found, its verb, and the keys that it says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from simharness.core.errors import ContentError
from simharness.stories.positions import Node
from simharness.stories.sentences.filling import Pair, filled
from simharness.stories.sentences.phrasebook import PHRASEBOOK, Said
from simharness.stories.sentences.tables import table_field, table_tree
from simharness.stories.sentences.trimming import trimmed
from simharness.stories.vocabulary.verb import Phase, Verb

_KEYWORDS: Mapping[Phase, str] = MappingProxyType({"given": "Given", "when": "When", "then": "Then"})


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence as a step. `verb` is None for one that sets the scene: its keys belong to the story's head."""

    verb: Verb | None
    pairs: tuple[Pair, ...]


def told(
    text: str, place: Node, rows: Sequence[Sequence[Node]] = (), below: Node | None = None, phase: Phase | None = None
) -> Told:
    """What a sentence says, with the table or the text below it; raises `ContentError` at `place`."""
    said, extras = _found(text, place)
    sentence, verb = said.phrase.sentence, said.phrase.verb
    if phase is not None:
        _check_phase(verb, phase, place)
    if bool(rows) != bool(sentence.table):
        what = "a table stands below, and the sentence takes none" if rows else "the table below is missing"
        raise place.problem(what, f"the sentence is: {sentence.pattern}")
    if below is not None and not sentence.text:
        raise place.problem("a text stands below, and the sentence takes none", f"the sentence is: {sentence.pattern}")
    table = table_tree(said, rows, place) if rows else None
    pairs = filled(said, extras, place, table, table_field(said.phrase, rows[0]) if rows else "")
    if below is not None:
        key = said.phrase.shape.by_name[sentence.text].key
        pairs += ((replace(place, text=key), replace(below, text=below.text.strip())),)
    if verb is not None and verb.is_bare:
        pairs = ((replace(place, text=verb.heads[0]), replace(place, kind="nothing", text="")), *pairs)
    return Told(verb, pairs)


def is_sentence(text: str) -> bool:
    """Whether a text is a sentence of the vocabulary, whatever it ends in and wherever it stands."""
    return any(PHRASEBOOK.find(shorter.text) for shorter in trimmed(text.strip()))


def _found(text: str, place: Node) -> tuple[Said, tuple[tuple[str, str], ...]]:
    for shorter in trimmed(text.strip()):
        found = PHRASEBOOK.find(shorter.text)
        if len(found) > 1:
            patterns = " and ".join(repr(each.phrase.sentence.pattern) for each in found)
            raise place.problem(f"several sentences read like this: {patterns}", "say it in other words")
        if found:
            return found[0], shorter.extras
    raise _unknown(text, place)


def _unknown(text: str, place: Node) -> ContentError:
    near = PHRASEBOOK.nearest(text)
    if not near:
        return place.problem("nothing is known that reads like this", "simharness steps lists every sentence")
    return place.problem("this is no sentence of the vocabulary", "did you mean:\n    " + "\n    ".join(near))


def _check_phase(verb: Verb | None, phase: Phase, place: Node) -> None:
    if verb is None:
        if phase != "given":
            raise place.problem("this sets the scene", "put it under Given, best in the Background")
        return
    if phase not in verb.phases:
        wanted = " or ".join(_KEYWORDS[each] for each in verb.phases)
        raise place.problem(f"this cannot stand under {_KEYWORDS[phase]}", f"put it under {wanted}")
