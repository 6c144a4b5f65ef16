"""Beancount and hledger accept the books of every shipped story and add them up to what the ledger says.

Both programs only ever run as processes of their own; without them these tests are skipped. `make plaintext-tools`
installs Beancount; hledger is a package of most systems.
"""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from urllib.parse import unquote

import pytest

from simharness.connectors.manifest import builtin_manifest, load_manifest
from simharness.core.content import content_folder
from simharness.domain.books import LedgerSnapshot
from simharness.domain.record import RunRecord, lines
from simharness.report.ndjson import read_records
from simharness.stories import discovery
from simharness.stories.dictionaries import load_dictionary
from simharness.stories.playing import Setting, session
from tests.fakes.conftest import furnished
from tests.fakes.quickbooks.driving import Client, ledger_of
from tests.functional.command import simharness, story
from tests.unit.report.plaintext.samples import AWKWARD, awkward, of

ROOT = Path(__file__).parents[2]
_BIN = Path(os.environ.get("PLAINTEXT_VENV") or ROOT / ".venv-plaintext") / "bin"
_BATCH = Path(__file__).with_name("many_calls.py")
_SUMS = "SELECT account, currency, sum(number) AS total GROUP BY account, currency"

#: Balances by account name, the zero ones left out.
Balances = dict[str, Decimal]
Answer = tuple[int, str]


@dataclass(frozen=True)
class Program:
    """One of the two programs: what it says of files, and the balances it finds in them."""

    format: str
    suffix: str
    check: Callable[[list[Path]], list[Answer]]
    balances: Callable[[list[Path]], list[Balances]]


def _tool(name: str) -> str:
    found = shutil.which(name, path=str(_BIN)) or shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed: make plaintext-tools says how to get it")
    return found


def _beancount(name: str, calls: list[list[str]]) -> list[Answer]:
    tool = Path(_tool(name)).resolve()
    # A tool that is written in Python stands beside the interpreter that has it.
    done = subprocess.run(
        [str(tool.with_name("python3")), str(_BATCH), str(tool)],
        input=json.dumps(calls),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return [(code, said) for code, said in json.loads(done.stdout)]


def _bean_check(files: list[Path]) -> list[Answer]:
    return _beancount("bean-check", [["--no-cache", str(file)] for file in files])


def _bean_query(files: list[Path]) -> list[Balances]:
    answers = _beancount("bean-query", [["-f", "csv", str(file), _SUMS] for file in files])
    return [_table(said, "account", "total") for _, said in answers]


def _hledger(calls: list[list[str]]) -> list[Answer]:
    tool = _tool("hledger")
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}

    def call(arguments: list[str]) -> Answer:
        done = subprocess.run([tool, *arguments], env=environment, capture_output=True, text=True, timeout=120)
        return done.returncode, done.stdout + done.stderr

    with ThreadPoolExecutor(2) as workers:
        return list(workers.map(call, calls))


def _hledger_check(files: list[Path]) -> list[Answer]:
    # Strict: every account and currency is declared, every entry balances, every assertion holds.
    return _hledger([["-f", str(file), "check", "--strict", "ordereddates"] for file in files])


def _hledger_balances(files: list[Path]) -> list[Balances]:
    answers = _hledger([["-f", str(file), "bal", "--flat", "-N", "-O", "csv"] for file in files])
    return [_table(said, "account", "balance") for _, said in answers]


def _table(text: str, account: str, figure: str) -> Balances:
    rows = [
        (row[account], Decimal(row[figure].split()[0]))
        for row in csv.DictReader(io.StringIO(text), skipinitialspace=True)
    ]
    return {name: amount for name, amount in rows if amount}


PROGRAMS = (
    Program("beancount", ".beancount", _bean_check, _bean_query),
    Program("hledger", ".journal", _hledger_check, _hledger_balances),
)
each_program = pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.format)


_INSTALMENTS = "A deal is paid in three instalments"


