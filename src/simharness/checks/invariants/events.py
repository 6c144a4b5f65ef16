"""V2 and V27: one event has one effect, one customer one record."""

from __future__ import annotations

import re
from collections.abc import Collection, Set

from simharness.checks.effects import Effect, entry_object, movement
from simharness.checks.findings import (
    Reporter,
    document_object,
    not_applicable,
    party_object,
    payment_object,
    source_object,
)
from simharness.checks.invariants.products import products_are_their_own
from simharness.checks.merging import Survivors
from simharness.checks.oracle.model import Origin
from simharness.checks.scope import Scope
from simharness.core.money import Money
from simharness.domain.books import Party
from simharness.domain.fact import CustomerChanged, CustomerEntered, PaymentDisputed, PaymentRefunded
from simharness.domain.finding import CheckResult

#: A ledger may cut a long name; what is compared is this much of it.
_NAME_LENGTH = 60


def one_effect_per_event(scope: Scope) -> CheckResult:
    """V2: no deal version has two documents of a kind, no charge two payments, no other source two postings."""
    if not any(scope.references.declares(noun) for noun in ("invoice", "payment", "payroll")):
        return not_applicable("V2", "the connector declares no reference rule for invoices, payments or payrolls")
    report = Reporter("V2", scope.record.header)
    crm, ledger, gateway = (scope.vendors.get(family, "") for family in ("crm", "accounting", "payments"))
    pairing = scope.pairing
    report.examined = len(pairing.pairs) + len(pairing.unexpected) + len(scope.links.payments_of)
    for first, further in pairing.duplicates:
        deal_id, version = first.reference.id, first.version or further.version
        report.found(
            f"{deal_id}:{first.document.kind}:{version}:{further.document.id}",
            f"version {version} of deal {deal_id} has a second {first.document.kind.replace('_', ' ')}",
            expected=f"one, {first.document.number or first.document.id} of {first.document.total}",
            actual=f"a further one, {further.document.number or further.document.id} of {further.document.total}",
            objects=[
                source_object(crm, "deal", deal_id),
                document_object(ledger, first.document),
                document_object(ledger, further.document),
            ],
            at_risk=further.document.total,
        )
    for charge_id, payments in scope.links.payments_of.items():
        if len(payments) > 1:
            extra = sum((payment.amount.amount for payment in payments[1:]), payments[0].amount.amount * 0)
            report.found(
                f"{charge_id}:payment",
                f"charge {charge_id} is in the ledger {len(payments)} times",
                expected=f"one payment of {payments[0].amount}",
                actual=f"{len(payments)} payments",
                objects=[
                    source_object(gateway, "charge", charge_id),
                    *(payment_object(ledger, payment) for payment in payments),
                ],
                at_risk=Money(extra, payments[0].amount.currency),
            )
    _postings(scope, report)
    return report.result("no document or payment names its source")


def _postings(scope: Scope, report: Reporter) -> None:
    """No refund, dispute, payout, fee, bank line, credit or write-off moves its account twice in the same way.

    A way back (a dispute that is won, a payout that failed) is another state of the source or the opposite amount.
    """
    accounts = {
        noun: scope.accounts_with("gateway_clearing") for noun in ("payment", "fee", "refund", "dispute", "payout")
    }
    accounts |= {"bank_line": frozenset(key for key, account in scope.accounts.items() if account.kind == "bank")}
    receivable = frozenset(key for key, account in scope.accounts.items() if account.kind == "receivable")
    accounts |= {"credit": receivable, "write_off": receivable}
    for (noun, id), effects in scope.effects.of.items():
        if noun == "payment":
            continue
        seen: dict[tuple[str, bool], Effect] = {}
        for effect in effects:
            # What has no account of its own is one journal for one state of its source, whatever that moves.
            own: Collection[str] = accounts[noun] if noun in accounts else _debited(effect)
            value = movement(effect.entry, own, scope.dictionary.currency)
            if value is None or effect.is_recovery:
                continue  # Each payment recovers its own part.
            report.examined += 1
            first = seen.setdefault((effect.state, value.amount > 0), effect)
            if first is not effect:
                vendor = scope.ledger.vendor if scope.ledger else ""
                report.found(
                    f"{noun}:{id}:{effect.state}",
                    f"{noun.replace('_', ' ')} {id} is in the ledger twice",
                    expected=f"one, {entry_object(vendor, first.entry)}",
                    actual=f"a further one, {entry_object(vendor, effect.entry)} of {value}",
                    objects=[entry_object(vendor, first.entry), entry_object(vendor, effect.entry)],
                    at_risk=value,
                )


