"""The people whom a payroll knows by name, number, address and account: invented by Faker from a number.

Names come from several countries, and one in so many is awkward. Every surname has a part that no dictionary of names
knows, every number is one that no authority issues: whoever finds such a text outside this system has found a leak.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from simharness.core.rng import Rng
from simharness.domain.base import Record

#: Where names are taken from, in turn.
LOCALES = ("en_US", "es_MX", "en_US", "pl_PL", "en_US", "vi_VN", "en_US", "de_DE", "en_US", "fr_FR")
#: Kinds of names that have broken real integrations: (first name, last name).
AWKWARD = (
    ("Siobhán", "O’Brien-D'Arcy"),
    ("مريم", "الخوارزمي"),
    ("Nguyễn Thị", "Ánh Nguyệt"),
    ("X", "Ng"),
    ("Maria Magdalena Wilhelmine", "von und zu Hohenlohe-Waldenburg"),
    ("美咲", "小鳥遊"),
    ('Robert "Bob"', "Smith & Sons, Jr."),
    ("Null", "None"),
)
_STARTS = ("Vok", "Zar", "Quel", "Tryb", "Wex", "Jorv", "Plyn", "Kesh")
_MIDDLES = ("a", "o", "ei", "u", "ia", "e")
_ENDS = ("ndrix", "rvask", "lthun", "mpyr", "zkow", "brisk", "xtell", "fjorn")
_PROVIDERS = ("faker.providers.person", "faker.providers.address")
_EPOCH = date(1960, 1, 1)
_BIRTHS = 365 * 42
#: A city and a postal code of each state that is asked for first; the others have one of their own kind.
_CITIES: Mapping[str, tuple[str, str]] = {
    "TX": ("Austin", "78701"),
    "CA": ("San Francisco", "94107"),
    "NY": ("New York", "10001"),
}


class Home(Record, frozen=True, kw_only=True):
    """A postal address in the United States."""

    street_1: str
    street_2: str
    city: str
    state: str
    zip: str


class Invented(Record, frozen=True, kw_only=True):
    """One invented person."""

    first_name: str
    last_name: str
    email: str
    phone: str
    date_of_birth: date
    ssn: str
    account_number: str
    routing_number: str
    home: Home


class Persons:
    """Invents people; the same seed and the same number of calls give the same people."""

    def __init__(self, rng: Rng, awkward_every: int) -> None:
        self._rng = rng
        self._awkward_every = awkward_every
        self.count = 0
        self._fakers: dict[str, Any] = {}

    def fork(self) -> Persons:
        """An independent copy that goes on with the same people."""
        twin = Persons(self._rng, self._awkward_every)
        twin.count = self.count
        return twin

    def person(self, state: str) -> Invented:
        """The next person, who lives in a state ("" is Texas)."""
        self.count += 1
        stream = self._rng.stream(f"gusto person {self.count}")
        first, last = self._name()
        surname = f"{last}-{stream.choice(_STARTS)}{stream.choice(_MIDDLES)}{stream.choice(_ENDS)}"
        mail = _ascii(f"{first}.{surname}")[:40] or "person"
        return Invented(
            first_name=first,
            last_name=surname,
            email=f"{mail}.{self.count}@private.example",
            phone=f"555{stream.randrange(10**7):07}",
            date_of_birth=_EPOCH + timedelta(days=stream.randrange(_BIRTHS)),
            # No number of the social security administration begins with a nine.
            ssn=f"9{stream.randrange(10**2):02}-{stream.randrange(1, 100):02}-{stream.randrange(1, 10**4):04}",
            account_number=f"{stream.randrange(10**11, 10**12)}",
            routing_number="021000021",
            home=self._home(stream.randrange(100, 9900), state or "TX"),
        )

    def _name(self) -> tuple[str, str]:
        if self._awkward_every and self.count % self._awkward_every == 0:
            return AWKWARD[(self.count // self._awkward_every - 1) % len(AWKWARD)]
        faker = self._faker(LOCALES[self.count % len(LOCALES)])
        faker.seed_instance(self._rng.number(f"gusto name {self.count}"))
        return str(faker.first_name()), str(faker.last_name())

    def _home(self, number: int, state: str) -> Home:
        faker = self._faker("en_US")
        faker.seed_instance(self._rng.number(f"gusto home {self.count}"))
        city, code = _CITIES.get(state, (f"{state} City", "10101"))
        apartment = f"Apt {number % 90 + 1}" if number % 3 == 0 else ""
        return Home(street_1=f"{number} {faker.street_name()}", street_2=apartment, city=city, state=state, zip=code)

    def _faker(self, locale: str) -> Any:
        # Loaded for the first person only, and seeded anew for every name: nobody depends on who came before.
        if locale not in self._fakers:
            from faker.factory import Factory

            self._fakers[locale] = Factory.create(locale, providers=list(_PROVIDERS))
        return self._fakers[locale]


def _ascii(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", ".", plain).strip(".")
