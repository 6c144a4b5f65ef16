"""What the controller does with a period: its end, its closing, its lock and its reopening, and what people adjust."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec

from simharness.core.money import Money
from simharness.domain.acts import ClosePeriod
from simharness.domain.close_facts import (
    AdjustmentLine,
    AdjustmentTold,
    PeriodClosed,
    PeriodEndRun,
    PeriodLocked,
    PeriodReopened,
)
from simharness.domain.dictionary import Dictionary
from simharness.stories.stage import Stage
from simharness.stories.vocabulary import terms as t
from simharness.stories.vocabulary.ledger import Posting, wrong_lines
from simharness.stories.vocabulary.verb import Action, Sentence, Verb

#: Under whose name the ledger's closing date is moved.
CONTROLLER = "controller"


class EndPeriod(Action, frozen=True, kw_only=True):
    """The entries of a period's end are asked for; the connector posts them with its next work."""

    period_end: t.Month
    entity: t.EntityName | None = None


class ClosePeriodSoftly(Action, frozen=True, kw_only=True):
    """A period, with all before it, takes approved adjustments only from now on. QuickBooks has no such state, so the
    connector is told.
    """

    period_closed: t.Month
    by: str = "the controller"
    entity: t.EntityName | None = None


class LockPeriod(Action, frozen=True, kw_only=True):
    """A period, with all before it, takes nothing from now on: the connector is told, and the controller sets the
    ledger's closing date.
    """

    period_locked: t.Month
    by: str = "the controller"
    entity: t.EntityName | None = None


class ReopenPeriod(Action, frozen=True, kw_only=True):
    """A period, with all after it, is open again, for a reason; a closing date of the ledger is moved back."""

    period_reopened: t.Month
    because: str
    by: str = "the controller"
    entity: t.EntityName | None = None


class PeriodIsOpen(Action, frozen=True, kw_only=True):
    """A period is open when the story begins: what a background closed of it is opened again."""

    period_open: t.Month
    entity: t.EntityName | None = None


class Adjust(Action, frozen=True, kw_only=True):
    """Somebody tells the connector an adjustment under a name. Without `approved_by` nobody approved it."""

    adjustment: str
    dated: date
    because: str = ""
    prepared_by: str
    approved_by: str = ""
    lines: tuple[Posting, ...]
    entity: t.EntityName | None = None


class PostAdjustment(Action, frozen=True, kw_only=True):
    """Somebody tells the connector an adjustment in short words: of this day unless `dated` says otherwise.

    It need not have a name. Without `approved_by` nobody approved it.
    """

    adjustment_by: str
    because: str
    lines: tuple[Posting, ...]
    name: str = msgspec.field(name="as", default="")
    dated: date | None = None
    approved_by: str = ""
    entity: t.EntityName | None = None


def _end(stage: Stage, p: EndPeriod) -> None:
    if _told(stage, "period_end", {"period": p.period_end}, p.entity):
        stage.record(PeriodEndRun(**stage.mark, period=p.period_end, entity=p.entity or ""))


def _close(stage: Stage, p: ClosePeriodSoftly) -> None:
    if _told(stage, "close", {"period": p.period_closed, "operator": p.by}, p.entity):
        stage.record(PeriodClosed(**stage.mark, period=p.period_closed, by=p.by, entity=p.entity or ""))


def _lock(stage: Stage, p: LockPeriod) -> None:
    if not _told(stage, "lock", {"period": p.period_locked, "operator": p.by}, p.entity):
        return
    until = _first_after(p.period_locked) - timedelta(days=1)
    stage.operate("accounting", ClosePeriod(until=until, entity=p.entity or ""), CONTROLLER)
    stage.record(PeriodLocked(**stage.mark, period=p.period_locked, by=p.by, entity=p.entity or ""))


def _reopen(stage: Stage, p: ReopenPeriod) -> None:
    entity = p.entity or ""
    first = date.fromisoformat(f"{p.period_reopened}-01")
    ledger = stage.world.snapshot().ledger(entity or stage.entity)
    if ledger is not None and ledger.closed_until is not None and ledger.closed_until >= first:
        stage.operate("accounting", ClosePeriod(until=first - timedelta(days=1), entity=entity), CONTROLLER)
    said = {"period": p.period_reopened, "operator": p.by, "because": p.because}
    if _told(stage, "reopen", said, p.entity):
        stage.record(PeriodReopened(**stage.mark, period=p.period_reopened, by=p.by, because=p.because, entity=entity))


def _be_open(stage: Stage, p: PeriodIsOpen) -> None:
    ledger = stage.world.snapshot().ledger(p.entity or stage.entity)
    until = ledger.closed_until if ledger is not None else None
    shut = until is not None and until >= date.fromisoformat(f"{p.period_open}-01")
    if shut or p.period_open <= _closed_by_people(stage, p.entity or ""):
        because = "it is open when the story begins"
        _reopen(stage, ReopenPeriod(period_reopened=p.period_open, because=because, entity=p.entity))


def _closed_by_people(stage: Stage, entity: str) -> str:
    """The last period that somebody closed or locked and nobody opened again; "" is none."""
    last = ""
    for fact in stage.facts:
        if isinstance(fact, PeriodClosed | PeriodLocked) and fact.entity == entity:
            last = max(last, fact.period)
        elif isinstance(fact, PeriodReopened) and fact.entity == entity and fact.period <= last:
            last = f"{_last_before(fact.period):%Y-%m}"
    return last


def _last_before(period: str) -> date:
    """The last day of the month before a period."""
    return date.fromisoformat(f"{period}-01") - timedelta(days=1)


