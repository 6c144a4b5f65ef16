"""Reading a query. Keywords and names in any case, `ORDERBY` in one word or two, no OR, no joins, no NOT.

SELECT * | name, … | COUNT(*)  FROM entity  [WHERE term [AND term …]]  [ORDERBY name [ASC|DESC], …]
[STARTPOSITION n]  [MAXRESULTS n];   term: name = < > <= >= LIKE value | name IN (value, …)
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, NoReturn

from simharness_fakes.quickbooks.errors import query_syntax

DEFAULT_RESULTS, MOST_RESULTS = 100, 1000
_LONGEST_REMEMBERED = 500

_TOKEN = re.compile(
    r"""\s*(?:(?P<text>'(?:[^'\\]|\\.)*')|(?P<sign><=|>=|[=<>(),*])|(?P<number>-?\d+(?:\.\d+)?(?![\w.]))"""
    r"""|(?P<word>[A-Za-z_][\w.]*))""",
    re.DOTALL | re.ASCII,
)
_OPERATORS = ("=", "<", ">", "<=", ">=", "LIKE")


@dataclass(frozen=True, slots=True)
class Literal:
    """A value as written: its text, and whether it stood in quotes."""

    text: str
    quoted: bool


@dataclass(frozen=True, slots=True)
class Term:
    """One condition. `operator` is in upper case; IN has any number of values, the others one."""

    name: str
    operator: str
    values: tuple[Literal, ...]


@dataclass(frozen=True, slots=True)
class Order:
    """One key of the order."""

    name: str
    descending: bool


@dataclass(frozen=True, slots=True)
class Query:
    """A query as read; names are as written. `columns` empty is everything. Positions count from 1."""

    entity: str
    columns: tuple[str, ...] = ()
    count: bool = False
    where: tuple[Term, ...] = ()
    order: tuple[Order, ...] = ()
    start: int = 1
    limit: int = DEFAULT_RESULTS


class _Token(NamedTuple):
    kind: str
    text: str
    upper: str
    column: int


def parse(text: str) -> Query:
    """Read a query; refuses what cannot be read as code 4000, naming the place."""
    return _remembered(text) if len(text) <= _LONGEST_REMEMBERED else _read(text)


@lru_cache(maxsize=512)
def _remembered(text: str) -> Query:
    # Clients ask the same questions again and again; what a text says depends on nothing but the text.
    return _read(text)


def _read(text: str) -> Query:
    return _Parser(_tokens(text)).query()


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    at, end = 0, len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None:
            at += len(text[at:]) - len(text[at:].lstrip())
            place, sign = f"line 1, column {at + 1}", text[at]
            raise query_syntax(f'Invalid content. Lexical error at {place}.  Encountered: "{sign}" ({ord(sign)})')
        kind = str(match.lastgroup)
        word = match[kind]
        found.append(_Token(kind, word, word.upper(), match.start(kind) + 1))
        at = match.end()
    return found


class _Parser:
    """Recursive descent over the tokens."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens, self._at = tokens, 0

    def query(self) -> Query:
        self._expect("SELECT")
        columns, count = self._columns()
        self._expect("FROM")
        entity = self._word("an entity")
        where: list[Term] = []
        if self._take("WHERE"):
            where.append(self._term())
            while self._take("AND"):
                where.append(self._term())
        order = self._order()
        start, limit = 1, DEFAULT_RESULTS
        while self._peek() is not None:
            if self._take("STARTPOSITION"):
                start = self._integer()
            elif self._take("MAXRESULTS"):
                limit = self._integer()
            else:
                self._fail("one of WHERE, AND, ORDERBY, STARTPOSITION, MAXRESULTS")
        return Query(entity, columns, count, tuple(where), order, max(start, 1), limit)

    def _columns(self) -> tuple[tuple[str, ...], bool]:
        if self._take("COUNT"):
            for sign in ("(", "*", ")"):
                self._expect(sign)
            return (), True
        names: list[str] = []
        everything = False
        while True:
            if self._take("*"):
                everything = True
            else:
                names.append(self._word("a property"))
            if not self._take(","):
                return (() if everything else tuple(names)), False

    def _term(self) -> Term:
        name = self._word("a property")
        if self._take("IN"):
            self._expect("(")
            values = [self._literal()]
            while self._take(","):
                values.append(self._literal())
            self._expect(")")
            return Term(name, "IN", tuple(values))
        token = self._peek()
        if token is None or token.upper not in _OPERATORS:
            self._fail("one of = < > <= >= IN LIKE")
        self._at += 1
        return Term(name, token.upper, (self._literal(),))

    def _literal(self) -> Literal:
        token = self._peek()
        if token is None or token.kind == "sign":
            self._fail("a value")
        self._at += 1
        if token.kind == "text":
            return Literal(re.sub(r"\\(.)", r"\1", token.text[1:-1], flags=re.DOTALL), quoted=True)
        return Literal(token.text, quoted=False)

    def _order(self) -> tuple[Order, ...]:
        if self._take("ORDER"):
            self._expect("BY")
        elif not self._take("ORDERBY"):
            return ()
        keys: list[Order] = []
        while True:
            name = self._word("a property")
            descending = self._take("DESC")
            if not descending:
                self._take("ASC")
            keys.append(Order(name, descending))
            if not self._take(","):
                return tuple(keys)

    def _integer(self) -> int:
        token = self._peek()
        if token is None or token.kind != "number" or not token.text.isdigit():
            self._fail("a whole number")
        self._at += 1
        return int(token.text[:9])

    def _word(self, wanted: str) -> str:
        token = self._peek()
        if token is None or token.kind != "word":
            self._fail(wanted)
        self._at += 1
        return token.text

    def _peek(self) -> _Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _take(self, text: str) -> bool:
        token = self._peek()
        if token is None or token.kind == "text" or token.upper != text:
            return False
        self._at += 1
        return True

    def _expect(self, text: str) -> None:
        if not self._take(text):
            self._fail(f'"{text.lower()}"')

    def _fail(self, wanted: str) -> NoReturn:
        token = self._peek()
        found, column = (token.text, token.column) if token else ("<EOF>", 0)
        raise query_syntax(f'Encountered "{found}" at line 1, column {column}. Was expecting: {wanted}')
