"""Which systems must agree."""

from __future__ import annotations

from simharness.domain.expectation import Reconciles
from simharness.stories.stage import Stage
from simharness.stories.vocabulary import terms as t
from simharness.stories.vocabulary.verb import Claim, Sentence, Verb


class ReconcilesClaim(Claim, frozen=True, kw_only=True):
    """These reconciliations show no breaks; two empty sides pass only with `nothing_expected`."""

    reconciles: tuple[t.Reconciliation, ...]
    nothing_expected: bool = False


def _reconciles(stage: Stage, p: ReconcilesClaim) -> None:
    stage.expect(Reconciles(**stage.claim, names=p.reconciles, nothing_expected=p.nothing_expected))


VERBS = (
    Verb(
        name="reconcile.reconciles",
        phases=("then",),
        heads=("reconciles",),
        params=ReconcilesClaim,
        sentences=(Sentence(pattern="{reconciliation} reconciles", binds=("reconciles",)),),
        fact="Reconciles",
        does=_reconciles,
        bi=lambda p: "ledger_to_bi" in p.reconciles,
    ),
)