def _adjust(stage: Stage, p: Adjust) -> None:
    lines = tuple(_line(stage.books_of(p.entity or ""), each) for each in p.lines)
    said = {
        "id": p.adjustment,
        "dated": p.dated.isoformat(),
        "reason": p.because,
        "preparer": p.prepared_by,
        "approver": p.approved_by,
        "lines": ";".join(map(_argument, lines)),
        "operator": p.prepared_by,
    }
    if _told(stage, "adjust", said, p.entity):
        stage.record(
            AdjustmentTold(
                **stage.mark,
                adjustment=p.adjustment,
                dated=p.dated,
                reason=p.because,
                preparer=p.prepared_by,
                approver=p.approved_by,
                lines=lines,
                entity=p.entity or "",
            )
        )


def _post_adjustment(stage: Stage, p: PostAdjustment) -> None:
    _adjust(
        stage,
        Adjust(
            adjustment=p.name or f"ADJ-{stage.mark['step']}",
            dated=p.dated or stage.today,
            because=p.because,
            prepared_by=p.adjustment_by,
            approved_by=p.approved_by,
            lines=p.lines,
            entity=p.entity,
        ),
    )


def _told(stage: Stage, act: str, said: dict[str, str], entity: str | None) -> bool:
    """Whether an operator could tell the connector so; it is recorded where the connector offers no such act."""
    if stage.is_group:
        said = {**said, "entity": entity or stage.entity}
    if stage.instruct(act, said):
        return True
    stage.impossible(f"the connector offers no act {act!r}, by which this is told")
    return False


def _line(books: Dictionary, posting: Posting) -> AdjustmentLine:
    """A side as the connector is told it: the account by its number, as far as these books have it."""
    amount = posting.debit if posting.debit is not None else -(posting.credit or Money.zero(books.currency))
    said = posting.account
    known = (each.number for each in books.accounts if said in (f"{each.number} {each.name}", each.number, each.name))
    return AdjustmentLine(account=next(known, said), amount=amount, cost_centre=posting.cost_centre or "")


def _argument(line: AdjustmentLine) -> str:
    centre = f"@{line.cost_centre}" if line.cost_centre else ""
    return f"{line.account}{centre}={line.amount.amount}"


def _first_after(period: str) -> date:
    year, month = int(period[:4]), int(period[5:])
    return date(year + month // 12, month % 12 + 1, 1)


def _wrong_adjustment(p: Adjust) -> str | None:
    if not p.adjustment or set(p.adjustment) & {" ", ":"}:
        return f"{p.adjustment!r} is no name of an adjustment: write it without blanks and colons, as A-1"
    return wrong_lines(p.lines) if p.lines else "an adjustment has lines: account, debit or credit"


def _wrong_posted(p: PostAdjustment) -> str | None:
    if p.name and set(p.name) & {" ", ":"}:
        return f"{p.name!r} is no name of an adjustment: write it without blanks and colons, as A-1"
    return wrong_lines(p.lines) if p.lines else "an adjustment has lines: account, debit or credit"


VERBS = (
    Verb(
        name="periods.is_open",
        phases=("given",),
        heads=("period_open",),
        params=PeriodIsOpen,
        sentences=(Sentence(pattern="the period {period} is open", binds=("period_open",)),),
        fact="PeriodReopened",
        does=_be_open,
    ),
    Verb(
        name="close.period_end",
        phases=("when",),
        heads=("period_end",),
        params=EndPeriod,
        sentences=(Sentence(pattern="the entries of the end of {period} are asked for", binds=("period_end",)),),
        fact="PeriodEndRun",
        does=_end,
        asks_system=False,
    ),
    Verb(
        name="close.period_closed",
        phases=("given", "when"),
        heads=("period_closed",),
        params=ClosePeriodSoftly,
        sentences=(
            Sentence(pattern="the period {period} is closed", binds=("period_closed",)),
            Sentence(pattern="{string} closes the period {period}", binds=("by", "period_closed")),
        ),
        fact="PeriodClosed",
        does=_close,
        asks_system=False,
    ),
    Verb(
        name="close.period_locked",
        phases=("given", "when"),
        heads=("period_locked",),
        params=LockPeriod,
        sentences=(
            Sentence(pattern="the period {period} is locked", binds=("period_locked",)),
            Sentence(pattern="{string} locks the period {period}", binds=("by", "period_locked")),
        ),
        fact="PeriodLocked",
        does=_lock,
    ),
    Verb(
        name="close.period_reopened",
        phases=("when",),
        heads=("period_reopened",),
        params=ReopenPeriod,
        sentences=(
            Sentence(
                pattern="{string} reopens the period {period} because {string}",
                binds=("by", "period_reopened", "because"),
            ),
        ),
        fact="PeriodReopened",
        does=_reopen,
    ),
    Verb(
        name="close.adjustment",
        phases=("when",),
        heads=("adjustment",),
        params=Adjust,
        sentences=(
            Sentence(
                pattern="{string} posts the adjustment {string} dated {date} because {string}:",
                binds=("prepared_by", "adjustment", "dated", "because"),
                table="lines",
            ),
            Sentence(
                pattern="{string} posts the adjustment {string} dated {date} because {string}, approved by {string}:",
                binds=("prepared_by", "adjustment", "dated", "because", "approved_by"),
                table="lines",
            ),
        ),
        fact="AdjustmentTold",
        does=_adjust,
        wrong=_wrong_adjustment,
        asks_system=False,
    ),
    Verb(
        name="close.adjustment_posted",
        phases=("when",),
        heads=("adjustment_by",),
        params=PostAdjustment,
        sentences=(
            Sentence(
                pattern="{string} posts an adjustment because {string}:",
                binds=("adjustment_by", "because"),
                table="lines",
            ),
        ),
        fact="AdjustmentTold",
        does=_post_adjustment,
        wrong=_wrong_posted,
        asks_system=False,
    ),
)
