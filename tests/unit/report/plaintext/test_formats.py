"""Read again by somebody else, an export says what the ledger said."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from urllib.parse import unquote

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simharness.core.errors import HarnessFault
from simharness.core.money import Money
from simharness.domain.books import Entry, EntryLine, LedgerSnapshot
from simharness.domain.record import RunRecord
from simharness.report.plaintext import FORMATS, exports
from tests.unit.report.plaintext.reader import Books, read_beancount, read_hledger
from tests.unit.report.plaintext.samples import AWKWARD, TYPES, awkward, ledgers, of, texts
from tests.unit.report.samples import DAY, ledger, record

READERS: dict[str, Callable[[str], Books]] = {"beancount": read_beancount, "hledger": read_hledger}
#: Each example is a whole ledger with dozens of texts.
some = settings(max_examples=30)
each_format = pytest.mark.parametrize("form", sorted(FORMATS))


def test_every_format_has_a_reader_here() -> None:
    assert sorted(READERS) == sorted(FORMATS)


def written(run: RunRecord, form: str) -> str:
    (export,) = exports([run], FORMATS[form])
    assert export.content is not None
    return export.content.decode()


def read(run: RunRecord, form: str) -> Books:
    return READERS[form](written(run, form))


def balances(book: LedgerSnapshot) -> dict[str, Decimal]:
    """By account id, from the entries of the ledger."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for line in (line for entry in book.entries for line in entry.lines):
        sums[line.account] += line.amount.amount
    return {account.id: sums[account.id] for account in book.accounts}


def by_id(books: Books, figures: dict[str, Decimal]) -> dict[str, Decimal]:
    return {notes["account-id"][0]: figures[name] for name, notes in books.accounts.items()}


@each_format
@some
@given(book=ledgers())
def test_every_account_comes_back_with_its_balance_its_type_and_what_is_said_of_it(
    form: str, book: LedgerSnapshot
) -> None:
    books = read(of(book), form)
    assert len(books.accounts) == len(book.accounts), "two accounts share a name"
    assert by_id(books, books.balances()) == by_id(books, books.asserted) == balances(book)
    for (name, notes), account in zip(books.accounts.items(), book.accounts, strict=True):
        assert books.types[name] == TYPES[account.kind]
        said = {key: found[0] for key, found in notes.items()}
        expected = {"number": account.number, "name": account.name, "kind": account.kind, "account-id": account.id}
        expected |= {} if account.active else {"active": "no"}
        assert said == {key: text for key, text in expected.items() if text}


@each_format
@some
@given(book=ledgers())
def test_every_entry_comes_back_with_its_postings_and_dimensions(form: str, book: LedgerSnapshot) -> None:
    books = read(of(book), form)
    ids = {name: notes["account-id"][0] for name, notes in books.accounts.items()}
    names = {party.id: party.name for party in book.parties}
    expected = sorted(book.entries, key=lambda entry: entry.date)
    assert [entry.notes["entry"] for entry in books.entries] == [[entry.id] for entry in expected]
    for entry, original in zip(books.entries, expected, strict=True):
        party = next((line.party for line in original.lines if line.party), "")
        assert (entry.day, entry.payee) == (original.date, names.get(party, party))
        assert original.number in entry.narration
        assert entry.narration.endswith(original.note)
        assert entry.notes.get("source-id", [""]) == [original.source_id]
        for (account, amount, currency, notes), line in zip(entry.postings, original.lines, strict=True):
            assert (ids[account], Money(amount, currency)) == (line.account, line.amount)
            said = {key: found[0] for key, found in notes.items()}
            dimensions = {"cost-centre": line.cost_centre, "location": line.location, "memo": line.memo}
            dimensions |= {"party": names.get(line.party, ""), "party-id": line.party}
            assert said == {key: text for key, text in dimensions.items() if text}


@each_format
@some
@given(first=ledgers("us"), second=ledgers("eu"))
def test_the_entities_of_a_group_keep_their_accounts_apart(
    form: str, first: LedgerSnapshot, second: LedgerSnapshot
) -> None:
    books = read(of(first, second), form)
    assert len(books.accounts) == len(first.accounts) + len(second.accounts)
    for book, component in ((first, "Us"), (second, "Eu")):
        mine = {name: notes for name, notes in books.accounts.items() if name.split(":")[1] == component}
        assert {notes["account-id"][0]: books.asserted[name] for name, notes in mine.items()} == balances(book)
        assert all(notes["entity"] == [book.entity] for notes in mine.values())


@each_format
@given(story=texts)
def test_a_story_of_any_name_has_a_file_of_plain_name(form: str, story: str) -> None:
    (export,) = exports([of(ledger(), story=story)], FORMATS[form])
    assert export.file.removesuffix(FORMATS[form].suffix).replace("-", "").isalnum()
    assert export.file.isascii()
    assert len(export.file) < 120
    assert export.content is not None
    READERS[form](export.content.decode())


@each_format
def test_balances_are_asserted_after_the_last_entry(form: str) -> None:
    later = Entry(id="8", date=DAY + timedelta(days=9), source="journal", source_id="8",
                  lines=tuple(EntryLine(account=account, amount=Money(amount, "USD"))
                              for account, amount in (("1", "1"), ("2", "-1"))))  # fmt: skip
    book = ledger()
    books = read(of(msgspec.structs.replace(book, entries=(later, *book.entries))), form)
    assert [entry.day for entry in books.entries] == [date(2026, 1, 12), date(2026, 1, 21)]
    # Beancount asserts in the morning of a day, hledger where the assertion stands in the file.
    assert books.asserted_on == {date(2026, 1, 22) if form == "beancount" else date(2026, 1, 21)}


