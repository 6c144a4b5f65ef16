"""Small explorations made by hand for the tests of work units."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from simharness.domain.fault import parse_plan
from simharness.domain.finding import Finding, Severity, Signature
from simharness.explore.cases import Case, CaseResult, Outcome, Signed
from simharness.explore.units import Exploration, Terms, Unit, exploration

TERMS = Terms(release="1", harness="h", connector="c", contracts="k", faults=("reply_lost", "error_500"))


def unit(number: int, *, area: str = "payments", steps: int = 3, mapping: str = "m") -> Unit:
    return Unit(
        story=f"Story {number}",
        story_key=f"{number:016x}",
        where=f"scenarios/{area}/story_{number}.yaml:1",
        steps=steps,
        mapping=mapping,
    )


def whole(count: int, terms: Terms = TERMS) -> Exploration:
    return exploration(terms, (unit(number) for number in range(count)))


def case(of: Unit, plan: str) -> Case:
    return Case(story_key=of.story_key, story=of.story, where=of.where, plan=parse_plan(plan))


def result(
    of: Unit,
    plan: str,
    outcome: Outcome = Outcome.PASSED,
    found: Iterable[str] = (),
    reason: str = "",
    shared_with: str = "",
) -> CaseResult:
    """A result; each word of `found` is the shape of a finding."""
    cause = plan.partition("#")[0]
    signed = tuple(
        Signed(
            signature=Signature(check="F1", cause=cause, shape=shape),
            finding=Finding(check="F1", severity=Severity.MONEY, key=f"F1:{shape}", message=f"{shape} of {plan}"),
        )
        for shape in found
    )
    return CaseResult(
        case=case(of, plan), outcome=outcome, findings=signed, calls=2, reason=reason, shared_with=shared_with
    )


def results(of: Unit, count: int) -> Sequence[CaseResult]:
    clean = CaseResult(case=case(of, ""), outcome=Outcome.PASSED, calls=5)
    return (clean, *(result(of, f"reply_lost@stripe.pay#{nth}") for nth in range(1, count + 1)))
