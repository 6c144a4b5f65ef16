"""How a word becomes a value: money, days, periods, percentages. Every door reads its words here.

Readers raise `UsageError` saying what is wrong and how to write it; a door adds the place.
"""

from __future__ import annotations

import calendar
import enum
import re
from datetime import date, time
from decimal import Decimal
from types import MappingProxyType

from simharness.core.errors import UsageError
from simharness.core.money import Money
from simharness.domain.base import Record

_DECIMAL = re.compile(r"^-?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?$")
_NUMBER_ONLY = re.compile(r"^-?[\d.,]+$")
#: Decimals behind a comma, thousands with dots between them: 1.200,00.
_EUROPEAN = re.compile(
    r"^(?:(?P<before>[A-Z]{3}) )?(?P<number>-?(?:\d{1,3}(?:\.\d{3})+|\d+),\d{1,2})(?: (?P<behind>[A-Z]{3}))?$"
)
_CURLY = re.compile("[\u2018-\u201f]")
_DAY = re.compile(r"^\d{4}-\d{2}-\d{2}$")
_MONTH = re.compile(r"^\d{4}-\d{2}$")
_MONTHS = "|".join(calendar.month_name[1:])
#: How people write days and months elsewhere.
_DAYS = (
    re.compile(r"^(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})$"),
    re.compile(r"^(?P<month>\d{1,2})/(?P<day>\d{1,2})/(?P<year>\d{4})$"),
    re.compile(rf"^(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)? (?P<name>{_MONTHS}),? (?P<year>\d{{4}})$"),
    re.compile(rf"^(?P<name>{_MONTHS}) (?P<day>\d{{1,2}}),? (?P<year>\d{{4}})$"),
    re.compile(rf"^(?P<name>{_MONTHS}) (?P<year>\d{{4}})$"),
    re.compile(r"^(?P<month>\d{1,2})/(?P<year>\d{4})$"),
)
_TIME = re.compile(r"^([01]\d|2[0-3]):[0-5]\d$")
_DURATION = re.compile(r"^(?:(?P<number>0|[1-9]\d{0,6}) )?(?P<unit>second|minute|hour|day)s?$")
_PAY = re.compile(r"^(?P<amount>.+) (?:an?|per) (?P<per>year|month|hour)$")
_UNIT_S = MappingProxyType({"second": 1, "minute": 60, "hour": 3600, "day": 86400})
_TRUTH = MappingProxyType({"true": True, "yes": True, "false": False, "no": False})


class Cell(enum.Enum):
    """What a claim says in the place of a value: there must be none, or there must be one, whichever it is."""

    EMPTY = ""
    ANY = "*"


class Percent(Record, frozen=True, kw_only=True):
    """A percentage: 10 is ten per cent."""

    value: Decimal


class Pay(Record, frozen=True, kw_only=True):
    """What somebody is paid: so much a `year`, a `month` or an `hour`."""

    amount: Money
    per: str


class Figure(Record, frozen=True, kw_only=True):
    """A number BI shows: an amount of money (`unit` is the currency), a number of `days`, or a `ratio`."""

    value: Decimal
    unit: str


def money(text: str) -> Money:
    """`USD 1,200.00`; an amount without a currency is refused by name. Spaces of every kind count as one."""
    word = " ".join(text.split())
    european = _EUROPEAN.match(word)
    if european is not None:
        currency = european["before"] or european["behind"] or "EUR"
        whole_part, cents = european["number"].rsplit(",", 1)
        right = f"{currency} {whole_part.replace('.', ',')}.{cents}"
        raise UsageError(f"{word!r} has a comma before its decimals", mend=f"write a dot there: {right}")
    if _NUMBER_ONLY.match(word):
        raise UsageError(f"{word!r} has no currency", mend=f"write the currency first: USD {word}")
    if _CURLY.search(word):
        raise UsageError(f"{word!r} begins or ends with a curly quote", mend='use straight quotes: "USD 1,200.00"')
    return Money.parse(word)


def text_or_cell(text: str) -> str | Cell:
    """A text, or what is said in the place of one: nothing, or `*`."""
    return _cell(text) or text


def money_or_cell(text: str) -> Money | Cell:
    """An amount, or what is said in the place of one: nothing, or `*`."""
    return _cell(text) or money(text)


def figure_or_cell(text: str) -> Figure | Cell:
    """A figure, or what is said in the place of one: nothing, or `*`."""
    return _cell(text) or figure(text)


def pay(text: str) -> Pay:
    """`USD 60,000.00 a year`, `USD 5,000.00 a month` or `USD 25.00 an hour`."""
    found = _PAY.match(" ".join(text.split()))
    if found is None:
        mend = "write USD 60,000.00 a year, USD 5,000.00 a month or USD 25.00 an hour"
        raise UsageError(f"{text!r} is no pay", mend=mend)
    return Pay(amount=money(found["amount"]), per=found["per"])


def shares(text: str) -> tuple[tuple[str, Percent], ...]:
    """`CC-10` alone, or `CC-10 60%, CC-30 40%`: names with their shares."""
    parts = [part.strip() for part in text.split(",")]
    if len(parts) == 1 and not parts[0].endswith("%"):
        return ((parts[0], Percent(value=Decimal(100))),)
    told = []
    for part in parts:
        name, _, share = part.rpartition(" ")
        if not name or not share.endswith("%"):
            raise UsageError(f"{part!r} has no share", mend="write each with its share: CC-10 60%, CC-30 40%")
        told.append((name.strip(), percent(share)))
    return tuple(told)


def day_or_cell(text: str) -> date | Cell:
    """A day, or what is said in the place of one: nothing, or `*`."""
    return _cell(text) or day(text)


