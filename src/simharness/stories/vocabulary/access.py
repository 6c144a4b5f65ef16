"""Who may post: people who sign in, and programs that try with keys of their own."""

from __future__ import annotations

from simharness.core.errors import HarnessFault
from simharness.domain.access_facts import (
    CredentialsHandedOver,
    CredentialsRotated,
    PersonSignedIn,
    PostingTried,
)
from simharness.domain.acts import SignIn
from simharness.domain.events import SignedIn
from simharness.domain.expectation import LogTells, PostingRefused
from simharness.fakekit.fake import Fake
from simharness.stories.stage import Stage
from simharness.stories.vocabulary.hearing import FAMILIES, System
from simharness.stories.vocabulary.verb import Action, Claim, Sentence, Verb

_LEDGER, _CRM = "accounting", "crm"
#: What a program's key is for: it reads the ledger, opens nothing there, or is a key of the CRM.
KEYS = ("read", "none", "crm")
NOW, LATER = "now", "later"
PASSWORD, SECOND_FACTOR = "password", "second_factor"


class SignsIn(Action, frozen=True, kw_only=True):
    """Somebody signs in at the identity provider, in some roles, by a password or by a second factor as well
    (`by: second_factor`); what they tell the connector from now on bears that.
    """

    signs_in: str
    roles: tuple[str, ...] = ()
    by: str = PASSWORD


class TriesToPost(Action, frozen=True, kw_only=True):
    """A program beside the connector sends a posting of its own to the ledger. `key`: one that only reads (`read`), one
    that opens nothing (`none`), or the one it has for the CRM (`crm`).
    """

    tries_to_post: str
    key: str = "read"


class RotateKeys(Action, frozen=True, kw_only=True):
    """A system issues the connector's keys anew. The old ones live on for as long as the vendor lets them, or die
    `at_once`. The connector is deployed with the new ones then, unless they are `handed_over: later`.
    """

    credentials_rotated: System
    at_once: bool = False
    handed_over: str = NOW


class RotateSecret(Action, frozen=True, kw_only=True):
    """A system signs its webhooks under another secret from now on; otherwise as `credentials_rotated`."""

    webhook_secret_rotated: System
    at_once: bool = False
    handed_over: str = NOW


class RefusedClaim(Claim, frozen=True, kw_only=True):
    """The ledger refused the last posting that a program tried; these words occur in what it said."""

    posting_refused_because: str


class LogClaim(Claim, frozen=True, kw_only=True):
    """The connector's log tells that something (`of`, as the log names it) was done so many times, and by whom."""

    log_tells: str
    of: str
    times: int = 1


def _signs_in(stage: Stage, p: SignsIn) -> None:
    second = p.by == SECOND_FACTOR
    act = SignIn(person=p.signs_in, roles=p.roles, second_factor=second)
    signed = stage.only(stage.operate("identity", act, p.signs_in), SignedIn)
    stage.tokens[p.signs_in] = signed.token
    stage.record(PersonSignedIn(**stage.mark, person=p.signs_in, roles=p.roles, second_factor=second))


def _tries(stage: Stage, p: TriesToPost) -> None:
    ledger = stage.world.fake(_LEDGER)
    if p.key == _CRM:
        crm = stage.world.fake(_CRM)
        headers = crm.issue(p.tries_to_post, _scopes(crm, {"GET", "POST"}))
    else:
        headers = ledger.issue(p.tries_to_post, _scopes(ledger, {"GET"}) if p.key == "read" else ())
    request = ledger.posting(headers)
    if request is None:
        raise HarnessFault(f"the fake of {ledger.vendor} does not say how a program posts into it")
    outcome = stage.world.exchange(request, client=p.tries_to_post, fake=ledger)
    if outcome is None:
        raise HarnessFault(f"{ledger.vendor} is not part of this world")
    answer = outcome.response
    refusal = "" if answer.status < 400 else f"{answer.status} {answer.body.decode('utf-8', 'replace')}"
    stage.record(PostingTried(**stage.mark, who=p.tries_to_post, refusal=refusal))


def _rotate_keys(stage: Stage, p: RotateKeys) -> None:
    _rotate(stage, p.credentials_rotated, "keys", at_once=p.at_once, handed_over=p.handed_over)


def _rotate_secret(stage: Stage, p: RotateSecret) -> None:
    _rotate(stage, p.webhook_secret_rotated, "webhook_secret", at_once=p.at_once, handed_over=p.handed_over)


def _rotate(stage: Stage, system: str, what: str, *, at_once: bool, handed_over: str) -> None:
    stage.world.fake(FAMILIES[system]).rotate(what, at_once=at_once)
    now = handed_over == NOW
    stage.record(CredentialsRotated(**stage.mark, system=system, what=what, handed_over=now))
    if now:
        stage.connector.renew(stage.world.connections())


