"""Every check by its stable id, with its statement, in the order in which reports list them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from simharness.checks.access.keys import keys_open_what_they_should
from simharness.checks.conduct.alerts import alerts_are_exact
from simharness.checks.conduct.budget import calls_keep_to_the_budget
from simharness.checks.conduct.forged import forged_news_is_refused
from simharness.checks.conduct.keys import one_key_per_intent
from simharness.checks.conduct.log import log_equals_ledger
from simharness.checks.conduct.ownership import only_owned_fields
from simharness.checks.conduct.retries import retries_are_decent
from simharness.checks.conduct.strikes import faults_strike
from simharness.checks.conduct.uncertain import uncertain_is_settled
from simharness.checks.conduct.wire import no_call_leaves, requests_conform
from simharness.checks.invariants.balance import entries_balance, subledger_is_control
from simharness.checks.invariants.billing import billed_to_date, nothing_is_lost
from simharness.checks.invariants.clearing import clearing_is_balance
from simharness.checks.invariants.closing import closed_stays_closed
from simharness.checks.invariants.currency import amounts_are_exact
from simharness.checks.invariants.days import days_are_declared
from simharness.checks.invariants.deferred import deferred_rolls_forward
from simharness.checks.invariants.deposits import deposits_roll_forward
from simharness.checks.invariants.dimensions import dimensions_survive
from simharness.checks.invariants.entities import entities_agree
from simharness.checks.invariants.events import one_effect_per_event, one_record_per_customer
from simharness.checks.invariants.foreign import settled_abroad_is_settled_at_home
from simharness.checks.invariants.metrics import as_at_is_blind, metrics_are_right
from simharness.checks.invariants.numbers import numbers_are_unique
from simharness.checks.invariants.payroll import register_is_journal
from simharness.checks.invariants.payroll_cheques import cheques_are_right
from simharness.checks.invariants.period_end import period_end_entries
from simharness.checks.invariants.preserved import foreign_fields_survive
from simharness.checks.invariants.reversals import taken_back_exactly
from simharness.checks.invariants.settlement import settled_as_paid
from simharness.checks.invariants.tax import tax_is_explained
from simharness.checks.invariants.totals import totals_follow_policy
from simharness.checks.invariants.transit import only_listed_in_transit
from simharness.checks.privacy.sightings import nobody_is_shown
from simharness.checks.reconciliations.crm_to_invoices import crm_to_invoices
from simharness.checks.reconciliations.gateway_to_ledger import gateway_to_ledger
from simharness.checks.reconciliations.invoices_to_ledger import invoices_to_ledger
from simharness.checks.reconciliations.ledger_to_bi import ledger_to_bi
from simharness.checks.reconciliations.payouts_to_bank import payouts_to_bank
from simharness.checks.reconciliations.payroll_to_bank import payroll_to_bank
from simharness.checks.reconciliations.payroll_to_journals import payroll_to_journals
from simharness.checks.reconciliations.tax_to_liability import tax_to_liability
from simharness.checks.scope import Judged, Scope
from simharness.domain.expectation import Reconciles
from simharness.domain.finding import CheckResult


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check: id, title for a line of a report, the statement it holds (rules: sections 6 and 7), and its judge.

    A check without judge needs two records: `compare` makes it. Most checks hold for one entity and are made on the
    books of each; one `of_all` looks at all of them together.
    """

    id: str
    title: str
    statement: str
    judge: Callable[[Judged], CheckResult] | None
    of_all: bool = False


def _settled(check: Callable[[Scope], CheckResult]) -> Callable[[Judged], CheckResult]:
    """A check of the world as the connector last came to rest."""
    return lambda judged: check(judged.settled)


def _final(check: Callable[[Scope], CheckResult]) -> Callable[[Judged], CheckResult]:
    """A check of the world at the end of the run."""
    return lambda judged: check(judged.final)


def _rested(check: Callable[[Scope], CheckResult]) -> Callable[[Judged], CheckResult]:
    """A check of the world at the instant of the last rest: what moves by itself later is not held against anybody."""
    return lambda judged: check(judged.rested)


def _reconciliation(
    name: str, check: Callable[..., CheckResult], *, at_once: bool = False
) -> Callable[[Judged], CheckResult]:
    """A reconciliation at the last rest; both sides may be empty only where a step of the story declares it.

    `at_once`: at the very instant of the rest, where a side moves by itself as time goes on.
    """

    def judge(judged: Judged) -> CheckResult:
        declared = any(
            isinstance(expectation, Reconciles) and expectation.nothing_expected and name in expectation.names
            for expectation in judged.record.expectations
        )
        return check(judged.rested if at_once else judged.settled, nothing_expected=declared)

    return judge


