"""People, addresses and telephone numbers that a CRM holds beside what a story says, invented by Faker from a number.

One in so many people has an awkward name: long, accented, right to left, with an apostrophe or a single letter.
Software that breaks on such names should break here first.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from simharness.core.errors import UsageError
from simharness.core.rng import Rng

#: (first name, last name): each is a kind of name that has broken real integrations.
AWKWARD: tuple[tuple[str, str], ...] = (
    ("Siobhán", "O’Brien-D'Arcy"),
    ("Þórunn", "Jökulsdóttir"),
    ("مريم", "الخوارزمي"),
    ("נעמי", "בן־דוד"),
    ("Nguyễn Thị", "Ánh Nguyệt"),
    ("X", "Ng"),
    ("Maria Magdalena Wilhelmine Antoinette", "Hohenlohe-Waldenburg-Schillingsfürst von und zu Aschenbrenner"),
    ("美咲", "小鳥遊"),
    ('Robert "Bob"', "Smith & Sons, Jr."),
)
_PROVIDERS = tuple(f"faker.providers.{name}" for name in ("person", "address", "phone_number"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who works at a customer or in sales."""

    first_name: str
    last_name: str
    email: str
    phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A postal address in the locale's own form."""

    street: str
    city: str
    postcode: str


class People:
    """Invents people in one locale. The same seed, locale and number of calls give the same people.

    `awkward_every` says how often a name is awkward: every so many people, 0 for never.
    """

    def __init__(self, rng: Rng, locale: str, *, awkward_every: int = 5) -> None:
        self._rng = rng
        self._locale = locale
        self._awkward_every = awkward_every
        self._count = 0
        self._faker: Any = None

    def person(self, domain: str) -> Person:
        """The next person, with an address at the domain that nobody else has."""
        faker = self._source()
        self._count += 1
        first, last = str(faker.first_name()), str(faker.last_name())
        if self._awkward_every and self._count % self._awkward_every == 0:
            first, last = AWKWARD[(self._count // self._awkward_every - 1) % len(AWKWARD)]
        email = f"{_ascii(f'{first}.{last}')[:40] or 'person'}.{self._count}@{domain}"
        return Person(first_name=first, last_name=last, email=email, phone=str(faker.phone_number()))

    def address(self) -> Address:
        """The next address."""
        faker = self._source()
        return Address(street=str(faker.street_address()), city=str(faker.city()), postcode=str(faker.postcode()))

    def fork(self) -> People:
        """An independent copy that goes on with the same people."""
        twin = People(self._rng, self._locale, awkward_every=self._awkward_every)
        twin._count = self._count
        if self._faker is not None:
            twin._source().random.setstate(self._faker.random.getstate())
        return twin

    def _source(self) -> Any:
        # Faker is loaded for the first person only: most worlds of a large search never need one.
        if self._faker is None:
            from faker.factory import Factory

            try:
                self._faker = Factory.create(self._locale, providers=list(_PROVIDERS))
            except AttributeError as error:  # what Faker says of a locale it does not have
                mend = "name one that Faker has, for example en_US, en_GB, de_DE, fr_FR or ja_JP"
                raise UsageError(f"nobody can be invented in the locale {self._locale!r}", mend=mend) from error
            self._faker.seed_instance(self._rng.number(f"people/{self._locale}"))
        return self._faker


def domain_of(company: str) -> str:
    """A domain that a company of this name might have, under the reserved top level `example`."""
    return f"{_ascii(company).replace('.', '-')[:40].strip('-') or 'company'}.example"


def _ascii(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", ".", plain).strip(".")