def _played(every: int) -> Iterator[RunRecord]:
    """Every so manyth shipped story, without its questions to BI, which change no ledger and take most of the time."""
    setting = Setting(attachment=load_manifest(builtin_manifest()))
    stories = discovery.load([])
    for shipped in (each for n, each in enumerate(stories) if n % every == 0 or each.name == _INSTALMENTS):
        steps = tuple(step for step in shipped.steps if not step.verb.needs_bi(step.params))
        with session(replace(shipped, steps=steps), setting) as run:
            for step in steps:
                run.do(step)
            yield run.record()


@pytest.fixture(scope="module")
def shipped(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every sixth of the shipped stories; with --hypothesis-profile=deep all of them."""
    if not any(shutil.which(tool, path=str(_BIN)) or shutil.which(tool) for tool in ("bean-check", "hledger")):
        pytest.skip("neither Beancount nor hledger is installed: make plaintext-tools says how to get them")
    path = tmp_path_factory.mktemp("shipped") / "run.ndjson"
    with path.open("wb") as stream:
        deep = request.config.getoption("hypothesis_profile", None) == "deep"
        for record in _played(every=1 if deep else 6):
            stream.writelines(lines(record))
    return path


def _exported(run: Path, program: Program) -> list[Path]:
    """The files of all stories by name, written by the command."""
    _tool("bean-check" if program.format == "beancount" else "hledger")
    done = simharness("export", run.name, "--format", program.format, cwd=run.parent)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return sorted((run.parent / program.format).iterdir())


def _by_number(ledger: LedgerSnapshot) -> list[tuple[str, Decimal]]:
    """Balances with the number of their account, from the entries; one without is called as the export calls it."""
    sums: dict[str, Decimal] = {}
    for line in (line for entry in ledger.entries for line in entry.lines):
        sums[line.account] = sums.get(line.account, Decimal(0)) + line.amount.amount
    return [(each.number or "Unnumbered", sums[each.id]) for each in ledger.accounts if sums.get(each.id)]


@each_program
def test_the_books_of_shipped_stories_are_accepted_and_add_up_to_the_cent(program: Program, shipped: Path) -> None:
    files = _exported(shipped, program)
    worlds = [record.final.world.ledgers for record in read_records(shipped) if record.final]
    assert len(files) == len(worlds) > 40
    assert any(len(ledgers) > 1 for ledgers in worlds), "no story is of several entities"
    refused = {file.name: said for file, (code, said) in zip(files, program.check(files), strict=True) if code or said}
    assert not refused
    found = [
        tuple(sorted((name.split(":")[-1].split("-")[0], amount) for name, amount in balances.items()))
        for balances in program.balances(files)
    ]
    expected = [tuple(sorted(p for ledger in ledgers for p in _by_number(ledger))) for ledgers in worlds]
    assert sum(map(len, expected)) > 100, "the stories post next to nothing"
    # Files are named after stories and records are in the order of the run; what they hold is the same lot.
    assert Counter(found) == Counter(expected)


@each_program
def test_a_cent_too_much_is_refused(program: Program, shipped: Path) -> None:
    (file,) = [file for file in _exported(shipped, program) if file.stem == "a-deal-is-paid-in-three-instalments"]
    text = file.read_text(encoding="utf-8")
    spoiled = {
        "an entry that does not balance": text.replace("  3910.50 USD", "  3910.51 USD", 1),
        "an entry off by less than a cent": text.replace("  3910.50 USD", "  3910.504 USD", 1),
        "a balance that is not held": text.replace("310.50 ~ 0", "310.51 ~ 0").replace("== -310.50", "== -310.51"),
        "an account nobody opened": text.replace("Income:4010-Hardware-sales  -", "Income:4010-Software-sales  -", 1),
    }
    files = []
    for number, changed in enumerate(spoiled.values()):
        assert changed != text
        files.append(shipped.parent / f"spoiled-{program.format}-{number}{program.suffix}")
        files[-1].write_text(changed, encoding="utf-8")
    answers = program.check(files)
    assert [what for what, (code, _) in zip(spoiled, answers, strict=True) if code == 0] == []


@each_program
def test_awkward_names_are_accepted_and_add_up(program: Program, tmp_path: Path) -> None:
    run = tmp_path / "run.ndjson"
    ledger = awkward()
    with run.open("wb") as stream:
        for name in ('A "sale"\n; of * all [2026-99-99]', "Yen"):
            stream.writelines(lines(of(awkward(currency="JPY") if name == "Yen" else ledger, story=name)))
    files = _exported(run, program)
    assert [said for code, said in program.check(files) if code or said] == []
    sums: Counter[str] = Counter()
    for line in (line for entry in ledger.entries for line in entry.lines):
        sums[line.account] += line.amount.amount  # type: ignore[assignment] - a Counter adds decimals as well
    found = program.balances(files)[0]
    assert sorted(found.values()) == sorted(amount for amount in sums.values() if amount)


@each_program
def test_every_kind_of_transaction_in_two_currencies_adds_up(program: Program, tmp_path: Path) -> None:
    """The accounts are kept in dollars, whatever currency a document is in."""
    dictionary = load_dictionary(content_folder("scenarios") / "dictionaries" / "us-saas.yaml")
    client = Client(ledger_of(furnished(dictionary)))
    bank = {"value": client.id_of("Account", "Bank")}
    customers = [client.customer(), client.customer("Globex SA", CurrencyRef={"value": "EUR"})]
    vendor = {"value": client.save("Vendor", {"DisplayName": "Initech"})["Id"]}
    for customer, rate in zip(customers, ("1", "1.2345"), strict=True):
        terms = {"ExchangeRate": Decimal(rate), "CurrencyRef": {"value": "EUR" if rate != "1" else "USD"}}
        sold = client.sale(customer, client.line("Badge printer", "33.33"), **terms)
        sale = client.save("Invoice", sold)
        client.save("RefundReceipt", {**sold, "DepositToAccountRef": bank})
        paid = client.paid(customer, "11.11", ("Invoice", sale["Id"], "11.11"), **{**terms, "ExchangeRate": rate})
        link = {"Amount": Decimal("11.11"), "LinkedTxn": [{"TxnId": paid["Id"], "TxnType": "Payment"}]}
        client.save("Deposit", {"DepositToAccountRef": bank, "Line": [link], **terms})
    charges = {"AccountRef": {"value": client.id_of("Account", "Bank charges")}}
    kind = "AccountBasedExpenseLineDetail"
    client.save("Bill", {"VendorRef": vendor, "Line": [{"Amount": 7, "DetailType": kind, kind: charges}]})
    (ledger,) = client.fake.snapshot()
    assert isinstance(ledger, LedgerSnapshot)
    run = tmp_path / "run.ndjson"
    run.write_bytes(b"".join(lines(of(ledger))))
    files = _exported(run, program)
    assert [said for code, said in program.check(files) if code or said] == []
    sums: Counter[str] = Counter()
    for line in (line for entry in ledger.entries for line in entry.lines):
        sums[line.account] += line.amount.amount  # type: ignore[assignment] - a Counter adds decimals as well
    found = program.balances(files)[0]
    assert sorted(found.values()) == sorted(amount for amount in sums.values() if amount)


def test_awkward_names_come_back_from_beancount_as_they_were(tmp_path: Path) -> None:
    (tmp_path / "run.ndjson").write_bytes(b"".join(lines(of(awkward()))))
    (file,) = _exported(tmp_path / "run.ndjson", PROGRAMS[0])
    query = "SELECT payee, entry_meta('number') AS number, meta('memo') AS memo, meta('cost-centre') AS centre"
    ((_, said),) = _beancount("bean-query", [["-f", "csv", str(file), query]])
    rows = list(csv.DictReader(io.StringIO(said)))
    assert {unquote(row["payee"].rstrip()) for row in rows} == set(AWKWARD)
    for column in ("number", "memo", "centre"):
        assert {unquote(row[column].rstrip()) for row in rows} - {""} == set(AWKWARD)


def test_awkward_names_come_back_from_hledger_as_they_were(tmp_path: Path) -> None:
    (tmp_path / "run.ndjson").write_bytes(b"".join(lines(of(awkward()))))
    (file,) = _exported(tmp_path / "run.ndjson", PROGRAMS[1])
    ((code, said),) = _hledger([["-f", str(file), "print", "-O", "json"]])
    assert code == 0, said
    entries = [entry for entry in json.loads(said) if entry["tcode"] != "balances"]
    assert {unquote(entry["tcode"]) for entry in entries} == set(AWKWARD)
    assert {unquote(entry["tdescription"].split(" | ")[0]) for entry in entries} == set(AWKWARD)
    tags = [tuple(tag) for entry in entries for posting in entry["tpostings"] for tag in posting["ptags"]]
    for name in ("party", "memo", "cost-centre", "location"):
        assert {unquote(value) for tag, value in tags if tag == name} == set(AWKWARD)


def test_an_export_is_a_file_a_story_and_the_same_bytes_each_time(tmp_path: Path) -> None:
    (tmp_path / "sale.yaml").write_text(story("First sale") + "---\n" + story("Second sale"))
    assert simharness("run", "sale.yaml", cwd=tmp_path).returncode == 0
    done = simharness("export", "simharness-out/run.ndjson", "--format", "beancount", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "2 files for beancount in simharness-out/beancount\n"
    folder = tmp_path / "simharness-out" / "beancount"
    assert sorted(path.name for path in folder.iterdir()) == ["first-sale.beancount", "second-sale.beancount"]
    # 4,000.00 less 10 %, and 8.625 % of that
    assert "\n  Assets:1100-Accounts-receivable  3910.50 USD\n" in (folder / "first-sale.beancount").read_text()
    again = simharness(
        "export", "simharness-out/run.ndjson", "--format", "beancount", "--out", "mine", "-k", "FIRST",
        cwd=tmp_path, PYTHONHASHSEED="4711",
    )  # fmt: skip
    assert again.stdout == "1 file for beancount in mine\n"
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["first-sale.beancount"]
    assert (tmp_path / "mine" / "first-sale.beancount").read_bytes() == (folder / "first-sale.beancount").read_bytes()


def test_what_cannot_be_exported_is_told_and_leaves_nothing_behind(tmp_path: Path) -> None:
    good = b"".join(lines(of(awkward(("Globex",)), story="A sale")))
    for name, content in {
        "good.ndjson": good,
        "bare.ndjson": b"".join(lines(of(story="Bare"))),
        "empty.ndjson": b"",
        "torn.ndjson": good + b'{"header":{}\n',
        "story.yaml": story().encode(),
        "binary.ndjson": b'{"header":\xff\n',
        "taken": b"a file",
    }.items():
        (tmp_path / name).write_bytes(content)
    before = sorted(path.name for path in tmp_path.iterdir())
    wrong = [
        (("gone.ndjson", "--format", "hledger"), 2, "gone.ndjson cannot be read: No such file"),
        ((".", "--format", "hledger"), 2, ". cannot be read: Is a directory"),
        (("story.yaml", "--format", "hledger"), 2, "story.yaml is not the record of a run"),
        (("torn.ndjson", "--format", "hledger"), 2, "torn.ndjson is not the record of a run"),
        (("binary.ndjson", "--format", "hledger"), 2, "binary.ndjson is not the record of a run"),
        (("good.ndjson", "--format", "ledger"), 2, "choose beancount or hledger"),
        (("good.ndjson",), 2, "--format"),
        (("good.ndjson", "--format", "hledger", "--out", "taken"), 2, "taken cannot be written"),
        (("good.ndjson", "--format", "hledger", "-k", "refund"), 4, "good.ndjson holds no story that fits -k refund"),
        (("empty.ndjson", "--format", "hledger"), 4, "empty.ndjson holds no story"),
        (("bare.ndjson", "--format", "hledger"), 4, "none of 1 story in bare.ndjson reached any books"),
    ]
    for arguments, code, says in wrong:
        done = simharness("export", *arguments, cwd=tmp_path)
        assert (done.returncode, done.stdout) == (code, ""), done.stderr
        assert says in done.stderr
        assert "Traceback" not in done.stderr
        left = {path.name for path in tmp_path.rglob("*") if path.is_file()}
        assert left == set(before), arguments
