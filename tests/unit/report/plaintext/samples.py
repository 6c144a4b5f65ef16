"""Ledgers whose people gave every thing an awkward name."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import msgspec
from hypothesis import strategies as st

from simharness.core.money import Money
from simharness.domain.books import (
    Account,
    Application,
    Document,
    Entry,
    EntryLine,
    LedgerSnapshot,
    Party,
    Payment,
)
from simharness.domain.record import RunRecord
from simharness.domain.snapshot import Checkpoint, WorldSnapshot
from tests.unit.report.samples import AT, DAY, record

#: The type of every kind of account, as finance sorts them: the first letter of the root.
TYPES = {
    "bank": "A", "receivable": "A", "undeposited": "A", "current_asset": "A", "fixed_asset": "A",
    "payable": "L", "credit_card": "L", "current_liability": "L", "long_term_liability": "L",
    "equity": "E", "income": "I", "contra_income": "I", "other_income": "I",
    "cost_of_sales": "E", "expense": "E", "other_expense": "E",
}  # fmt: skip

AWKWARD = (
    'Ann "the Boss" O\'Neil', "back\\slash", 'ends in \\"', "two\nlines", "\r\n", "tab\there",
    "\u2028line\u2029paragraph", "שלום בע״מ", "شركة النور", "Müller & Söhne", "株式会社", "ελληνικά",
    "e\u0301clair", "ß", "🦉", "\u202egnp.exe", "\u2066isolated", "\u200fmark", "a\u200dz", "\ufeffBOM",
    "\x00null", "\x7f\x1b[31mred", "nbsp\u00a0", " leads", "trails ", "   ", "a  two blanks", "a;comment",
    "; all comment", "a | b", "|", "(closed) Ltd", "(", ")", "()", "* starred", "! flagged", "Globex, Inc.",
    "key:value", "date:tomorrow", "x, date:tomorrow", "[2026-99-99]", "[2026-01-01=2026-02-02]", "=",
    "== 1 USD", "@ 3 EUR", "{4 USD}", "100%", "%41", "%%41", "%4", "#tag", "^link",
    "2026-01-01 open Assets:Gold", "include other", "Assets:Bank  5 USD", "end comment", "type:X", "a" * 300,
)  # fmt: skip


def of(*ledgers: LedgerSnapshot, story: str = "A sale") -> RunRecord:
    """A record with these books at its end."""
    world = WorldSnapshot(at=AT, ledgers=ledgers)
    return msgspec.structs.replace(record(story), checkpoints=(Checkpoint(step=1, name="end", world=world),))


def awkward(texts: tuple[str, ...] = AWKWARD, currency: str = "USD") -> LedgerSnapshot:
    """Every text as the name of an account, of a customer and of a dimension, as a document number, a note and a memo.

    Each is billed another amount and pays one cent less, so that every account ends with an amount of its own.
    """
    kinds = tuple(TYPES)
    accounts = [Account(id="r", number="1100", name="Receivable", kind="receivable")]
    entries: list[Entry] = []
    parties, documents, payments = [], [], []
    for number, text in enumerate(texts):
        own, name = str(number), text or "nobody"
        amount = Money(Decimal(100 + number) / 100 + number * number, currency)
        paid = amount - Money(Decimal("0.01"), currency)
        accounts.append(Account(id=own, number=text if number % 3 else "", name=text, kind=kinds[number % len(kinds)]))
        parties.append(Party(id=own, name=name))
        documents.append(_document(own, amount))
        applied = (Application(document=own, amount=paid),)
        payments.append(Payment(id=f"p{own}", party=own, date=DAY, amount=paid, unapplied=paid * 0, account=own,
                                applications=applied))  # fmt: skip
        for source, source_id, posted in (("invoice", own, amount), ("payment", f"p{own}", -paid)):
            entries.append(
                Entry(
                    id=str(len(entries)),
                    date=DAY - timedelta(days=number % 5),
                    source=source,
                    source_id=source_id,
                    number=text,
                    note=text,
                    created_by=text,
                    lines=(
                        EntryLine(account="r", amount=posted, party=own, memo=text),
                        EntryLine(account=own, amount=-posted, cost_centre=text, location=text, memo=text),
                    ),
                )
            )
    return LedgerSnapshot(
        vendor="quickbooks", entity="main", currency=currency, time_zone="UTC", accounts=tuple(accounts),
        parties=tuple(parties), documents=tuple(documents), payments=tuple(payments), entries=tuple(entries),
    )  # fmt: skip


def _document(own: str, amount: Money) -> Document:
    return Document(
        id=own, kind="invoice", number=own, party=own, date=DAY, due=None, currency=amount.currency, lines=(), taxes=(),
        net=amount, tax=amount * 0, total=amount, open=amount * 0, status="open",
    )  # fmt: skip


#: Any text that JSON can carry, the awkward ones more often.
texts = st.one_of(
    st.sampled_from(AWKWARD), st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    st.text(st.sampled_from("%;|,()[]\"\\\n 2Aa:-"), max_size=8),
)  # fmt: skip
amounts = st.one_of(
    st.decimals(-1_000_000, 1_000_000, places=2),
    st.sampled_from([Decimal("0.005"), Decimal("-0.00"), Decimal("1E+3"), Decimal("-0.0001"), Decimal(7)]),
)


@st.composite
def ledgers(draw: st.DrawFn, entity: str = "main") -> LedgerSnapshot:
    """A balanced ledger: accounts that may share number and name, entries of two to five lines."""
    count = draw(st.integers(1, 6))
    accounts = tuple(
        Account(id=str(number), number=draw(st.one_of(texts, st.sampled_from(["1000", "1100"]))), name=draw(texts),
                kind=draw(st.sampled_from(sorted(TYPES))), active=draw(st.booleans()))
        for number in range(count)
    )  # fmt: skip
    parties = tuple(Party(id=str(number), name=draw(texts)) for number in range(2))
    entries = []
    for number in range(draw(st.integers(0, 5))):
        posted = draw(st.lists(amounts, min_size=1, max_size=4))
        lines = tuple(
            EntryLine(
                account=str(draw(st.integers(0, count - 1))), amount=Money(amount, "USD"), memo=draw(texts),
                party=draw(st.sampled_from(["", "0", "1", "9"])), cost_centre=draw(texts), location=draw(texts),
            )
            for amount in [*posted, -sum(posted, Decimal(0))]
        )  # fmt: skip
        day = date(2026, 1, 1) + timedelta(days=draw(st.integers(0, 400)))
        source = draw(st.sampled_from(["invoice", "credit_memo", "payment", "journal"]))
        entries.append(Entry(id=f"e{number}", date=day, source=source, source_id=draw(texts), number=draw(texts),
                             note=draw(texts), lines=lines))  # fmt: skip
    return LedgerSnapshot(vendor="quickbooks", entity=entity, currency="USD", time_zone="UTC", accounts=accounts,
                          parties=parties, entries=tuple(entries))  # fmt: skip