def side_or_cell(text: str) -> Money | date | Cell:
    """What one side of two shows: an amount or a day, or what is said in the place of it: nothing, or `*`."""
    return _cell(text) or (day(text) if _DAY.match(text.strip()) else money(text))


def _cell(text: str) -> Cell | None:
    return next((cell for cell in Cell if cell.value == text.strip()), None)


def decimal(text: str) -> Decimal:
    """A plain number with a dot before its decimals; thousands commas are allowed."""
    if not _DECIMAL.match(text.strip()):
        raise UsageError(f"{text!r} is not a number", mend="write digits with a dot before the decimals, as in 1.5")
    return Decimal(text.strip().replace(",", ""))


def percent(text: str) -> Percent:
    """`10%` or `8.625 %`."""
    if not text.strip().endswith("%"):
        raise UsageError(f"{text!r} is not a percentage", mend="write it as 10%")
    return Percent(value=decimal(text.strip()[:-1].strip()))


def discount(text: str) -> Percent | Money:
    """A percentage of at most 100, or an amount of money."""
    word = text.strip()
    if _NUMBER_ONLY.match(word):
        raise UsageError(f"{word!r} is neither a percentage nor money", mend=f"write {word}% or USD {word}")
    if not word.endswith("%"):
        return money(word)
    share = percent(word)
    if not 0 <= share.value <= 100:
        raise UsageError(f"{word} is no share of a price", mend="write a percentage from 0 to 100")
    return share


def day(text: str) -> date:
    """An ISO day; 2026-02-30 is told from 30.02.2026."""
    if not _DAY.match(text.strip()):
        meant = _meant(text.strip())
        mend = f"write year-month-day: {meant}" if meant else "write year-month-day, for example 2026-01-31"
        raise UsageError(f"{text!r} is not a day", mend=mend)
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise UsageError(f"{text.strip()} does not exist in the calendar", mend="name a real day") from None


def _meant(text: str) -> str | None:
    """The day or month that a text can only mean, in the one form; None where it could be two or is none."""
    for form in _DAYS:
        found = form.match(text)
        if found is None:
            continue
        parts = found.groupdict()
        name = parts.get("name")
        number = parts.get("month") or (calendar.month_name[:].index(name.capitalize()) if name else 0)
        year, month, day_of = int(parts["year"]), int(number), int(parts.get("day") or 1)
        if "/" in text and parts.get("day") and month <= 12 and day_of <= 12 and month != day_of:
            return None  # Whether the day or the month comes first differs from country to country.
        if "/" in text and month > 12:
            month, day_of = day_of, month
        try:
            real = date(year, month, day_of)
        except ValueError:
            return None
        return real.isoformat() if parts.get("day") else f"{year:04d}-{month:02d}"
    return None


def wall_time(text: str) -> time:
    """`23:30`, on a 24-hour clock."""
    if not _TIME.match(text.strip()):
        raise UsageError(f"{text!r} is not a time of day", mend="write hours and minutes, for example 23:30")
    return time.fromisoformat(text.strip())


def period(text: str) -> str:
    """A month `2026-01` or a day `2026-01-31`, as text; impossible ones are refused."""
    word = text.strip()
    if _MONTH.match(word):
        if not 1 <= int(word[5:]) <= 12:
            raise UsageError(f"{word} is not a month", mend="write year-month, for example 2026-01")
        return word
    if not _DAY.match(word):
        meant = _meant(word)
        mend = f"write it as {meant}" if meant else "write a month as 2026-01 or a day as 2026-01-31"
        raise UsageError(f"{text!r} is not a period", mend=mend)
    day(word)
    return word


def month(text: str) -> str:
    """A month `2026-01`, as text."""
    word = period(text)
    if len(word) != len("2026-01"):
        raise UsageError(f"{text!r} is a day, not a month", mend=f"write {word[:7]}")
    return word


def figure(text: str) -> Figure:
    """`USD 3,600.00`, `12.5 days`, `5%` or `0.05 ratio`. A percentage is kept as its ratio."""
    word = text.strip()
    number, _, unit = word.rpartition(" ")
    if unit in ("days", "ratio"):
        return Figure(value=decimal(number), unit=unit)
    if word.endswith("%"):
        return Figure(value=percent(word).value / 100, unit="ratio")
    try:
        amount = money(word)
    except UsageError as error:
        raise UsageError(
            error.what, mend="write money (USD 12.00), days (12.5 days), or a ratio (5% or 0.05 ratio)"
        ) from None
    return Figure(value=amount.amount, unit=amount.currency)


def duration(text: str) -> str:
    """`10 minutes`, `90 seconds`, `2 hours`, `1 day` or a `minute`, as text; more than none."""
    word = " ".join(text.split())
    found = _DURATION.match(word)
    if found is None or found["number"] == "0":
        raise UsageError(f"{text!r} is not a duration", mend="write it in seconds, minutes, hours or days: 10 minutes")
    return word


def seconds_of(text: str) -> int:
    """The length of what `duration` read."""
    number, _, unit = text.rpartition(" ")
    return int(number or 1) * _UNIT_S[unit.removesuffix("s")]


def truth(text: str) -> bool:
    """True or false, in those words or as yes and no."""
    if text.strip().lower() not in _TRUTH:
        raise UsageError(f"{text!r} is neither true nor false", mend="write true or false")
    return _TRUTH[text.strip().lower()]


def whole(text: str) -> int:
    """A whole number, zero or more."""
    if not text.strip().isdigit():
        raise UsageError(f"{text!r} is not a whole number", mend="write digits only")
    return int(text.strip())
