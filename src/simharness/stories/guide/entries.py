"""The dictionary itself: an entry for every sentence of the phrasebook, by area."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from types import MappingProxyType

from simharness.stories.decode import takes_cell
from simharness.stories.guide import meaning
from simharness.stories.guide.areas import area_of, place_of
from simharness.stories.guide.entry import Column, Detail, Entry, Parameter, Table
from simharness.stories.guide.rehearsal import is_accepted, rehearsed
from simharness.stories.guide.wording import Wording
from simharness.stories.sentences.kinds import BY_NAME
from simharness.stories.sentences.phrasebook import PHRASEBOOK, Phrase
from simharness.stories.shape import Field, Hint
from simharness.stories.story import Step
from simharness.stories.vocabulary.verb import PHASES, Action, Claim, Phase
from simharness.stories.writing import write_pairs, write_step

_PARAMETER = re.compile(r"\{(\w+)\}")
_OPTION = re.compile(r"\((\w+)\)")
_ALTERNATIVE = re.compile(r"(\w+)/(\w+)")
_PLAIN_KEY = re.compile(r"[a-z][a-z_]*")
#: Keys that a sentence says in a form of its own at its end.
_ENDINGS: Mapping[str, str] = MappingProxyType(
    {
        "on": " on {}",
        "at": " at {}",
        "as": ' as "{}"',
        "entity": ' in the books of "{}"',
        "refused": ', which is refused because "{}"',
    }
)
_OF_INVOICES = ("invoice", "invoice_of", "credit_memo_of", "nth")
_UNQUOTED = re.compile("|".join(BY_NAME[kind].form for kind in ("money", "percent", "date")) + r"|\d+|true|false")


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence as somebody would say it, with the words in its places."""

    text: str
    values: tuple[str, ...]


def in_order(phrases: Iterable[Phrase] = PHRASEBOOK.phrases) -> tuple[Phrase, ...]:
    """Sentences by area, within it what stands, what happens and what must be true, in the order of the vocabulary."""
    return tuple(sorted(phrases, key=lambda each: (place_of(area_of(each)), area_of(each), _phase(each))))


def entries(phrases: Iterable[Phrase] = PHRASEBOOK.phrases) -> tuple[Entry, ...]:
    """The entries of sentences by area."""
    wording = Wording()
    return tuple(entry(phrase, wording) for phrase in in_order(phrases))


def entry(phrase: Phrase, wording: Wording) -> Entry:
    """All that there is to say of a sentence; raises `ContentError` where its own example is no step."""
    said = example(phrase, wording)
    tables = tuple(_tables(phrase, wording, said))
    rows = tables[0].rows if tables else ()
    return Entry(
        area=area_of(phrase),
        pattern=phrase.sentence.pattern,
        keywords=keywords(phrase),
        verb=phrase.verb.name if phrase.verb is not None else "",
        about=about_of(phrase),
        parameters=_parameters(phrase, said),
        tables=tables,
        takes_text=bool(phrase.sentence.text),
        details=tuple(_details(phrase, wording, said, rows)),
        example=said.text,
        yaml=_yaml(phrase, said, rows),
    )


def keywords(phrase: Phrase) -> tuple[str, ...]:
    """The keywords under which a sentence may stand."""
    return tuple(phase.capitalize() for phase in (phrase.verb.phases if phrase.verb is not None else ("given",)))


def example(phrase: Phrase, wording: Wording) -> Example:
    """A sentence with words in the places of its parameters, in the plural where they count more than one."""
    values = tuple(wording.of_parameter(phrase, kind, name, nth) for kind, name, nth in places(phrase))
    written = iter(
        f'"{value}"' if kind == "string" else value for kind, value in zip(phrase.kinds, values, strict=True)
    )
    text = _PARAMETER.sub(lambda _: next(written), phrase.sentence.pattern)
    many = "1" not in (value for kind, value in zip(phrase.kinds, values, strict=True) if kind == "int")
    text = _ALTERNATIVE.sub(lambda found: found[2] if many else found[1], text)
    return Example(_OPTION.sub(lambda found: found[1] if many else "", text), values)


def _phase(phrase: Phrase) -> int:
    return PHASES.index(_said_under(phrase))


def _said_under(phrase: Phrase) -> Phase:
    return phrase.verb.phases[0] if phrase.verb is not None else "given"


def about_of(phrase: Phrase) -> str:
    """What the verb says of itself; one whose parameters are anybody's says it by its sentence alone."""
    if phrase.verb is None or phrase.verb.params in (Action, Claim):
        return ""
    return " ".join((inspect.getdoc(phrase.verb.params) or "").split())


def places(phrase: Phrase) -> Iterator[tuple[str, str, int]]:
    """Kind and field of each parameter, and how often the field was filled before."""
    binds = phrase.sentence.binds
    for index, (kind, name) in enumerate(zip(phrase.kinds, binds, strict=True)):
        yield kind, name, binds[:index].count(name)


