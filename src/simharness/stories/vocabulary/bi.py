"""When BI is brought up to date, and what it must show."""

from __future__ import annotations

from typing import Annotated

import msgspec

from simharness.domain.claims import BiIsFresh, BreakdownIs, BreakdownRow, TableUnpublished
from simharness.domain.close_facts import BiRefreshed
from simharness.domain.expectation import MetricEqualsLedger, MetricIs
from simharness.stories.stage import Stage
from simharness.stories.vocabulary import terms as t
from simharness.stories.vocabulary.verb import Action, Claim, Sentence, Verb
from simharness.stories.words import Cell, Figure, seconds_of


class MetricClaim(Claim, frozen=True, kw_only=True):
    """The value of a metric for a month or as at a day; `of` names one group of a breakdown `by` something.

    `consolidated`: of all entities together, in the currency of the value, which is the reporting currency.
    """

    metric: t.Metric
    period: t.Period
    value: Figure = msgspec.field(name="is")
    by: str = ""
    key: str = msgspec.field(name="of", default="")
    consolidated: bool = False


class BreakdownClaim(Claim, frozen=True, kw_only=True):
    """Every group of a metric by something (customer, cost centre, bucket, …) with its value, and no further one."""

    metric_breakdown: t.Metric
    period: t.Period
    by: str
    shows: tuple[tuple[str, Figure | Cell | None], ...] = msgspec.field(name="is")


class Refresh(Action, frozen=True, kw_only=True):
    """BI is brought up to date; a connector that publishes none leaves that to the harness, which reads it anew."""


class UnpublishedClaim(Claim, frozen=True, kw_only=True):
    """A table of BI is as it was when it was last looked at, or not there: what was made since was held back."""

    bi_table_not_published: Annotated[str, t.OneOf(t.BI_TABLES, "table of BI")]


class FreshClaim(Claim, frozen=True, kw_only=True):
    """What the ledger holds and BI does not show yet is at most so old."""

    bi_behind_at_most: t.Duration


class EqualsClaim(Claim, frozen=True, kw_only=True):
    """A metric equals its recomputation from the ledger."""

    metric_equals_ledger: t.Metric
    period: t.Period


def _metric(stage: Stage, p: MetricClaim) -> None:
    stage.expect(
        MetricIs(
            **stage.claim,
            metric=p.metric,
            period=p.period,
            value=p.value.value,
            unit=p.value.unit,
            by=_dimension(p.by),
            key=p.key,
            consolidated=p.consolidated,
        )
    )


def _equals(stage: Stage, p: EqualsClaim) -> None:
    stage.expect(MetricEqualsLedger(**stage.claim, metric=p.metric_equals_ledger, period=p.period))


def _breakdown(stage: Stage, p: BreakdownClaim) -> None:
    rows = tuple(
        BreakdownRow(key=key, value=value.value, unit=value.unit)
        if isinstance(value, Figure)
        else BreakdownRow(key=key)
        for key, value in p.shows
        if value is not None
    )
    stage.expect(
        BreakdownIs(
            **stage.claim,
            metric=p.metric_breakdown,
            period=p.period,
            by=_dimension(p.by),
            rows=rows,
            unchecked=tuple(key for key, value in p.shows if value is None),
        )
    )


def _dimension(word: str) -> str:
    """How metrics call what they are broken down by: `cost centre` is their `cost_centre`."""
    return word.strip().lower().replace(" ", "_")


def _refresh(stage: Stage, _: Refresh) -> None:
    stage.record(BiRefreshed(**stage.mark, by_connector=stage.refresh_bi()))


def _unpublished(stage: Stage, p: UnpublishedClaim) -> None:
    stage.expect(TableUnpublished(**stage.claim, table=p.bi_table_not_published))


def _fresh(stage: Stage, p: FreshClaim) -> None:
    stage.expect(BiIsFresh(**stage.claim, within_s=seconds_of(p.bi_behind_at_most)))


def _wrong_breakdown(p: BreakdownClaim) -> str | None:
    twice = next((key for key, _ in p.shows if [each for each, _ in p.shows].count(key) > 1), None)
    if twice is not None:
        return f"the group {twice!r} is listed twice"
    empty = next((key for key, value in p.shows if value is Cell.EMPTY), None)
    return f"the group {empty!r} has no value: leave it out where it must not be there" if empty is not None else None


def _wrong_metric(p: MetricClaim) -> str | None:
    if p.consolidated and (p.entity or p.value.unit in ("days", "ratio")):
        return "a consolidated metric is a sum of money over all entities: leave the entity out, and give an amount"
    return None if bool(p.by) == bool(p.key) else "a breakdown needs both: by (what) and of (which)"


VERBS = (
    Verb(
        name="bi.metric",
        phases=("then",),
        heads=("metric",),
        params=MetricClaim,
        sentences=(
            Sentence(pattern="metric {string} for {period} is {money}", binds=("metric", "period", "value")),
            Sentence(pattern="metric {string} for {period} is {figure}", binds=("metric", "period", "value")),
        ),
        fact="MetricIs",
        does=_metric,
        wrong=_wrong_metric,
        bi=lambda _: True,
    ),
    Verb(
        name="bi.metric_equals_ledger",
        phases=("then",),
        heads=("metric_equals_ledger",),
        params=EqualsClaim,
        sentences=(
            Sentence(
                pattern="metric {string} for {period} equals the ledger", binds=("metric_equals_ledger", "period")
            ),
        ),
        fact="MetricEqualsLedger",
        does=_equals,
        bi=lambda _: True,
    ),
    Verb(
        name="bi.metric_breakdown",
        phases=("then",),
        heads=("metric_breakdown",),
        params=BreakdownClaim,
        sentences=(
            Sentence(
                pattern="metric {string} for {period} by {string} is:",
                binds=("metric_breakdown", "period", "by"),
                table="shows",
                columns=("{by}", "value"),
            ),
        ),
        fact="BreakdownIs",
        does=_breakdown,
        wrong=_wrong_breakdown,
        bi=lambda _: True,
    ),
    Verb(
        name="bi.refreshed",
        phases=("when",),
        heads=("bi_tables_refresh",),
        params=Refresh,
        sentences=(Sentence(pattern="the BI tables refresh"),),
        fact="BiRefreshed",
        does=_refresh,
        bi=lambda _: True,
        asks_system=False,
    ),
    Verb(
        name="bi.table_not_published",
        phases=("then",),
        heads=("bi_table_not_published",),
        params=UnpublishedClaim,
        sentences=(Sentence(pattern="BI table {string} is not published", binds=("bi_table_not_published",)),),
        fact="TableUnpublished",
        does=_unpublished,
        bi=lambda _: True,
    ),
    Verb(
        name="bi.behind_at_most",
        phases=("then",),
        heads=("bi_behind_at_most",),
        params=FreshClaim,
        sentences=(Sentence(pattern="BI is at most {duration} behind the ledger", binds=("bi_behind_at_most",)),),
        fact="BiIsFresh",
        does=_fresh,
        bi=lambda _: True,
    ),
)
