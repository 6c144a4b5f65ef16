"""What must be true of how something was posted: attempts, their key, the log, and the way that leads to it."""

from __future__ import annotations

from simharness.domain.claims import LogNames, OneKey, TracesTo, WasAttempted
from simharness.stories.stage import Stage
from simharness.stories.vocabulary.verb import Claim, Sentence, Verb


class AttemptsClaim(Claim, frozen=True, kw_only=True):
    """So many requests of the connector were to create something for a thing of the story."""

    attempted: str
    times: int


class KeyClaim(Claim, frozen=True, kw_only=True):
    """All attempts at one creation for a thing of the story bore one idempotency key."""

    one_key_for: str


class LogNamesClaim(Claim, frozen=True, kw_only=True):
    """The connector's log tells of a thing of the story who sent it, what came of it and when."""

    log_names: str


class TraceClaim(Claim, frozen=True, kw_only=True):
    """By references alone a way leads from a thing of the story to another one, to a document by its number, to an
    account, or to `the ledger` or `BI`.
    """

    traced: str
    to: str


def _attempts(stage: Stage, p: AttemptsClaim) -> None:
    stage.expect(WasAttempted(**stage.claim, subject=p.attempted, times=p.times))


def _key(stage: Stage, p: KeyClaim) -> None:
    stage.expect(OneKey(**stage.claim, subject=p.one_key_for))


def _log(stage: Stage, p: LogNamesClaim) -> None:
    stage.expect(LogNames(**stage.claim, subject=p.log_names))


def _trace(stage: Stage, p: TraceClaim) -> None:
    stage.expect(TracesTo(**stage.claim, subject=p.traced, target=p.to))


def _wrong_trace(p: TraceClaim) -> str | None:
    return f"{p.traced!r} is always traced to itself: name where the way ends" if p.traced == p.to else None


VERBS = (
    Verb(
        name="middleware.attempted",
        phases=("then",),
        heads=("attempted",),
        params=AttemptsClaim,
        sentences=(Sentence(pattern="{string} was attempted {int} time(s)", binds=("attempted", "times")),),
        fact="WasAttempted",
        does=_attempts,
    ),
    Verb(
        name="middleware.one_key_for",
        phases=("then",),
        heads=("one_key_for",),
        params=KeyClaim,
        sentences=(Sentence(pattern="every attempt for {string} used one idempotency key", binds=("one_key_for",)),),
        fact="OneKey",
        does=_key,
    ),
    Verb(
        name="middleware.log_names",
        phases=("then",),
        heads=("log_names",),
        params=LogNamesClaim,
        sentences=(Sentence(pattern="the log tells who sent {string}, what and when", binds=("log_names",)),),
        fact="LogNames",
        does=_log,
    ),
    Verb(
        name="middleware.traced",
        phases=("then",),
        heads=("traced",),
        params=TraceClaim,
        sentences=(Sentence(pattern="{string} can be traced to {string}", binds=("traced", "to")),),
        fact="TracesTo",
        does=_trace,
        wrong=_wrong_trace,
        bi=lambda p: p.to == "BI",
    ),
)
