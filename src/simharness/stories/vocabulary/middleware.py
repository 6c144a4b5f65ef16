"""The connector's own time: finishing its work, restarting, refusing, and what an operator does about it."""

from __future__ import annotations

from simharness.core.money import Money
from simharness.domain.expectation import AlertIs, ErrorQueueEmpty, ErrorQueueHolds, IsRejected, OpenAlerts
from simharness.domain.fact import ConnectorRestarted, ErrorQueueReplayed
from simharness.stories.stage import Stage
from simharness.stories.vocabulary import terms as t
from simharness.stories.vocabulary.verb import Action, Claim, Sentence, Verb


class RejectedClaim(Claim, frozen=True, kw_only=True):
    """The connector refused a deal at its edge; `because` must occur in what it says about that."""

    rejected: t.DealName
    because: str = ""


class Replay(Action, frozen=True, kw_only=True):
    """An operator lets the connector take up again what waits in its error queue."""

    error_queue_replayed_by: str


class QueueClaim(Claim, frozen=True, kw_only=True):
    """A thing of the story (a deal, a customer, a payment, a bank line) waits in the error queue."""

    in_error_queue: str
    because: str = ""


class AlertClaim(Claim, frozen=True, kw_only=True):
    """Somebody was alerted about a thing of the story, or about something in these words, and of how much money.

    `cleared` says whether the alert was closed on recovery.
    """

    alerted: str
    about: str
    amount: Money | None = None
    cleared: bool | None = None


class OpenAlertsClaim(Claim, frozen=True, kw_only=True):
    """So many alerts are open."""

    open_alerts: int


def _finishes(stage: Stage, _: Action) -> None:
    stage.connector_finishes()


def _restarts(stage: Stage, _: Action) -> None:
    stage.connector.restart()
    stage.record(ConnectorRestarted(**stage.mark))


def _rejected(stage: Stage, p: RejectedClaim) -> None:
    stage.expect(IsRejected(**stage.claim, subject=p.rejected, because=p.because))


def _replay(stage: Stage, p: Replay) -> None:
    if not stage.instruct("replay", {"operator": p.error_queue_replayed_by}):
        stage.impossible("the connector offers no act by which its error queue is replayed")
        return
    stage.record(ErrorQueueReplayed(**stage.mark, operator=p.error_queue_replayed_by))


def _in_queue(stage: Stage, p: QueueClaim) -> None:
    stage.expect(ErrorQueueHolds(**stage.claim, subject=p.in_error_queue, because=p.because))


def _queue_empty(stage: Stage, _: Claim) -> None:
    stage.expect(ErrorQueueEmpty(**stage.claim))


def _alerted(stage: Stage, p: AlertClaim) -> None:
    stage.expect(AlertIs(**stage.claim, about=p.about, owner=p.alerted, amount=p.amount, cleared=p.cleared))


def _open_alerts(stage: Stage, p: OpenAlertsClaim) -> None:
    stage.expect(OpenAlerts(**stage.claim, count=p.open_alerts))


VERBS = (
    Verb(
        name="middleware.connector_finishes",
        phases=("given", "when"),
        heads=("connector_finishes",),
        params=Action,
        sentences=(Sentence(pattern="the connector finishes its work"),),
        fact="ConnectorFinished",
        does=_finishes,
        asks_system=False,
        works=True,
    ),
    Verb(
        name="middleware.connector_restarts",
        phases=("when",),
        heads=("connector_restarts",),
        params=Action,
        sentences=(Sentence(pattern="the connector restarts"),),
        fact="ConnectorRestarted",
        does=_restarts,
        asks_system=False,
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
    Verb(
        name="middleware.error_queue_replayed",
        phases=("when",),
        heads=("error_queue_replayed_by",),
        params=Replay,
        sentences=(Sentence(pattern="{string} replays the error queue", binds=("error_queue_replayed_by",)),),
        fact="ErrorQueueReplayed",
        does=_replay,
        asks_system=False,
    ),
    Verb(
        name="middleware.in_error_queue",
        phases=("then",),
        heads=("in_error_queue",),
        params=QueueClaim,
        sentences=(
            Sentence(pattern="{string} is in the error queue because {string}", binds=("in_error_queue", "because")),
        ),
        fact="ErrorQueueHolds",
        does=_in_queue,
    ),
    Verb(
        name="middleware.error_queue_empty",
        phases=("then",),
        heads=("error_queue_is_empty",),
        params=Claim,
        sentences=(Sentence(pattern="the error queue is empty"),),
        fact="ErrorQueueEmpty",
        does=_queue_empty,
    ),
    Verb(
        name="middleware.alerted",
        phases=("then",),
        heads=("alerted",),
        params=AlertClaim,
        sentences=(
            Sentence(pattern="{string} is alerted about {string}", binds=("alerted", "about")),
            Sentence(pattern="{string} is alerted about {string} and {money}", binds=("alerted", "about", "amount")),
        ),
        fact="AlertIs",
        does=_alerted,
    ),
    Verb(
        name="middleware.open_alerts",
        phases=("then",),
        heads=("open_alerts",),
        params=OpenAlertsClaim,
        sentences=(Sentence(pattern="{int} alert(s) is/are open", binds=("open_alerts",)),),
        fact="OpenAlerts",
        does=_open_alerts,
    ),
)
