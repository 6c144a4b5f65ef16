"""What all handlers of the API share: the company of the address, and faults for what is refused."""

from __future__ import annotations

from collections.abc import Callable

from simharness.domain.exchange import Response
from simharness.fakekit.fake import Call, Handler
from simharness_fakes.accounting.refusals import Refusal
from simharness_fakes.quickbooks.errors import Refused, from_refusal
from simharness_fakes.quickbooks.fake import Quickbooks
from simharness_fakes.quickbooks.state import Company
from simharness_fakes.quickbooks.wire.parts import Wire
from simharness_fakes.quickbooks.wire.times import instant

Work = Callable[[Quickbooks, Company, Call], Wire]


def api(work: Work) -> Handler:
    """A handler that answers with what the work returns, or with the fault of what it refuses."""

    def handle(fake: Quickbooks, call: Call) -> Response:
        try:
            return fake.reply(work(fake, fake.companies[call.path["realmId"]], call))
        except Refused as refused:
            return fake.refused(refused)
        except Refusal as refusal:
            return fake.refused(from_refusal(refusal))

    return handle


def timed(fake: Quickbooks, body: Wire) -> Wire:
    """The envelope of an answer with its time."""
    body["time"] = instant(fake.setup.clock.now, millis=True)
    return body
