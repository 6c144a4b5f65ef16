"""What BI must show."""

from __future__ import annotations

import msgspec

from simharness.domain.expectation import MetricEqualsLedger, MetricIs
from simharness.stories.stage import Stage
from simharness.stories.vocabulary import terms as t
from simharness.stories.vocabulary.verb import Claim, Sentence, Verb
from simharness.stories.words import Figure


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
            by=p.by,
            key=p.key,
            consolidated=p.consolidated,
        )
    )


def _equals(stage: Stage, p: EqualsClaim) -> None:
    stage.expect(MetricEqualsLedger(**stage.claim, metric=p.metric_equals_ledger, period=p.period))


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
        sentences=(Sentence(pattern="metric {string} for {period} is {money}", binds=("metric", "period", "value")),),
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
)
