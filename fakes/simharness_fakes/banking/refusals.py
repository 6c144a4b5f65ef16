"""Why the bank refuses: one type a cause, for a dialect to map to its own code and words.

Refusal
├── NoAccount      no account with that id, or none at all  (account)
├── NoLine         no line with that id                     (line)
├── NotPending     the line was posted already              (line)
├── BadAmount      zero, or finer than the currency         (amount)
├── WrongCurrency  not the currency of the account          (given, expected)
└── FutureDay      a line is booked on a day to come        (day, today)
"""

from __future__ import annotations

from datetime import date

from simharness.core.money import Money


class Refusal(Exception):
    """The root: the bank keeps its state exactly as it was. `str()` is a sentence for a person."""


class NoAccount(Refusal):
    """No account with that id, or none at all."""

    def __init__(self, account: str, known: tuple[str, ...]) -> None:
        self.account, self.known = account, known
        super().__init__(
            f"there is no account {account!r}; there are {', '.join(known)}" if known else "no account is open yet"
        )


class NoLine(Refusal):
    """No line with that id: it never was, or a pending one was posted or dropped."""

    def __init__(self, line: str) -> None:
        self.line = line
        super().__init__(f"there is no line {line!r}: an announced line goes away once it is posted or dropped")


class NotPending(Refusal):
    """The line was posted already."""

    def __init__(self, line: str) -> None:
        self.line = line
        super().__init__(f"line {line} is posted: only a pending line can be posted or dropped")


class BadAmount(Refusal):
    """A line of nothing, or of a part of the smallest coin."""

    def __init__(self, amount: Money) -> None:
        self.amount = amount
        super().__init__(f"{amount} cannot be moved: a line is a whole number of minor units and not zero")


class WrongCurrency(Refusal):
    """An account holds one currency."""

    def __init__(self, given: str, expected: str) -> None:
        self.given, self.expected = given, expected
        super().__init__(f"the account holds {expected}, not {given}")


class FutureDay(Refusal):
    """Nothing is booked on a day to come."""

    def __init__(self, day: date, today: date) -> None:
        self.day, self.today = day, today
        super().__init__(f"{day} is in the future: today is {today}")
