"""What was written, told as a step: the sentence found, its verb, and the keys that it says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from types import MappingProxyType

from simharness.core.errors import ContentError
from simharness.stories.positions import Node
from simharness.stories.sentences.filling import Pair, filled
from simharness.stories.sentences.kinds import told_kind
from simharness.stories.sentences.phrasebook import PHRASEBOOK, Said, parameters_in
from simharness.stories.sentences.tables import table_field, table_headers, table_tree
from simharness.stories.sentences.trimming import trimmed
from simharness.stories.style.jargon import technical_word
from simharness.stories.vocabulary.verb import Phase, Verb

_KEYWORDS: Mapping[Phase, str] = MappingProxyType({"given": "Given", "when": "When", "then": "Then"})
#: So many sentences are offered in the place of one that nobody knows.
_OFFERED = 3


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
        raise place.problem(what, _table_mend(said), rule="table")
    if below is not None and not sentence.text:
        what = "a text stands below, and the sentence takes none"
        raise place.problem(what, f"the sentence is: {sentence.pattern}", rule="text-below")
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
            raise place.problem(
                f"several sentences read like this: {patterns}", "say it in other words", rule="ambiguous-sentence"
            )
        if found:
            return found[0], shorter.extras
    raise _unknown(text, place)


def _unknown(text: str, place: Node) -> ContentError:
    if not text.strip():
        return place.problem(
            "the step says nothing", "say it in a sentence, or take the line away", rule="checks-nothing"
        )
    near = _nearest(text)
    technical = technical_word(text)
    if technical is not None:
        word, mend = technical
        what = f"this is no sentence of the vocabulary: {word!r} is a word of screens and programs"
        return place.problem(what, mend, rule="technical-word")
    if not near:
        mend = "simharness steps lists every sentence"
        return place.problem("nothing is known that reads like this", mend, rule="unknown-sentence")
    lines = [f"    {each}" for each in near]
    kinds = dict.fromkeys(kind for each in near for kind in parameters_in(each))
    lines += [f"  where {{{kind}}} is {told_kind(kind)}" for kind in kinds]
    mend = "did you mean:\n" + "\n".join(lines)
    return place.problem("this is no sentence of the vocabulary", mend, rule="unknown-sentence")


def _nearest(text: str) -> tuple[str, ...]:
    """The sentences most like a text: in turns those like all of it, and those like it without what it ends in."""
    *_, shortest = trimmed(text.strip())
    both = (PHRASEBOOK.nearest(each) for each in dict.fromkeys((text, shortest.text)))
    offered = (each for turn in zip_longest(*both) for each in turn if each is not None)
    return tuple(dict.fromkeys(offered))[:_OFFERED]


def _table_mend(said: Said) -> str:
    """How the sentence is said, and the headers of its table where it has one."""
    headers = table_headers(said.phrase)
    table = f"\n    its table has the columns {', '.join(headers)}" if headers else ""
    return f"the sentence is: {said.phrase.sentence.pattern}{table}"


def _check_phase(verb: Verb | None, phase: Phase, place: Node) -> None:
    if verb is None:
        if phase != "given":
            mend = "put it under Given, best in the Background"
            raise place.problem("this sets the scene", mend, rule="wrong-keyword")
        return
    if phase not in verb.phases:
        wanted = " or ".join(_KEYWORDS[each] for each in verb.phases)
        what = f"this cannot stand under {_KEYWORDS[phase]}"
        if phase == "then":
            what = "this checks nothing: it says what is so or what is done, and stands under Then"
        raise place.problem(what, f"put it under {wanted}", rule="wrong-keyword")