def _hand_over(stage: Stage, _: Action) -> None:
    stage.connector.renew(stage.world.connections())
    stage.record(CredentialsHandedOver(**stage.mark))


def _refused(stage: Stage, p: RefusedClaim) -> None:
    stage.expect(PostingRefused(**stage.claim, because=p.posting_refused_because))


def _log_tells(stage: Stage, p: LogClaim) -> None:
    stage.expect(LogTells(**stage.claim, action=p.log_tells, subject=p.of, times=p.times))


def _scopes(fake: Fake, methods: set[str]) -> tuple[str, ...]:
    """The scopes that operations of these methods ask for, those that name an object in the address left out."""
    asked = (operation.scope for operation in fake.contract if operation.method in methods)
    return tuple(sorted({scope for scope in asked if scope and "{" not in scope}))


def _wrong_rotation(p: RotateKeys | RotateSecret) -> str | None:
    return None if p.handed_over in (NOW, LATER) else f"handed_over is now or later, not {p.handed_over!r}"


def _wrong_factor(p: SignsIn) -> str | None:
    return None if p.by in (PASSWORD, SECOND_FACTOR) else f"{p.by!r} is no way to sign in: password or second_factor"


def _wrong_key(p: TriesToPost) -> str | None:
    return None if p.key in KEYS else f"{p.key!r} is no kind of key: write one of {', '.join(KEYS)}"


VERBS = (
    Verb(
        name="access.signs_in",
        phases=("given", "when"),
        heads=("signs_in",),
        params=SignsIn,
        sentences=(
            Sentence(pattern="{string} signs in as {string}", binds=("signs_in", "roles")),
            Sentence(pattern="{string} signs in as {string} by {word}", binds=("signs_in", "roles", "by")),
        ),
        fact="PersonSignedIn",
        does=_signs_in,
        wrong=_wrong_factor,
    ),
    Verb(
        name="access.tries_to_post",
        phases=("when",),
        heads=("tries_to_post",),
        params=TriesToPost,
        sentences=(
            Sentence(pattern="{string} tries to post to the ledger", binds=("tries_to_post",)),
            Sentence(
                pattern="{string} tries to post to the ledger with its key {word}", binds=("tries_to_post", "key")
            ),
        ),
        fact="PostingTried",
        does=_tries,
        wrong=_wrong_key,
    ),
    Verb(
        name="access.credentials_rotated",
        phases=("when",),
        heads=("credentials_rotated",),
        params=RotateKeys,
        sentences=(
            Sentence(pattern="{system} issues the connector's keys anew", binds=("credentials_rotated",)),
            Sentence(
                pattern="{system} issues the connector's keys anew, handed over {word}",
                binds=("credentials_rotated", "handed_over"),
            ),
        ),
        fact="CredentialsRotated",
        does=_rotate_keys,
        wrong=_wrong_rotation,
    ),
    Verb(
        name="access.webhook_secret_rotated",
        phases=("when",),
        heads=("webhook_secret_rotated",),
        params=RotateSecret,
        sentences=(
            Sentence(pattern="{system} signs its webhooks under another secret", binds=("webhook_secret_rotated",)),
            Sentence(
                pattern="{system} signs its webhooks under another secret, handed over {word}",
                binds=("webhook_secret_rotated", "handed_over"),
            ),
        ),
        fact="CredentialsRotated",
        does=_rotate_secret,
        wrong=_wrong_rotation,
    ),
    Verb(
        name="access.credentials_handed_over",
        phases=("when",),
        heads=("credentials_handed_over",),
        params=Action,
        sentences=(Sentence(pattern="the connector is deployed with its new keys"),),
        fact="CredentialsHandedOver",
        does=_hand_over,
        asks_system=False,
    ),
    Verb(
        name="access.posting_refused",
        phases=("then",),
        heads=("posting_refused_because",),
        params=RefusedClaim,
        sentences=(Sentence(pattern="the posting is refused because {string}", binds=("posting_refused_because",)),),
        fact="PostingRefused",
        does=_refused,
    ),
    Verb(
        name="access.log_tells",
        phases=("then",),
        heads=("log_tells",),
        params=LogClaim,
        sentences=(
            Sentence(pattern="the log tells of {string} of {string}", binds=("log_tells", "of")),
            Sentence(pattern="the log tells {int} time(s) of {string} of {string}", binds=("times", "log_tells", "of")),
        ),
        fact="LogTells",
        does=_log_tells,
        wrong=lambda p: "times counts from 0" if p.times < 0 else None,
    ),
)
