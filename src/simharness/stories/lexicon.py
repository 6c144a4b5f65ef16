"""Which words a story may use at a point: the dictionary's entries, the names it has introduced so far, closed lists.

Every door asks here after it has made a step's parameters; a path into the parameters says where the wrong word stands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count

from simharness.core.money import Money
from simharness.domain.base import Record
from simharness.domain.dictionary import Dictionary
from simharness.stories.cast import nth_of
from simharness.stories.nearest import suggestion
from simharness.stories.shape import Hint, Shape
from simharness.stories.vocabulary.terms import EARNING_CODES, LAST, Adds, Either, Existing, FinerThanCent, New, OneOf
from simharness.stories.words import Cell, Figure

Path = tuple[str | int, ...]
#: So many dictionaries are named that have a word.
_SHOWN = 4
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class WrongWord:
    """A word that is not valid where it stands: what is wrong, what would be right, and the rule it breaks."""

    path: Path
    what: str
    mend: str
    rule: str = "unknown-word"


class Lexicon:
    """The words of one story, growing as its steps name customers, deals, people and what moves on the bank."""

    def __init__(
        self,
        dictionary: Dictionary,
        own_metrics: Iterable[str] = (),
        further: Iterable[Dictionary] = (),
        every: Callable[[], Iterable[Dictionary]] = tuple,
    ) -> None:
        """`every` are the dictionaries that there are: where a word is in another one, that is told."""
        books = (dictionary, *further)
        self._every = every
        self._own = {"metric": tuple(own_metrics)}
        self._currency = dictionary.currency
        self._units = ("days", "ratio", *(books_.currency for books_ in books))
        self._currencies = tuple(_currencies(books))
        self._where = dictionary.name
        self._named: dict[str, list[str]] = {
            "customer": [], "deal": [], "invoice": [], "payment": [], "payout": [LAST], "cheque": [], "bank line": [],
            "employee": [], "payroll": [], "earning type": list(EARNING_CODES),
        }  # fmt: skip
        self._presumed: set[str] = set()
        self._entries = _entries(books)
        self._accounts = _forms("account", self._entries["account"])

    def wrong_words(self, params: Record, shape: Shape, *, any_currency: bool = False) -> Iterator[WrongWord]:
        """Everything in a step's parameters that is not a valid word here.

        Money may be of any currency in what a system refuses: that may be the reason.
        """
        for path, value, metadata in _leaves(params, Hint(type(params), shape=shape), ()):
            if isinstance(value, Cell) or (isinstance(value, Money) and any_currency):
                continue
            if isinstance(value, Money):
                yield from self._wrong_money(path, value, metadata)
            elif isinstance(value, Figure) and value.unit not in self._units:
                yield self._foreign(path, value.unit)
            for meta in metadata:
                yield from self._wrong_text(path, value, meta)

    def learn(self, params: Record, shape: Shape) -> None:
        """Add the names a step introduces."""
        for _, value, metadata in _leaves(params, Hint(type(params), shape=shape), ()):
            for meta in metadata:
                if isinstance(meta, New | Either) and str(value) not in self._named[meta.kind]:
                    self._named[meta.kind].append(str(value))
                elif isinstance(meta, Adds):
                    self._named[meta.kind].append(self._next(meta.kind, str(value)))

    def _next(self, kind: str, owner: str) -> str:
        """What the next thing of a kind is called that belongs to a deal or an invoice."""
        known = self._named[kind]
        return next(name for nth in count(1) if (name := nth_of(kind, nth, owner)) not in known)

    def presume(self, words: Iterable[str]) -> None:
        """Take the words of a step that could not be read for names, so that one mistake is told once."""
        self._presumed.update(words)

    def _wrong_text(self, path: Path, value: object, meta: object) -> Iterator[WrongWord]:
        word = str(value)
        if isinstance(meta, OneOf):
            words = (*meta.words, *self._own.get(meta.what, ()))
            if word not in words:
                yield WrongWord(path, f"{word!r} is no {meta.what}", suggestion(word, words), "value")
        elif isinstance(meta, New) and word in self._named[meta.kind]:
            yield WrongWord(path, f"the {meta.kind} {word!r} is named twice", "give it another name")
        elif isinstance(meta, Existing) and meta.kind in self._named:
            if meta.kind == "payroll" and self._named["payroll"] and _MONTH.fullmatch(word):
                return  # The payroll of a month: which one it is, is known once the runs have their pay days.
            if word not in self._named[meta.kind] and word not in self._presumed:
                known = self._named[meta.kind]
                mend = suggestion(word, known) if known else f"name the {meta.kind} in an earlier step"
                yield WrongWord(path, f"no {meta.kind} {word!r} exists at this point of the story", mend)
        elif isinstance(meta, Existing):
            known = self._entries[meta.kind]
            if word not in (self._accounts if meta.kind == "account" else known):
                what = f"unknown {meta.kind} {word!r} in the dictionary {self._where!r}"
                yield WrongWord(path, what, self._elsewhere(meta.kind, word))

    def _elsewhere(self, kind: str, word: str) -> str:
        """The way out for a word that the dictionary has not: a like one, or a dictionary that has it."""
        known = self._entries[kind]
        own = suggestion(word, known) if known else ""
        there = {each.name: _entries((each,))[kind] for each in self._every() if each.name != self._where}
        having = [name for name, words in there.items() if word in _forms(kind, words)]
        if having:
            own = own or f"{self._where!r} has no {kind}"
            other = _named(having, f"{word!r} is in the {'dictionary' if len(having) == 1 else 'dictionaries'}")
            return f"{own}{' ' if own.endswith('?') else '; '}{other}"
        if own:
            return own
        some = _named([name for name, words in there.items() if words], "such as")
        return f"{self._where!r} has no {kind}: take a dictionary that has one{some and f', {some}'}, or add it there"

    def _wrong_money(self, path: Path, amount: Money, metadata: tuple[object, ...]) -> Iterator[WrongWord]:
        if amount.currency not in self._currencies:
            yield self._foreign(path, amount.currency)
        elif not amount.is_exact() and not any(isinstance(meta, FinerThanCent) for meta in metadata):
            what = f"{amount} is finer than the smallest coin of {amount.currency}"
            yield WrongWord(path, what, "round the amount", "money")

    def _foreign(self, path: Path, currency: str) -> WrongWord:
        what = f"{currency} in books that are kept in {self._currency}"
        kept = " or ".join(self._currencies)
        return WrongWord(path, what, f"write the amount in {kept}, or take another dictionary", "money")


def _named(dictionaries: Sequence[str], word: str) -> str:
    """Dictionaries by name, the short names first, which are those of which the others are variants."""
    first = sorted(dictionaries, key=lambda name: (name.count("-"), name))
    if not first:
        return ""
    rest = f" and {len(first) - _SHOWN} more" if len(first) > _SHOWN else ""
    return f"{word} {', '.join(map(repr, first[:_SHOWN]))}{rest}"


def _entries(books: Sequence[Dictionary]) -> dict[str, list[str]]:
    """The words of dictionaries by their kind."""
    regions = list(dict.fromkeys(region.code for d in books for region in d.regions))
    return {
        "entity": [d.entity for d in books],
        "product": [product.name for d in books for product in d.products],
        "region": regions,
        "jurisdiction": _jurisdictions(regions),
        "terms": [terms.name for d in books for terms in d.terms],
        "currency": _currencies(books),
        "cost centre": [centre.code for d in books for centre in d.cost_centres],
        "location": [location.code for d in books for location in d.locations],
        "department": [each.department for d in books if d.payroll for each in d.payroll.departments],
        "pay schedule": [each.name for d in books if d.payroll for each in d.payroll.schedules],
        "revenue type": [revenue.name for d in books for revenue in d.revenue_types],
        "discount rule": [rule.name for d in books for rule in d.discount_rules],
        "tax code": [code.name for d in books for code in d.tax_codes],
        "account": [f"{account.number} {account.name}" for d in books for account in d.accounts],
    }


def _forms(kind: str, words: Sequence[str]) -> frozenset[str]:
    """Words in every way they are written: an account by its number, its name or both."""
    parts = [part for word in words for part in word.split(" ", 1)] if kind == "account" else ()
    return frozenset((*words, *parts))


def _currencies(books: Iterable[Dictionary]) -> list[str]:
    return list(dict.fromkeys(code for d in books for code in (d.currency, *d.policy.currencies)))


def _jurisdictions(regions: list[str]) -> list[str]:
    """Each region and each of its prefixes at a hyphen: US-CA-SF, US-CA, US."""
    codes: dict[str, None] = {}
    for region in regions:
        parts = region.split("-")
        codes.update(dict.fromkeys("-".join(parts[:length]) for length in range(len(parts), 0, -1)))
    return list(codes)


def _leaves(value: object, hint: Hint, path: Path) -> Iterator[tuple[Path, object, tuple[object, ...]]]:
    if value is None:
        return
    if isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _leaves(item, hint.parts[0 if hint.repeats else index], (*path, index))
    elif hint.shape is not None:
        for name, field in hint.shape.by_name.items():
            inner = getattr(value, name)
            if inner is not None:  # Most fields of a step are not said.
                yield from _leaves(inner, field.hint, (*path, name))
    else:
        yield path, value, hint.metadata