def _debited(effect: Effect) -> set[str]:
    return {line.account for line in effect.entry.lines if line.amount.amount > 0}


def one_record_per_customer(scope: Scope) -> CheckResult:
    """V27: a CRM company is one ledger customer a currency, bears its present name, and its documents are on it."""
    if not scope.references.declares("customer"):
        return not_applicable("V27", "the connector declares no reference rule for customers")
    report = Reporter("V27", scope.record.header)
    crm, vendor = scope.vendors.get("crm", ""), scope.vendors.get("accounting", "")
    names = _names(scope)
    for company_id, parties in scope.links.parties_of.items():
        report.examined += 1
        active = [party for party in parties if party.active]
        company = source_object(crm, "company", company_id, names.get(company_id, ""))
        home = scope.dictionary.currency
        for currency in dict.fromkeys(party.currency or home for party in active):
            mine = [party for party in active if (party.currency or home) == currency]
            if len(mine) > 1:
                abroad = "" if currency == home else f" in {currency}"
                report.found(
                    f"{company_id}:duplicate{abroad and f':{currency}'}",
                    f"company {names.get(company_id, company_id)!r} has {len(mine)} customers in the ledger{abroad}",
                    expected="one customer",
                    actual=", ".join(f"{party.name!r}" for party in mine),
                    objects=[company, *(party_object(vendor, party) for party in mine)],
                    at_risk=_owed(mine[1:]),
                )
        known = names.get(company_id)
        for party in active:
            if known is not None and not _same_name(known, party.name):
                report.found(
                    f"{company_id}:name{f':{party.currency}' if party.currency not in ('', home) else ''}",
                    f"the ledger's customer of company {company_id} bears another name",
                    expected=known,
                    actual=party.name,
                    objects=[company, party_object(vendor, party)],
                    at_risk=_owed([party]),
                )
    _documents_on_their_customer(scope, report, names)
    products_are_their_own(scope, report)
    return report.result("no customer of the ledger names a company")


def _documents_on_their_customer(scope: Scope, report: Reporter, names: dict[str, str]) -> None:
    crm, vendor = scope.vendors.get("crm", ""), scope.vendors.get("accounting", "")
    owner = {party.id: company for company, parties in scope.links.parties_of.items() for party in parties}
    family = _Family(scope, owner)
    for expected, linked in scope.pairing.pairs:
        report.examined += 1
        found = owner.get(linked.document.party, "")
        if not family.owns(found, expected.company_id, linked.document.currency):
            report.found(
                f"{expected.deal_id}:{linked.document.kind}:{linked.version}:party",
                f"the {expected} is on another customer",
                expected=expected.customer,
                actual=names.get(found, found) or f"customer {linked.document.party} without company",
                objects=[
                    source_object(crm, "company", expected.company_id, expected.customer),
                    document_object(vendor, linked.document),
                ],
                at_risk=linked.document.total,
                origin=expected.origin,
            )
    for payment in scope.expected.payments:
        for actual in scope.links.payments_of.get(payment.charge_id, ())[:1]:
            found = owner.get(actual.party, "")
            if not family.owns(
                found, payment.company_id, actual.amount.currency, any_of_it=bool(payment.invoice_number)
            ):
                report.found(
                    f"{payment.charge_id}:party",
                    f"payment {payment.payment!r} is on another customer",
                    expected=payment.customer,
                    actual=names.get(found, found) or f"customer {actual.party} without company",
                    objects=[payment_object(vendor, actual)],
                    at_risk=actual.amount,
                    origin=payment.origin,
                )
    for fact in scope.facts:
        if isinstance(fact, (PaymentRefunded, PaymentDisputed)) and fact.company_id:
            _given_back_to(scope, report, fact, {key for key in owner if family.is_of(owner[key], fact.company_id)})