@each_format
def test_a_payment_is_linked_to_itself_and_to_what_it_settles(form: str) -> None:
    books = read(of(awkward(("Globex", "Initech"))), form)
    assert {tuple(entry.links) for entry in books.entries} == {
        ("invoice-0",), ("payment-p0", "invoice-0"), ("invoice-1",), ("payment-p1", "invoice-1"),
    }  # fmt: skip


@each_format
def test_the_sale_reads_as_a_bookkeeper_would_write_it(form: str) -> None:
    text = written(record(), form)
    if form == "beancount":
        assert '2026-01-12 * "invoice" ^invoice-7\n' in text
        assert "2026-01-13 balance Income:4010-Hardware-sales  -100.00 ~ 0 USD\n" in text
    else:
        assert "2026-01-12 * (invoice-7) invoice\n" in text
        assert "    Income:4010-Hardware-sales  0.00 USD == -100.00 USD\n" in text
    assert "  Assets:1100-Accounts-receivable  108.00 USD\n" in text
    assert "  Liabilities:2200-Sales-tax-payable  -8.00 USD\n" in text


@each_format
def test_a_posting_on_an_account_that_the_chart_does_not_have_is_shown(form: str) -> None:
    book = msgspec.structs.replace(ledger(), accounts=ledger().accounts[:2])
    books = read(of(book), form)
    assert books.balances()["Equity:Unnumbered-not-in-the-chart-3"] == Decimal("-8.00")


@each_format
def test_an_entry_that_does_not_balance_is_written_as_it_is(form: str) -> None:
    lines = (EntryLine(account="1", amount=Money("1.00", "USD")),)
    entry = Entry(id="9", date=DAY, source="journal", source_id="9", lines=lines)
    books = read(of(msgspec.structs.replace(ledger(), entries=(entry,))), form)
    assert [posting[:3] for posting in books.entries[0].postings] == [
        ("Assets:1100-Accounts-receivable", Decimal("1.00"), "USD")
    ]


@each_format
def test_books_that_cannot_be_written_are_named(form: str) -> None:
    lines = (EntryLine(account="1", amount=Money("NaN", "USD")),)
    entry = Entry(id="9", date=DAY, source="journal", source_id="9", lines=lines)
    with pytest.raises(HarnessFault, match="entry 9 of 2026-01-12 posts USD NaN"):
        written(of(msgspec.structs.replace(ledger(), entries=(entry,))), form)
    odd = msgspec.structs.replace(ledger().accounts[0], kind="goodwill")
    with pytest.raises(HarnessFault, match="goodwill"):
        written(of(msgspec.structs.replace(ledger(), accounts=(odd,))), form)


@each_format
def test_amounts_have_the_decimals_of_their_currency_and_finer_ones_where_posted(form: str) -> None:
    for currency, shown in (("JPY", "100 JPY"), ("KWD", "100.000 KWD"), ("EUR", "100.00 EUR")):
        lines = tuple(
            EntryLine(account=account, amount=Money(amount, currency)) for account, amount in (("1", 100), ("2", -100))
        )
        entry = Entry(id="9", date=DAY, source="journal", source_id="9", lines=lines)
        text = written(of(msgspec.structs.replace(ledger(), currency=currency, entries=(entry,))), form)
        assert f"Assets:1100-Accounts-receivable  {shown}\n" in text


def test_stories_of_one_name_get_files_of_their_own_whichever_are_chosen() -> None:
    runs = [of(ledger(), story=story) for story in ("A sale", "Another", "a SALE!", "A sale")]
    form = FORMATS["beancount"]
    whole = [export.file for export in exports(runs, form)]
    assert whole == ["a-sale.beancount", "another.beancount", "a-sale-2.beancount", "a-sale-3.beancount"]
    assert [export.file for export in exports(runs, form, "a sale")] == [whole[0], whole[2], whole[3]]


def test_a_story_without_books_is_told_and_not_left_out() -> None:
    bare = msgspec.structs.replace(record(), checkpoints=())
    assert [(export.story, export.content) for export in exports([bare, of()], FORMATS["hledger"])] == [
        ("A sale", None), ("A sale", None),
    ]  # fmt: skip


def test_equal_books_give_equal_bytes_in_every_process() -> None:
    code = (
        "import sys; from simharness.report.plaintext import FORMATS, exports\n"
        "from tests.unit.report.plaintext.samples import awkward, of\n"
        "for form in FORMATS.values():\n"
        "    sys.stdout.buffer.writelines(one.content for one in exports([of(awkward())], form))\n"
    )
    found = set()
    for seed in ("1", "4711"):
        environment = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)}
        done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True)
        found.add(done.stdout)
    assert len(found) == 1
    assert sum(map(len, found)) > 10_000


@some
@given(st.data())
def test_awkward_texts_come_back_from_both_formats_alike(data: st.DataObject) -> None:
    chosen = tuple(data.draw(st.lists(st.sampled_from(AWKWARD), min_size=1, max_size=8, unique=True)))
    one, other = (read(of(awkward(chosen)), form) for form in ("beancount", "hledger"))
    assert list(one.accounts.values()) == list(other.accounts.values())
    assert one.asserted == other.asserted
    assert [(entry.payee, entry.narration) for entry in one.entries] == [
        (entry.payee, entry.narration) for entry in other.entries
    ]
    assert unquote("".join(AWKWARD)) != "".join(AWKWARD), "no sample looks like an escape"
