"""The fake of an identity provider: people sign in by an act, programs verify what it signed."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from simharness.domain.acts import Act, ActRefused, Furnish, SignIn
from simharness.domain.events import DomainEvent, Furnished, SignedIn
from simharness.domain.exchange import Request, Response
from simharness.domain.snapshot import FamilySnapshot
from simharness.fakekit.auth import Credential
from simharness.fakekit.contract import Operation, load
from simharness.fakekit.fake import Fake, Handler, missing_credential
from simharness.fakekit.pack import Pack, Setup
from simharness.fakekit.problems import Problem
from simharness.fakekit.signing import SigningKey
from simharness_fakes.signon import errors
from simharness_fakes.signon.routes import ROUTES
from simharness_fakes.signon.state import ONE_TIME_CODE, PASSWORD, SEVERAL, Session, State, claims

_HOST = "https://signon.example"


class Signon(Fake):
    """One tenant with one client: the program whose operators sign in."""

    routes: ClassVar[Mapping[str, Handler]] = ROUTES

    def __init__(self, pack: Pack, setup: Setup) -> None:
        super().__init__(pack, setup, load(pack.package))
        options = {**{each.name: each.default for each in pack.options}, **setup.options}
        self.token_lifetime_s = int(options["token_lifetime_s"])
        self.code_lifetime_s = int(options["code_lifetime_s"])
        self.state = State()
        self.issuer = _HOST
        self.client_id = setup.ids.token("signon client", 20)
        self.client_secret = setup.ids.token("signon secret", 40)
        self.key = SigningKey(setup.rng, "signon signing key", setup.ids.uuid("signon key"))

    # -- the neutral ports ----------------------------------------------------------------------------------------

    def operate(self, act: Act, actor: str) -> tuple[DomainEvent, ...]:
        """Furnish, for which there is nothing to do, and SignIn; the acts of other families are refused."""
        del actor
        if isinstance(act, Furnish):
            return (Furnished(dictionary=act.dictionary.name),)
        if isinstance(act, SignIn):
            return (self._sign_in(act),)
        raise ActRefused(
            f"the identity provider does not know how to {type(act).__name__}",
            mend="give the act to the family it names",
        )

    def snapshot(self) -> tuple[FamilySnapshot, ...]:
        """Nothing: who signed in is no record of finance."""
        return ()

    def connection(self, base_url: str) -> Mapping[str, str]:
        """`base_url`, the `issuer` that tokens name, and `client_id` (the audience of tokens) with its secret."""
        return {
            "base_url": base_url or _HOST,
            "issuer": self.issuer,
            "client_id": self.client_id,
            "client_secret": self.client_secret,
        }

    def fork(self, setup: Setup) -> Signon:
        """An independent copy in another world."""
        twin = Signon(self.pack, setup)
        twin.state = self.state.fork()
        twin.client_id, twin.client_secret, twin.key = self.client_id, self.client_secret, self.key
        return twin

    # -- the provider's forms -------------------------------------------------------------------------------------

    def refuse(self, problem: Problem, request: Request) -> Response:
        """A problem of the pipeline in the form of OAuth 2."""
        return errors.respond(problem, request)

    def authenticate(self, request: Request, operation: Operation) -> Credential | Problem:
        """Nobody: every operation is open, and the exchange of a code checks its client by itself."""
        return missing_credential()

    immune: ClassVar[Mapping[str, str]] = MappingProxyType(
        {
            "token_expired": "its operations need no access token",
            "forbidden": "its operations need no scope",
            "conflict": "nothing at it is changed",
            "stale_read": "it has no lists",
            "partial_batch": "it takes no batches",
            "page_shift": "it has no lists",
        }
    )

    def id_token(self, session: Session) -> str:
        """The signed claims of a session."""
        return self.key.token(
            claims(
                session,
                issuer=self.issuer,
                audience=self.client_id,
                issued_at=self.setup.clock.now,
                lifetime_s=self.token_lifetime_s,
            )
        )

    def _sign_in(self, act: SignIn) -> SignedIn:
        methods = (PASSWORD, ONE_TIME_CODE, SEVERAL) if act.second_factor else (PASSWORD,)
        session = Session(person=act.person, roles=act.roles, methods=methods, at=self.setup.clock.now)
        code = self.setup.ids.token("signon code", 32)
        self.state.codes[code] = session
        return SignedIn(person=act.person, code=code, token=self.id_token(session))


def build(setup: Setup) -> Fake:
    """A fresh tenant in which nobody signed in."""
    from simharness_fakes.signon import PACK

    return Signon(PACK, setup)
