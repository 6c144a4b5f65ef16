"""V7: tax is the sum of its groups, exempt has zero tax and a reason, the liability rolls forward."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from simharness.checks.findings import Reporter, amount, document_object, source_object
from simharness.checks.oracle.model import ExpectedDocument
from simharness.checks.reconciliations.invoices_to_ledger import SIGNS
from simharness.checks.references import LinkedDocument
from simharness.checks.scope import Scope
from simharness.core.money import Money
from simharness.domain.books import Document, Party
from simharness.domain.finding import CheckResult
from simharness.domain.policy import TaxPolicy

_ZERO = Decimal(0)


def tax_is_explained(scope: Scope) -> CheckResult:
    """V7 over every document of the ledger, and over the liability accounts as a whole."""
    report = Reporter("V7", scope.record.header)
    vendor = scope.vendors.get("accounting", "")
    parties = {party.id: party for party in scope.ledger.parties} if scope.ledger else {}
    for document in scope.ledger.documents if scope.ledger else ():
        report.examined += 1
        _sums(report, vendor, document)
    for expected, linked in scope.pairing.pairs:
        _codes(scope, report, expected, linked)
        if expected.exempt_reasons:
            _reason(scope, report, expected, linked, parties.get(linked.document.party))
    if report.examined:
        _liability(scope, report)
    return report.result("no document is there to tax")


def _sums(report: Reporter, vendor: str, document: Document) -> None:
    groups = sum((group.tax.amount for group in document.taxes), _ZERO)
    if groups != document.tax.amount:
        report.found(
            f"{document.kind}:{document.id}:groups",
            f"the tax of {document.kind} {document.number or document.id} is not the sum of its groups",
            expected=f"groups {amount(groups, document.currency)}",
            actual=f"tax {document.tax}",
            objects=[document_object(vendor, document)],
            at_risk=Money(document.tax.amount - groups, document.currency),
        )


def _codes(scope: Scope, report: Reporter, expected: ExpectedDocument, linked: LinkedDocument) -> None:
    """The codes, what each charges, and on what. The rate shown is not judged: a credit keeps its original's tax while
    a ledger may print the rate of the day, and a wrong rate shows in the tax. Where the rates are the expected ones,
    each authority has its own share to the cent.
    """
    document = linked.document
    should = {group.code: (group.base, group.tax) for group in expected.groups if group.percent}
    found: dict[str, tuple[Decimal, Decimal]] = {}
    for group in document.taxes:
        if group.percent:
            _, tax = found.get(group.code, (_ZERO, _ZERO))
            found[group.code] = (group.base.amount, tax + group.tax.amount)
    # With another net the bases differ as well, and with another tax the groups: V6 tells that, once. A discount line
    # of the ledger covers the whole document, and the ledger spreads its base by its own rule; a discount on lines of
    # its own has a base like any line.
    spread = any(line.kind == "discount" for line in document.lines)
    bases_matter = document.net.amount == expected.net and not spread
    taxes_matter = document.tax.amount == expected.tax
    wrong = [
        code
        for code in dict.fromkeys([*should, *found])
        if code not in should
        or code not in found
        or (bases_matter and should[code][0] != found[code][0])
        or (taxes_matter and should[code][1] != found[code][1])
        or (taxes_matter and _shared_otherwise(scope, expected, document, code))
    ]
    if not wrong:
        return
    report.found(
        f"{expected.deal_id}:{expected.kind}:{linked.version}:codes",
        f"the {expected} ({document.number or document.id}) is taxed under other codes or on other bases",
        expected=_told(should, expected.currency),
        actual=_told(found, document.currency),
        objects=_objects(scope, expected, document),
        at_risk=Money(max(abs(document.tax.amount - expected.tax), _risk(document, wrong)), document.currency),
        origin=expected.origin,
    )


def _shared_otherwise(scope: Scope, expected: ExpectedDocument, document: Document, code: str) -> bool:
    """Whether the authorities of a code, each rounded by itself, have other shares of its tax at the same rates."""
    if scope.book.tax_policy.tax is not TaxPolicy.PER_COMPONENT:
        return False  # how the ledger splits the tax of a whole group is its own affair
    should: defaultdict[Decimal, Decimal] = defaultdict(Decimal)
    for share in (share for group in expected.groups if group.code == code for share in group.shares):
        should[share.percent] += share.tax
    found: defaultdict[Decimal, Decimal] = defaultdict(Decimal)
    for group in document.taxes:
        if group.code == code:
            found[group.percent] += group.tax.amount
    return should.keys() == found.keys() and should != found


def _risk(document: Document, codes: list[str]) -> Decimal:
    return abs(sum((group.tax.amount for group in document.taxes if group.code in codes), _ZERO))


def _told(groups: dict[str, tuple[Decimal, Decimal]], currency: str) -> str:
    parts = [f"{code} {amount(tax, currency)} on {amount(base, currency)}" for code, (base, tax) in groups.items()]
    return ", ".join(parts) or "no tax"


def _reason(
    scope: Scope, report: Reporter, expected: ExpectedDocument, linked: LinkedDocument, party: Party | None
) -> None:
    document = linked.document
    if expected.exempt_by and document.tax.amount:
        report.found(
            f"{expected.deal_id}:{expected.kind}:{linked.version}:exempt",
            f"the {expected} is exempt under certificate {expected.exempt_by} and carries tax",
            expected=f"no tax: {expected.exempt_reasons[0]}",
            actual=f"tax {document.tax}",
            objects=_objects(scope, expected, document),
            at_risk=document.tax,
            origin=expected.origin,
        )
    said = scope.references.read("exemption", document)
    if expected.exempt_by:
        given = said is not None and (said.certificate == expected.exempt_by or said.reason in expected.exempt_reasons)
        given = given or (party is not None and party.exemption_number == expected.exempt_by)
    else:
        given = said is not None and bool(said.reason)
    texts = f"{document.memo}\n{document.note}".casefold()
    if given or any(reason and reason.casefold() in texts for reason in expected.exempt_reasons):
        return
    report.found(
        f"{expected.deal_id}:{expected.kind}:{linked.version}:reason",
        f"the {expected} is exempt from tax and does not say why",
        expected=f"reason {', '.join(expected.exempt_reasons)}"
        + (f" (certificate {expected.exempt_by})" if expected.exempt_by else ""),
        actual=f"memo {document.memo!r}",
        objects=_objects(scope, expected, document),
        at_risk=document.net,
        origin=expected.origin,
    )


def _liability(scope: Scope, report: Reporter) -> None:
    """What documents charge = what they post on the liability, so that opening + charged − settled = closing."""
    ledger = scope.ledger
    if ledger is None:
        return
    numbers = {code.account for code in scope.dictionary.tax_codes} | {scope.book.account_with("tax_payable")}
    accounts = {account.id for account in ledger.accounts if scope.number_of(account.id) in numbers - {""}}
    if not accounts:
        return
    charged = sum(
        (SIGNS[document.kind] * document.tax.amount for document in ledger.documents if document.kind in SIGNS),
        _ZERO,
    )
    moved: defaultdict[bool, Decimal] = defaultdict(Decimal)
    for entry in ledger.entries:
        by_document = entry.source in SIGNS
        for line in entry.lines:
            if line.account in accounts:
                moved[by_document] -= (line.amount if line.foreign is None else line.foreign).amount
    if moved[True] == charged:
        return
    currency, settled = ledger.currency, -moved[False]
    report.found(
        "liability",
        "the tax liability does not roll forward: what the documents charge is not what they post on it",
        expected=f"charged {amount(charged, currency)}, settled {amount(settled, currency)}, "
        f"closing {amount(charged - settled, currency)}",
        actual=f"closing {amount(moved[True] + moved[False], currency)}",
        objects=[f"{ledger.vendor}:account:{key} ({scope.account_label(key)})" for key in sorted(accounts)],
        at_risk=Money(moved[True] - charged, currency),
    )


def _objects(scope: Scope, expected: ExpectedDocument, document: Document) -> list[str]:
    return [
        source_object(scope.vendors.get("crm", ""), "deal", expected.deal_id, expected.deal),
        document_object(scope.vendors.get("accounting", ""), document),
    ]
