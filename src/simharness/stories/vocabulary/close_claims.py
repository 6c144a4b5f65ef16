"""What must be true of a close: the checklist, where late postings land, the trial balance, the version of BI."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec

from simharness.core.money import Money
from simharness.domain.expectation import BalancesAre, BiVersionIs, CloseComplete, PostingLands
from simharness.stories.stage import Stage
from simharness.stories.vocabulary import terms as t
from simharness.stories.vocabulary.ledger import told_amounts, wrong_balances
from simharness.stories.vocabulary.verb import Claim, Sentence, Verb
from simharness.stories.words import Cell


class CloseClaim(Claim, frozen=True, kw_only=True):
    """The close of a period is complete: cut-off, period-end entries, adjustments, subledgers, lock, checks and BI."""

    close_complete: t.Month


class LandsClaim(Claim, frozen=True, kw_only=True):
    """What happened on a day, or was told for it, is booked in a period; without one, it is refused and listed."""

    posting_dated: date
    lands_in: t.Month | None = None


class TrialBalanceClaim(Claim, frozen=True, kw_only=True):
    """The balances at the end of a period, debit positive; an account that is not listed must be zero."""

    trial_balance_of: t.Month
    balances: tuple[tuple[t.AccountName, Money | Cell | None], ...] = msgspec.field(name="is")


class VersionClaim(Claim, frozen=True, kw_only=True):
    """BI shows a `new` version since it was last looked at, or the `same`."""

    bi_version: t.BiVersion


def _complete(stage: Stage, p: CloseClaim) -> None:
    stage.expect(CloseComplete(**stage.claim, period=p.close_complete))


def _lands(stage: Stage, p: LandsClaim) -> None:
    stage.expect(PostingLands(**stage.claim, dated=p.posting_dated, period=p.lands_in))


def _trial_balance(stage: Stage, p: TrialBalanceClaim) -> None:
    year, month = int(p.trial_balance_of[:4]), int(p.trial_balance_of[5:])
    last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    told = told_amounts(p.balances, stage.dictionary.currency)
    stage.expect(BalancesAre(**stage.claim, balances=told.stated, as_of=last, some=told.some, unchecked=told.unchecked))


def _version(stage: Stage, p: VersionClaim) -> None:
    stage.expect(BiVersionIs(**stage.claim, is_new=p.bi_version == "new"))


def _wrong_balances(p: TrialBalanceClaim) -> str | None:
    return wrong_balances(p.balances)


VERBS = (
    Verb(
        name="close.complete",
        phases=("then",),
        heads=("close_complete",),
        params=CloseClaim,
        sentences=(Sentence(pattern="the close of {period} is complete", binds=("close_complete",)),),
        fact="CloseComplete",
        does=_complete,
        bi=lambda _: True,
    ),
    Verb(
        name="close.posting_lands",
        phases=("then",),
        heads=("posting_dated",),
        params=LandsClaim,
        sentences=(
            Sentence(pattern="a posting dated {date} lands in {period}", binds=("posting_dated", "lands_in")),
            Sentence(pattern="a posting dated {date} is refused", binds=("posting_dated",)),
        ),
        fact="PostingLands",
        does=_lands,
    ),
    Verb(
        name="close.trial_balance",
        phases=("then",),
        heads=("trial_balance_of",),
        params=TrialBalanceClaim,
        sentences=(
            Sentence(
                pattern="the trial balance for {period} is:",
                binds=("trial_balance_of",),
                table="balances",
                columns=("account", "balance"),
            ),
        ),
        fact="BalancesAre",
        does=_trial_balance,
        wrong=_wrong_balances,
    ),
    Verb(
        name="close.bi_version",
        phases=("then",),
        heads=("bi_version",),
        params=VersionClaim,
        sentences=(Sentence(pattern="BI shows a {word} version", binds=("bi_version",)),),
        fact="BiVersionIs",
        does=_version,
        bi=lambda _: True,
    ),
)
