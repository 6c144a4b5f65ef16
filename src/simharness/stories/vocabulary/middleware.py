"""The connector's own time: finishing its work, restarting, refusing."""

from __future__ import annotations

from simharness.domain.expectation import IsRejected
from simharness.domain.fact import ConnectorRestarted
from simharness.stories.stage import Stage
from simharness.stories.vocabulary import terms as t
from simharness.stories.vocabulary.verb import Action, Claim, Sentence, Verb


class RejectedClaim(Claim, frozen=True, kw_only=True):
    """The connector refused a deal at its edge; `because` must occur in what it says about that."""

    rejected: t.DealName
    because: str = ""


def _finishes(stage: Stage, _: Action) -> None:
    stage.connector_finishes()


def _restarts(stage: Stage, _: Action) -> None:
    stage.connector.restart()
    stage.record(ConnectorRestarted(**stage.mark))


def _rejected(stage: Stage, p: RejectedClaim) -> None:
    stage.expect(IsRejected(**stage.claim, subject=p.rejected, because=p.because))


VERBS = (
    Verb(
        name="middleware.connector_finishes",
        phases=("given", "when"),
        heads=("connector_finishes",),
        params=Action,
        sentences=(Sentence(pattern="the connector finishes its work"),),
        fact="ConnectorFinished",
        does=_finishes,
    ),
    Verb(
        name="middleware.connector_restarts",
        phases=("when",),
        heads=("connector_restarts",),
        params=Action,
        sentences=(Sentence(pattern="the connector restarts"),),
        fact="ConnectorRestarted",
        does=_restarts,
    ),
    Verb(
        name="middleware.rejected",
        phases=("then",),
        heads=("rejected",),
        params=RejectedClaim,
        sentences=(Sentence(pattern="the deal {string} is rejected because {string}", binds=("rejected", "because")),),
        fact="IsRejected",
        does=_rejected,
    ),
)
