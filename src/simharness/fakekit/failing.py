"""What a fault asks of a fake (`fakekit.faults`), beside what everybody asks of it.

A pack overrides what its vendor has: objects that others change, batches, reads that run behind, pages. A hook that
gives None says that the request is nothing of the kind; a kind that the vendor can never meet is `immune`.
"""

from __future__ import annotations

import abc
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import ClassVar

from msgspec.structs import replace

from simharness.core.errors import HarnessFault
from simharness.domain.exchange import Notes, Request, Response
from simharness.fakekit.contract import Contract, Operation
from simharness.fakekit.problems import Problem

#: Something that somebody else does in the vendor's system; gives in words what was done.
Deed = Callable[[], str]
_STALE_FOR = timedelta(seconds=60)
#: Who does what a fault does to the world itself.
SOMEBODY = "somebody else"


class Failing(abc.ABC):
    """The side of a fake that faults see."""

    #: Kinds of faults that cannot meet this vendor at all, each with the reason.
    immune: ClassVar[Mapping[str, str]] = MappingProxyType({})
    #: The instant at which lists and searches stand still while one is answered that runs behind.
    stands_at: datetime | None = None

    @abc.abstractmethod
    def refuse(self, problem: Problem, request: Request) -> Response:
        """The vendor's answer to a problem of the pipeline."""

    @abc.abstractmethod
    def contract_for(self, request: Request) -> Contract | Problem:
        """The contract a request is read by; a problem where its version is nobody's."""

    @abc.abstractmethod
    def handle(self, request: Request) -> Response:
        """Answer one request."""

    @abc.abstractmethod
    def key_of(self, request: Request) -> str:
        """The idempotency key that a request carries, "" for none."""

    def fail(self, problem: Problem, request: Request) -> Response:
        """Answer a request with a problem before anything of it is looked at, in the vendor's form and with what every
        answer of the vendor carries.
        """
        return replace(self.refuse(problem, request), notes=self.notes_of(request))

    def operation_for(self, request: Request) -> Operation | None:
        """The operation that a request asks for."""
        contract = self.contract_for(request)
        if isinstance(contract, Problem):
            return None
        return contract.find(request.method, request.path)[0]

    def operation_of(self, request: Request) -> str:
        """The id of the operation that a request asks for, "" for none."""
        operation = self.operation_for(request)
        return operation.id if operation is not None else ""

    def notes_of(self, request: Request) -> Notes:
        """What is known of a request that nobody looked at: what it asked for, and under which key."""
        return Notes(operation=self.operation_of(request), idempotency_key=self.key_of(request))

    def expire_tokens(self) -> None:
        """Refuse the connector's access tokens issued so far, as ones that have expired; refresh tokens stay good."""
        raise HarnessFault(f"{type(self).__name__} says neither how its tokens expire nor that they do not")

    def ends_by(self, request: Request, at: datetime) -> bool:
        """Whether a request shows what access is renewed with, which is good now and will be dead by an instant: then
        only a person can grant it anew.
        """
        return False

    def meddle(self, request: Request) -> Deed | None:
        """How somebody else saves the object that a request changes, before it; None where it changes none."""
        return None

    def partly(self, request: Request) -> Callable[[], Response] | None:
        """How a batch is answered of which every second item fails, from the first on; None where it is none."""
        return None

    @property
    def stale_for(self) -> timedelta:
        """How far a read that runs behind misses what was written; a pack has it from a profile constant."""
        return _STALE_FOR

    def lags(self, request: Request) -> bool:
        """Whether a request asks for a list or search that may run behind what was written."""
        return False

    def stale(self, request: Request, since: datetime) -> Response:
        """Answer a list or search as if nothing had been written after an instant.

        A pack's lists look at `stands_at`.
        """
        self.stands_at = since
        try:
            return self.handle(request)
        finally:
            self.stands_at = None

    def shift_page(self, request: Request) -> Deed | None:
        """How somebody else moves what a request pages through, before its next page; None where nothing can move."""
        return None

    def older_news(self, request: Request) -> Request | None:
        """A webhook of this vendor as it was told before the latest change of its object, signed as the vendor would;
        None where its body bears no state.
        """
        return None

    def move_on(self, request: Request) -> Deed | None:
        """How somebody else changes the object that a webhook tells of, after it was told; None where it tells of
        none that could be changed.
        """
        return None
