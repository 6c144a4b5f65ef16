"""Why the ledger refuses: one type a cause, with the figures, for a dialect to map to its own code and words.

Refusal
├── Missing            a required value was not given                    (subject, what)
├── NotFound           no record with that id                            (kind, id)
├── BadReference       a field names a record that does not exist        (field, kind, id)
├── Inactive           a field names a record that is no longer used     (field, kind, id)
├── BadValue           a value outside what the field allows             (field, value, why)
├── DuplicateName      a name already taken among its kind               (kind, name, other)
├── DuplicateNumber    a document number already taken                   (kind, number, other)
├── AmountMismatch     line amount ≠ quantity × price                    (line, given, expected)
├── PeriodClosed       dated on or before the closing date               (day, closed_until)
├── MixedRates         two tax codes on a document of a one-code company (codes)
├── NoRate             a tax rate has no percentage on the tax date      (rate, day)
├── NoExchangeRate     a foreign currency has no rate on the date        (currency, day)
├── TaxWithoutCode     tax was given and no code says whose it is        (tax)
├── CurrencyMismatch   the document's currency is not the customer's     (given, expected)
├── Deposited          a deposit moved the money on                      (kind, id, deposit)
├── HasLinks           settled by, or settles, other documents           (kind, id, links)
├── OverApplied        more settled than there is                        (document, given, available)
├── WrongCustomer      a payment settles another customer's document     (document, customer, expected)
├── IsVoid             the document was voided                           (kind, id)
└── Unbalanced         debits ≠ credits                                  (difference)
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal


class Refusal(Exception):
    """The root: the ledger keeps its state exactly as it was. `str()` is a sentence for a person."""


class Missing(Refusal):
    """A value that must be given was not."""

    def __init__(self, subject: str, what: str) -> None:
        self.subject, self.what = subject, what
        super().__init__(f"{subject} needs {what}")


class NotFound(Refusal):
    """The record asked for does not exist (or was deleted)."""

    def __init__(self, kind: str, id: str) -> None:
        self.kind, self.id = kind, id
        super().__init__(f"there is no {kind} {id!r}")


class BadReference(Refusal):
    """A field names a record that does not exist."""

    def __init__(self, field: str, kind: str, id: str) -> None:
        self.field, self.kind, self.id = field, kind, id
        super().__init__(f"{field} names {kind} {id!r}, which does not exist")


class Inactive(Refusal):
    """A field names a record that was made inactive."""

    def __init__(self, field: str, kind: str, id: str) -> None:
        self.field, self.kind, self.id = field, kind, id
        super().__init__(f"{field} names {kind} {id!r}, which is inactive")


class BadValue(Refusal):
    """A value that the field does not allow."""

    def __init__(self, field: str, value: object, why: str) -> None:
        self.field, self.value, self.why = field, value, why
        super().__init__(f"{field}={value!s}: {why}")


class DuplicateName(Refusal):
    """A name that another record of the kind has; `other` is that record's id."""

    def __init__(self, kind: str, name: str, other: str) -> None:
        self.kind, self.name, self.other = kind, name, other
        super().__init__(f"{kind} {other} is already called {name!r}")


class DuplicateNumber(Refusal):
    """A document number that another document of the kind has; `other` is its id."""

    def __init__(self, kind: str, number: str, other: str) -> None:
        self.kind, self.number, self.other = kind, number, other
        super().__init__(f"{kind} {other} already has the number {number!r}")


class AmountMismatch(Refusal):
    """A line's amount is not its rounded quantity × price. `line` is its position, from 1."""

    def __init__(self, line: int, given: Decimal, expected: Decimal) -> None:
        self.line, self.given, self.expected = line, given, expected
        super().__init__(f"line {line}: the amount is {given}, quantity × price is {expected}")


class PeriodClosed(Refusal):
    """The document is, or would be, dated on or before the closing date."""

    def __init__(self, day: date, closed_until: date) -> None:
        self.day, self.closed_until = day, closed_until
        super().__init__(f"{day} is closed: the books are closed until {closed_until}")


class MixedRates(Refusal):
    """Several tax codes on one document of a company that has one tax code a document."""

    def __init__(self, codes: tuple[str, ...]) -> None:
        self.codes = codes
        super().__init__(f"one document, several tax codes: {', '.join(codes)}")


class NoRate(Refusal):
    """A tax rate that has no percentage on the tax date."""

    def __init__(self, rate: str, day: date) -> None:
        self.rate, self.day = rate, day
        super().__init__(f"tax rate {rate} has no percentage on {day}")


class NoExchangeRate(Refusal):
    """Nobody gave a rate of exchange, and the books know none on the date."""

    def __init__(self, currency: str, day: date) -> None:
        self.currency, self.day = currency, day
        super().__init__(f"there is no rate of exchange for {currency} on {day}")


class TaxWithoutCode(Refusal):
    """An amount of tax was given and nothing says which tax it is."""

    def __init__(self, tax: Decimal) -> None:
        self.tax = tax
        super().__init__(f"tax of {tax} was given without a tax code")


class CurrencyMismatch(Refusal):
    """A document in another currency than its customer's, or a currency these books do not keep."""

    def __init__(self, given: str, expected: str) -> None:
        self.given, self.expected = given, expected
        super().__init__(f"the currency is {given}, it must be {expected}")


class HasLinks(Refusal):
    """The document is tied to others by payments; `links` are the payments' ids."""

    def __init__(self, kind: str, id: str, links: tuple[str, ...]) -> None:
        self.kind, self.id, self.links = kind, id, links
        super().__init__(f"{kind} {id} is linked to {', '.join(links)}")


class OverApplied(Refusal):
    """More is applied than there is: to a document (`document` is its id) or from a payment (`document` is "")."""

    def __init__(self, document: str, given: Decimal, available: Decimal) -> None:
        self.document, self.given, self.available = document, given, available
        super().__init__(f"{given} applied to {document or 'documents'}, only {available} available")


class WrongCustomer(Refusal):
    """A payment settles a document of another customer."""

    def __init__(self, document: str, customer: str, expected: str) -> None:
        self.document, self.customer, self.expected = document, customer, expected
        super().__init__(f"document {document} belongs to customer {customer}, the payment to {expected}")


class Deposited(Refusal):
    """The money of a payment or sales receipt lies in a deposit, which holds it as it is."""

    def __init__(self, kind: str, id: str, deposit: str) -> None:
        self.kind, self.id, self.deposit = kind, id, deposit
        super().__init__(f"{kind} {id} was deposited by deposit {deposit}")


class IsVoid(Refusal):
    """The document was voided and can no longer be changed or settled."""

    def __init__(self, kind: str, id: str) -> None:
        self.kind, self.id = kind, id
        super().__init__(f"{kind} {id} is void")


class Unbalanced(Refusal):
    """Debits less credits is not zero."""

    def __init__(self, difference: Decimal) -> None:
        self.difference = difference
        super().__init__(f"debits and credits differ by {difference}")
