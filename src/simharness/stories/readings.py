"""What a story asks of BI at a point, and the port that answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from simharness.domain.base import Record
from simharness.domain.bi import BiReading
from simharness.domain.claims import BreakdownIs
from simharness.domain.expectation import Expectation, MetricEqualsLedger, MetricIs


class MetricQuestion(Record, frozen=True, kw_only=True):
    """A metric for a month or as at a day, as one number (`by` empty) or broken down."""

    metric: str
    period: str
    by: str = ""


class BiReader(Protocol):
    """Reads BI as it stands now, from the connector's sink or from tables the harness loads itself."""

    def read(self, step: int, questions: Sequence[MetricQuestion]) -> BiReading:
        """The published tables and the values of the metrics asked for, stamped with the step."""


def questions_in(expectations: Sequence[Expectation]) -> tuple[MetricQuestion, ...]:
    """What these expectations ask, each question once, in their order."""
    asked = (
        MetricQuestion(metric=claim.metric, period=claim.period, by=getattr(claim, "by", ""))
        for claim in expectations
        if isinstance(claim, MetricIs | MetricEqualsLedger | BreakdownIs)
    )
    return tuple(dict.fromkeys(asked))
