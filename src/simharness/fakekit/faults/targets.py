"""Which calls a kind of fault can meet at all: what it would not change there is not worth a case.

Decided from the contract of the operation and from what the fake says of itself, for any vendor alike.
"""

from __future__ import annotations

from simharness.domain.exchange import UNMODELLED, Request, Response
from simharness.domain.fault_kinds import KINDS, Place, Target
from simharness.fakekit.contract import Operation
from simharness.fakekit.fake import Fake

#: What no credential stands for cannot be refused for one.
OF_CREDENTIALS = frozenset({"token_expired", "forbidden"})


def applies(
    kind: str, fake: Fake, request: Request, response: Response | None = None, *, wrote: bool | None = None
) -> bool:
    """Whether a kind of the wire or of the process can meet a call at all; see `why_not`."""
    return not why_not(kind, fake, request, response, wrote=wrote)


def why_not(
    kind: str, fake: Fake, request: Request, response: Response | None = None, *, wrote: bool | None = None
) -> str:
    """Why a kind of fault cannot meet a call, "" if it can. Ask before the fake handles the request.

    `response` and `wrote` are what came of the same call elsewhere, where that is known: its answer, and whether
    anything was committed by it.
    """
    found = KINDS[kind]
    if found.place is Place.PROCESS:
        return ""
    if found.place is Place.DELIVERY:
        return "it acts on deliveries"
    if kind in fake.immune:
        return fake.immune[kind]
    operation = fake.operation_for(request)
    if operation is None or (response is not None and UNMODELLED in response.headers):
        return "nothing of the vendor answers there"
    if kind in OF_CREDENTIALS and operation.open:
        return "the operation needs no credential"
    return _off_target(found.target, fake, request, operation, wrote)


def _off_target(target: Target, fake: Fake, request: Request, operation: Operation, wrote: bool | None) -> str:
    if target is Target.WRITE and (operation.reads or wrote is False):
        return "it writes nothing"
    if target is Target.READ and not fake.lags(request):
        return "what it reads never runs behind"
    if target is Target.READ and not lately_written(fake):
        return "nothing was written lately that it could miss"
    if target is Target.BATCH and fake.partly(request) is None:
        return "it is no batch"
    if target is Target.UPDATE and fake.meddle(request) is None:
        return "it changes no object that somebody else could have changed"
    if target is Target.PAGED and fake.shift_page(request) is None:
        return "nothing can move between its pages"
    return ""


def lately_written(fake: Fake) -> bool:
    """Whether anything was written into the vendor's system that a read which runs behind would miss."""
    edge = fake.setup.clock.now - fake.stale_for
    for write in reversed(fake.writes):
        if write.at <= edge:
            return False
        if write.vendor == fake.vendor:
            return True
    return False