def _check(check_id: str, title: str, statement: str, judge: Callable[[Judged], CheckResult] | None) -> Check:
    return Check(id=check_id, title=title, statement=statement, judge=judge, of_all=check_id in _OF_ALL)


#: What is seen of the whole connector, or between entities.
_OF_ALL = frozenset({"V3", "V19", "C1", "C2", "C3", "C6", "C7", "C8", "C9", "C10", "C11", "F2", "F3"})

CHECKS: tuple[Check, ...] = (
    _check("V1", "Entries balance",
           "Every entry balances in base per entity; per currency only where all its lines share one currency.",
           _final(entries_balance)),
    _check("V2", "One event, one effect",
           "One source event has at most one ledger effect, whatever the number of deliveries.",
           _settled(one_effect_per_event)),
    _check("V3", "Replay changes nothing", "Replaying the same feed leaves ledger and metrics identical.", None),
    _check("V4", "Any order, one state", "Any permitted order of delivery gives the same final state.", None),
    _check("V5", "Deal lines billed to date",
           "Per deal line, invoiced net less credits caused by a deal change = what the line calls for.",
           _settled(billed_to_date)),
    _check("V6", "Totals follow policy",
           "Invoice totals follow the declared rounding and tax policy to the cent.", _settled(totals_follow_policy)),
    _check("V7", "Tax is explained",
           "Tax = sum of its groups; exempt has zero tax and a reason; the tax liability rolls forward.",
           _settled(tax_is_explained)),
    _check("V8", "Open balances and applications",
           "Open = total less applications; applications stay within invoice and payment and go where they belong.",
           _settled(settled_as_paid)),
    _check("V9", "Subledger equals control account",
           "Open items of the customers equal the receivable account; what payroll owes rolls forward to remittance.",
           subledger_is_control),
    _check("V10", "Clearing equals the gateway",
           "Gateway clearing = the gateway's balance at every rest; every kind of balance line is in the sum.",
           clearing_is_balance),
    _check("V11", "Only listed items in transit",
           "Each paid payout is one bank line; transit and undeposited accounts hold only the listed items.",
           _rested(only_listed_in_transit)),
    _check("V12", "Closed stays closed",
           "A closed period takes approved adjustments only, its balances stay, BI shows them, nothing is lost.",
           closed_stays_closed),
    _check("V13", "Declared days",
           "Each document type bears its declared day; instants convert in the entity's zone, dates never.",
           _settled(days_are_declared)),
    _check("V14", "Register equals journal",
           "Payroll register = payroll journals per run, component, cost centre and side, one journal a run.",
           _settled(register_is_journal)),
    _check("V15", "Cheques are right",
           "The net-pay equation holds, cheques are what the terms call for, the year to date is the pay that stands.",
           _final(cheques_are_right)),
    _check("V16", "Taken back exactly",
           "Voids and reversals are exact negatives; what credits copies accounts, dimensions, tax and declared rate.",
           _settled(taken_back_exactly)),
    _check("V17", "Settled abroad, settled at home",
           "Foreign receivables of zero are zero in base after gain or loss; money is valued, and that taken back.",
           _final(settled_abroad_is_settled_at_home)),
    _check("V18", "Exact amounts", "Amounts carry the exponent of their currency.", _final(amounts_are_exact)),
    _check("V19", "Entities agree",
           "Due from = due to between entities; nothing lands in a foreign entity.", entities_agree),
    _check("V20", "Nothing is lost",
           "Count and control total of source records = target records + listed rejects.", _rested(nothing_is_lost)),
    _check("V21", "Dimensions survive",
           "Cost centre and location survive; the sum over a dimension = the total.", _settled(dimensions_survive)),
    _check("V22", "Deferred revenue rolls forward",
           "Deferred revenue: opening + billed - recognised - credited = closing, recognised by its own arithmetic.",
           _settled(deferred_rolls_forward)),
    _check("V23", "Metrics are right",
           "A BI metric = an independent recomputation; the sum over a dimension = the total.", metrics_are_right),
    _check("V24", "As-at figures are blind to the future",
           "A metric as at a date uses only facts dated on or before it.", as_at_is_blind),
    _check("V25", "Document numbers", "Document numbers are unique, without unexplained gaps.",
           _final(numbers_are_unique)),
    _check("V26", "Foreign fields survive", "An update preserves fields the connector does not own.",
           _final(foreign_fields_survive)),
    _check("V27", "One customer, one record",
           "One CRM company is one ledger customer a currency through renames, merges, retries; products alike.",
           _settled(one_record_per_customer)),
    _check("V28", "Deposits roll forward",
           "Customer deposits: asked less taken off a final invoice less given back = what the liability holds.",
           deposits_roll_forward),
    _check("V29", "Period-end entries",
           "Accruals by workdays, reversed exactly, prepaid parts by days or months: as told or earned and asked for.",
           _settled(period_end_entries)),
    _check("C1", "One key per intent",
           "One idempotency key per intent, constant over attempts, restarts and replays.", _final(one_key_per_intent)),
    _check("C2", "Retries are decent",
           "Retries are bounded, back off, honour Retry-After; a refusal is repeated only where a repetition can help.",
           _final(retries_are_decent)),
    _check("C3", "Uncertain outcomes are settled",
           "An uncertain outcome is looked up or repeated with its key, never made anew.",
           _final(uncertain_is_settled)),
    _check("C4", "One alert a failure",
           "Each failed posting raises one alert that names item and amount, cleared on recovery.",
           _final(alerts_are_exact)),
    _check("C5", "Log equals ledger", "One success log row per ledger entry, and the reverse.",
           _final(log_equals_ledger)),
    _check("C6", "Only owned fields", "Only fields that the target system does not own are written into it.",
           _final(only_owned_fields)),
    _check("C7", "Keys open what they should",
           "Only scopes it needs are used; writes into the ledger with other keys are refused.",
           keys_open_what_they_should),
    _check("C8", "Personal data stay where they belong",
           "No personal data reach a ledger, another system, BI, evidence, or the connector's files unencrypted.",
           nobody_is_shown),
    _check("C9", "No call leaves the world", "Every host the connector calls belongs to the story.",
           _final(no_call_leaves)),
    _check("C10", "Calls within the budget",
           "API calls per business event stay within the declared budget.", _final(calls_keep_to_the_budget)),
    _check("C11", "Requests conform", "Requests conform to the contract, no deprecated or unmodelled use.",
           _final(requests_conform)),
    _check("F1", "Ends as without faults",
           "After faults that pass the business ends as without them; what cannot is rejected, listed and alerted.",
           None),
    _check("F2", "Faults strike",
           "Whatever the story or a plan lets go wrong strikes; where it does not, nothing was exercised.",
           faults_strike),
    _check("F3", "Forged news is refused",
           "A webhook whose body was changed after it was signed is taken by nobody.", _final(forged_news_is_refused)),
    _check("R1", "CRM to invoices",
           "What the deals call for equals the documents that name them, and the CRM shows what is open.",
           _reconciliation("crm_to_invoices", crm_to_invoices)),
    _check("R2", "Invoices to ledger",
           "Every document is posted once, on its day, on the accounts that the dictionary names.",
           _reconciliation("invoices_to_ledger", invoices_to_ledger)),
    _check("R3", "Gateway to ledger",
           "Every charge, fee, refund, dispute and payout is one posting on clearing, to the cent, on its day.",
           _reconciliation("gateway_to_ledger", gateway_to_ledger, at_once=True)),
    _check("R4", "Payouts to bank",
           "Every posted bank line is one movement of the bank account, payouts by reference and never by amount.",
           _reconciliation("payouts_to_bank", payouts_to_bank, at_once=True)),
    _check("R5", "Payroll to journals",
           "Every processed payroll is one journal, on its day, its accounts and its cost centres, to the cent.",
           _reconciliation("payroll_to_journals", payroll_to_journals)),
    _check("R6", "Payroll to bank",
           "Provider debits, pay cheques and remittances are their bank lines, by reference and never by amount.",
           _reconciliation("payroll_to_bank", payroll_to_bank, at_once=True)),
    _check("R7", "Tax to liability",
           "The tax of documents by code and month is what the liability moved by.",
           _reconciliation("tax_to_liability", tax_to_liability)),
    _check("R8", "Ledger to BI", "BI shows what the ledger held when it was published.",
           _reconciliation("ledger_to_bi", ledger_to_bi)),
)  # fmt: skip


def check_by_id(check_id: str) -> Check | None:
    """The check with an id, or None."""
    return next((check for check in CHECKS if check.id == check_id), None)