def _parameters(phrase: Phrase, said: Example) -> tuple[Parameter, ...]:
    found = []
    for (kind, name, _), value in zip(places(phrase), said.values, strict=True):
        field = phrase.shape.by_name.get(name)
        several = phrase.sentence.binds.count(name) > 1
        says = meaning.of_parameter(kind, None if several else field)
        shown = f'"{value}"' if kind == "string" else value
        found.append(Parameter(kind=kind, key=field.key if field else name, says=says, example=shown))
    return tuple(found)


def _tables(phrase: Phrase, wording: Wording, said: Example) -> Iterator[Table]:
    for name in filter(None, (phrase.sentence.table, phrase.sentence.or_table)):
        hint = phrase.shape.by_name[name].hint
        inner = hint.parts[0] if hint.parts else hint
        claimed = phrase.claims
        if inner.shape is not None:
            columns = tuple(
                Column(header=_words(field.key), required=field.required, says=meaning.of_value(field.hint),
                       cells=claimed and takes_cell(field.hint))
                for field in inner.shape.by_key.values()
            )  # fmt: skip
            yield Table(columns=columns, rows=wording.of_table(phrase, inner.shape.kind.__name__))
        else:
            yield _of_columns(phrase, wording, inner, said, claimed=claimed)


def _of_columns(phrase: Phrase, wording: Wording, inner: Hint, said: Example, *, claimed: bool) -> Table:
    def header(column: str) -> str:
        """A column named after what the sentence says of a field."""
        if not column.startswith("{"):
            return column
        return said.values[phrase.sentence.binds.index(column.strip("{}"))].replace("_", " ")

    parts = inner.parts or (inner,)
    columns = tuple(
        Column(header=header(column), required=True, says=meaning.of_value(part), cells=claimed and takes_cell(part))
        for column, part in zip(phrase.sentence.columns, parts, strict=True)
    )
    rows = wording.of_table(phrase, ", ".join(phrase.sentence.columns))
    return Table(columns=columns, rows=tuple(tuple(header(cell) for cell in row) for row in rows))


def _details(phrase: Phrase, wording: Wording, said: Example, rows: tuple[tuple[str, ...], ...]) -> Iterator[Detail]:
    """Everything else that the step takes and that can be said behind the sentence; what is refused is left out. Two
    that are refused alone may belong together, as the first and the last day of something.
    """
    if phrase.verb is None:
        return
    alone: list[tuple[str, str]] = []
    for field in _unsaid(phrase):
        value = wording.of_value(phrase, field)
        phase: Phase = "when" if field.key == "refused" else _said_under(phrase)
        if phase not in phrase.verb.phases or (field.key == "refused" and not phrase.verb.asks_system):
            continue
        form = _form(field, value)
        says = "words of the reason, under When" if field.key == "refused" else meaning.of_value(field.hint)
        if is_accepted(_extended(said.text, form), phase, rows):
            yield Detail(form=form.strip(), says=says)
        elif form.startswith(","):
            alone.append((form, says))
    for (first, says), (second, of_second) in combinations(alone, 2):
        if is_accepted(_extended(said.text, first + second), _said_under(phrase), rows):
            both = says if says == of_second else f"{says}, and {of_second}"
            yield Detail(form=(first + second).strip(), says=both)


def _unsaid(phrase: Phrase) -> Iterator[Field]:
    sentence, verb = phrase.sentence, phrase.verb
    said = {*sentence.binds, sentence.table, sentence.or_table, sentence.text, *(key for key, _ in sentence.fixed)}
    if "invoice" in phrase.kinds:
        said.update(_OF_INVOICES)
    for field in phrase.shape.by_name.values():
        is_head = verb is not None and field.key in verb.heads
        if not is_head and not {field.name, field.key} & said and _PLAIN_KEY.fullmatch(field.key):
            yield field


def _form(field: Field, value: str) -> str:
    if field.key in _ENDINGS:
        return _ENDINGS[field.key].format(value)
    return f", {_words(field.key)} " + (value if _is_bare(field, value) else f'"{value}"')


def _is_bare(field: Field, value: str) -> bool:
    """Whether a value stands without quotes: figures, days, and one word of a closed list."""
    return bool(_UNQUOTED.fullmatch(value)) or (value in meaning.closed(field.hint) and " " not in value)


def _extended(text: str, form: str) -> str:
    return f"{text[:-1]}{form}:" if text.endswith(":") else text + form


def _yaml(phrase: Phrase, said: Example, rows: tuple[tuple[str, ...], ...]) -> str:
    phase = _said_under(phrase)
    step = rehearsed(said.text, phase, rows)
    if step.verb is None or step.params is None:
        return write_pairs(step.keys)
    return write_step(Step(number=1, block=1, phase=phase, verb=step.verb, params=step.params, where=step.keys.where))


def _words(key: str) -> str:
    return key.replace("_", " ")
