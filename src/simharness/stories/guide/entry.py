"""What the dictionary says of one sentence, as plain data that every format of it reads."""

from __future__ import annotations

from simharness.domain.base import Record


class Parameter(Record, frozen=True, kw_only=True, omit_defaults=False):
    """A parameter of a sentence: its kind between braces, the key that it fills, what may stand there, an example."""

    kind: str
    key: str
    says: str
    example: str


class Column(Record, frozen=True, kw_only=True, omit_defaults=False):
    """A header of a table with what its cells hold. `cells`: a cell may also be blank, `*` or `~`, as in a claim."""

    header: str
    required: bool
    says: str
    cells: bool = False


class Table(Record, frozen=True, kw_only=True, omit_defaults=False):
    """A table that a sentence takes, with rows as an example; the first row are headers."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]


class Detail(Record, frozen=True, kw_only=True, omit_defaults=False):
    """What may be added to a sentence: the words as they are written, and what may stand in the place of the value."""

    form: str
    says: str


class Entry(Record, frozen=True, kw_only=True, omit_defaults=False):
    """One sentence. `example` is said under the first of the keywords; `tables` are alternatives, mostly one or none.

    `verb` is empty of a sentence that sets the scene: it fills a key of the story's head, not a step.
    """

    area: str
    pattern: str
    keywords: tuple[str, ...]
    verb: str
    about: str
    parameters: tuple[Parameter, ...]
    tables: tuple[Table, ...]
    takes_text: bool
    details: tuple[Detail, ...]
    example: str
    yaml: str