def _given_back_to(scope: Scope, report: Reporter, fact: PaymentRefunded | PaymentDisputed, right: Set[str]) -> None:
    """What went back is on the customer whose payment it was: as a receipt of his, or on his account."""
    source = ("refund", fact.refund_id) if isinstance(fact, PaymentRefunded) else ("dispute", fact.dispute_id)
    documents = {(item.kind, item.id): item.party for item in (scope.ledger.documents if scope.ledger else ())}
    receivable = {key for key, account in scope.accounts.items() if account.kind == "receivable"}
    for effect in scope.effects.of.get(source, ()):
        entry = effect.entry
        parties = {line.party for line in entry.lines if line.account in receivable and line.party}
        parties |= {documents.get((entry.source, entry.source_id), "")} - {""}
        report.examined += 1
        if not right or parties <= right:
            continue
        name = {party.id: party.name for party in (scope.ledger.parties if scope.ledger else ())}
        report.found(
            f"{source[0]}:{source[1]}:{effect.state}:party",
            f"{effect} of payment {fact.payment!r} is on another customer",
            expected=fact.customer,
            actual=", ".join(sorted(name.get(each, each) for each in parties - right)),
            objects=[entry_object(scope.ledger.vendor if scope.ledger else "", entry)],
            at_risk=fact.amount,
            origin=Origin(step=fact.step, where=fact.where, on=fact.on),
        )


class _Family:
    """Whose records may be on whose customer once companies were merged.

    What was billed before stays where it is, or goes to the survivor's; what comes after is the survivor's. A survivor
    that the ledger did not know, in a currency, has the customer of a company that was merged into it.
    """

    def __init__(self, scope: Scope, owner: dict[str, str]) -> None:
        facts = (fact for fact in scope.facts if fact.step <= scope.expected.step)
        home = scope.dictionary.currency
        currency_of = {party.id: party.currency or home for each in scope.links.parties_of.values() for party in each}
        self._survivors = Survivors(facts)
        self._known = {(company, currency_of[party]) for party, company in owner.items()}

    def is_of(self, found: str, company_id: str) -> bool:
        """Whether two companies are one by now."""
        return self._survivors.of(found) == self._survivors.of(company_id)

    def owns(self, found: str, company_id: str, currency: str, *, any_of_it: bool = False) -> bool:
        """Whether the customer of `found` may bear what is expected of a company; `any_of_it`: of its whole family."""
        survivor = self._survivors.of(company_id)
        if found in {company_id, survivor}:
            return True
        apart = any_of_it or not {(company_id, currency), (survivor, currency)} & self._known
        return apart and bool(found) and self._survivors.of(found) == survivor


def _names(scope: Scope) -> dict[str, str]:
    """The present name of each company as the connector saw it at its last rest."""
    names: dict[str, str] = {}
    for fact in scope.facts:
        if fact.step > scope.expected.step:
            break
        if isinstance(fact, CustomerEntered):
            names[fact.company_id] = fact.customer
        elif isinstance(fact, CustomerChanged):
            names[fact.company_id] = fact.name
    return names


def _same_name(known: str, found: str) -> bool:
    """Ledgers refuse some characters, cut long names and want names unique: the beginning of the name must survive."""
    return _plain(found).startswith(_plain(known)[:_NAME_LENGTH])


def _plain(name: str) -> str:
    return re.sub(r"[^\w]+", "", name).casefold()


def _owed(parties: list[Party]) -> Money | None:
    balances = [party.balance for party in parties if party.balance is not None]
    if not balances:
        return None
    return Money(sum((balance.amount for balance in balances), balances[0].amount * 0), balances[0].currency)
