"""Explaining: a finding with the record it was found in becomes everything a person needs to understand it.

Pure functions of record and finding. What is wrong was judged by `checks`; nothing is judged here.
"""

from __future__ import annotations

from simharness.checks import check_by_id
from simharness.domain.expectation import InvoiceIs
from simharness.domain.finding import Finding
from simharness.domain.record import RunRecord
from simharness.report.explaining.accounts import balance_difference, t_accounts
from simharness.report.explaining.chain import chains
from simharness.report.explaining.cheques import cheque_tables
from simharness.report.explaining.deeds import calls, deeds
from simharness.report.explaining.documents import document_tables
from simharness.report.explaining.explanation import Explanation, Table, TAccount
from simharness.report.explaining.figures import difference_text, figures_table
from simharness.report.explaining.subject import Pages, Subject


def explanation(record: RunRecord, finding: Finding, *, pages: Pages | None = None) -> Explanation:
    """Why a finding of this record is one. `pages` is the record opened before, where several are explained."""
    pages = pages or Pages(record)
    subject = Subject(pages, finding)
    known = check_by_id(finding.check)
    step = pages.steps.get(finding.step)
    tables: list[Table | TAccount] = [*t_accounts(subject)]
    figures = figures_table(finding)
    documents = tuple(document_tables(subject))
    # A T-account ends in both figures, and an invoice is shown with all that its step states.
    shown = bool(tables) or (isinstance(subject.said, InvoiceIs) and bool(documents))
    if figures is not None and not shown:
        tables.append(figures)
    tables += [*documents, *cheque_tables(subject)]
    return Explanation(
        finding=finding,
        rule=known.statement if known is not None else "",
        place=finding.where or (step.where if step is not None else ""),
        sentence=step.text if step is not None else "",
        about=_about(finding, known is None),
        difference=next(filter(None, map(balance_difference, tables)), "") or difference_text(finding),
        tables=tuple(tables),
        chains=tuple(chains(subject)),
        deeds=deeds(subject),
        calls=calls(subject),
    )


def _about(finding: Finding, is_claim: bool) -> str:
    """How the step stands to the finding."""
    if not finding.step:
        return "no single step, but the story as a whole"
    return "" if is_claim else "that is the step it goes back to"
