"""Lines that a payroll causes are told by their words and the reference behind them, never by their amount."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import cast

import msgspec
import pytest
from cryptography.fernet import Fernet

from simharness.reference.bank.feed import Line
from simharness.reference.bank.matching import Unmatched
from simharness.reference.bank.people import PeopleLines, Told
from simharness.reference.errors import NotYet
from simharness.reference.mapping.payroll import PayrollRules
from simharness.reference.memory.store import Store
from simharness.reference.payroll.cheques import PayCheque, PayCheques
from simharness.reference.payroll.reading import read, told
from simharness.reference.posting.tasks import Task, Tasks
from simharness.reference.vault.vault import Vault
from tests.unit.reference.payroll.told import payroll, receipt, report, rules, turned

RUN = read(told(payroll(), receipt()), report(), rules())


class Known:
    """The tasks that are known, by kind and label."""

    def __init__(self) -> None:
        self.tasks: dict[tuple[str, str], list[Task]] = {}
        self.cancelled: set[str] = set()

    def found(self, kind: str, label: str) -> list[Task]:
        return self.tasks.get((kind, label), [])

    def state(self, reference: str) -> str:
        return "done" if reference in self.cancelled else ""

    def add(self, kind: str, label: str, facts: str = "{}") -> None:
        self.tasks[kind, label] = [Task(reference=label, kind=kind, at_s=0, facts=facts)]


@pytest.fixture
def cheques(tmp_path: Path) -> Iterator[PayCheques]:
    store = Store(f"sqlite:///{tmp_path / 'state.db'}")
    found = PayCheques(Vault(store, Fernet.generate_key().decode()), 180)
    found.keep([PayCheque(number="5A801450", person="b", net=Decimal("1689.35"))], date(2026, 2, 13))
    yield found
    store.close()


def line(words: str, amount: str, *, reference: str = "") -> Line:
    return Line(
        id="l", amount=Decimal(amount), currency="USD", day=date(2026, 2, 11), name=words, reference=reference or words
    )


class Bank:
    """A statement beside one run that is in the books."""

    def __init__(self, cheques: PayCheques, *, awaits: bool = False, own: PayrollRules | None = None) -> None:
        self.known = Known()
        self.known.add("payroll", "1A2B3C4D", msgspec.json.encode(RUN).decode())
        self.lines = PeopleLines(cast(Tasks, self.known), cheques, own or rules(), lambda: awaits)

    def told(self, words: str, amount: str, *, reference: str = "") -> Told | None:
        return self.lines.told(line(words, amount, reference=reference))


@pytest.mark.parametrize(
    ("words", "amount", "role"),
    [
        ("GUSTO NET 1A2B3C4D", "-2330.50", "payroll_clearing"),
        ("Gusto  net 1A2B3C4D", "-2330.50", "payroll_clearing"),
        ("GUSTO TAX 1A2B3C4D", "-1418.00", "payroll_clearing"),
        ("PAY CHEQUE 5A801450", "-1689.35", "pay_cheques"),
        ("REMITTANCE Lone Star Retirement", "-540.00", "retirement_payable"),
        ("REMITTANCE travis county", "-1.00", "garnishments_payable"),
    ],
)
def test_words_tell_which_account_a_line_settles(cheques: PayCheques, words: str, amount: str, role: str) -> None:
    found = Bank(cheques).told(words, amount)
    assert found is not None
    assert found.role == role


@pytest.mark.parametrize("words", ["GUSTO FEE 1A2B3C4D", "NET GUSTO", "GUSTO NET", "CHEQUE 5A801450", ""])
def test_other_words_are_none_of_payrolls(cheques: PayCheques, words: str) -> None:
    assert Bank(cheques).told(words, "-2330.50") is None


@pytest.mark.parametrize(
    ("words", "amount", "says"),
    [
        ("GUSTO NET 1A2B3C4D", "-2330.51", "said -2330.50"),
        ("GUSTO NET 1A2B3C4D", "2330.50", "said -2330.50"),
        ("GUSTO TAX 1A2B3C4D", "-2330.50", "said -1418.00"),
        ("PAY CHEQUE 5A801451", "-1689.35", "no pay cheque '5A801451'"),
        ("PAY CHEQUE 5A801450", "-1689.36", "another amount"),
        ("REMITTANCE Acme", "-540.00", "'Acme'"),
    ],
)
def test_words_that_fit_with_figures_that_do_not_leave_a_line_unmatched(
    cheques: PayCheques, words: str, amount: str, says: str
) -> None:
    with pytest.raises(Unmatched, match=says) as caught:
        Bank(cheques).told(words, amount)
    assert "1689.35" not in caught.value.reason


def test_money_that_comes_back_is_that_of_the_run_that_took_it_back(cheques: PayCheques) -> None:
    bank, back = Bank(cheques), read(told(*turned()[:2]), turned()[2], rules())
    bank.known.add("payroll", "1A2B3C4D", msgspec.json.encode(back).decode())
    found = bank.told("GUSTO NET 1A2B3C4D", "2330.50")
    assert found is not None
    assert found.role == "payroll_clearing"


@pytest.mark.parametrize("words", ["GUSTO NET 1A2B3C4D", "GUSTO TAX 1A2B3C4D", "PAY CHEQUE 5A801450"])
def test_a_line_is_told_once(cheques: PayCheques, words: str) -> None:
    bank = Bank(cheques)
    amount = {"GUSTO NET": "-2330.50", "GUSTO TAX": "-1418.00", "PAY CHEQUE": "-1689.35"}[words.rpartition(" ")[0]]
    found = bank.told(words, amount)
    assert found is not None
    bank.known.add("bank_line", found.label)
    with pytest.raises(Unmatched, match="already"):
        bank.told(words, amount)


def test_what_may_be_about_a_run_that_is_not_read_yet_waits(cheques: PayCheques) -> None:
    bank = Bank(cheques, awaits=True)
    for words in ("GUSTO NET FFFFFFFF", "PAY CHEQUE FFFFFFFF"):
        with pytest.raises(NotYet):
            bank.told(words, "-1.00")
    assert bank.told("GUSTO NET 1A2B3C4D", "-2330.50") is not None


def test_a_debit_of_a_run_in_quarantine_is_the_providers_all_the_same(cheques: PayCheques) -> None:
    found = Bank(cheques).told("GUSTO NET FFFFFFFF", "-1.00")
    assert found is not None
    assert found.role == "payroll_clearing"


def test_a_run_that_was_cancelled_tells_nothing_of_the_one_after_it(cheques: PayCheques) -> None:
    bank = Bank(cheques)
    bank.known.cancelled.add("1A2B3C4D:cancelled")
    found = bank.told("GUSTO NET 1A2B3C4D", "-99.00")
    assert found is not None
    assert found.role == "payroll_clearing"


def test_books_without_payroll_know_no_such_words(cheques: PayCheques) -> None:
    assert Bank(cheques, own=PayrollRules()).told("GUSTO NET 1A2B3C4D", "-2330.50") is None


def test_a_cheque_is_forgotten_after_its_days(cheques: PayCheques, tmp_path: Path) -> None:
    assert cheques.worth("5A801450") == Decimal("1689.35")
    store = Store(f"sqlite:///{tmp_path / 'state.db'}")
    Vault(store, "").purge(date(2026, 8, 13))  # 180 days after 13 February is 12 August
    store.close()
    assert cheques.worth("5A801450") is None
