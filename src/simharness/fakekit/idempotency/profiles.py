"""The table of profiles: by which habits vendors answer an idempotency key that they have seen before.

Where a vendor says nothing of a cell, the rule is `assumed` and the documentation says so.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType

from simharness.domain.base import Record


class Again(enum.Enum):
    """How a key that was seen before is answered; AS_FINISHED is for a key that is still in flight alone."""

    REPLAY = "the first answer again"
    REFUSE = "refused"
    EXECUTE = "a second object"
    UPDATE = "the first object is updated"
    AS_FINISHED = "as when finished"


class Tells(enum.Enum):
    """What the answer to a known key tells beside its status."""

    NOTHING = ""
    MARK = "header `Idempotent-Replayed: true`"
    LOCATION = "header `Location` of the first object"
    EXISTING = "the id of the first object"


class Stores(enum.Enum):
    """Which answers are remembered; BEGUN leaves out those of a request whose work was never begun."""

    NOTHING = "nothing"
    SUCCESS = "successes"
    BEGUN = "all once execution began, errors too; not what fails validation"
    ALL = "successes and errors"


class Rule(Record, frozen=True, kw_only=True):
    """One cell of the table: how, with which status where that is not the first answer's, and what is told beside."""

    again: Again
    status: int = 0
    tells: Tells = Tells.NOTHING
    assumed: bool = False

    def __str__(self) -> str:
        status = f" with {self.status}" if self.status else ""
        told = f", {self.tells.value}" if self.tells is not Tells.NOTHING else ""
        return f"{self.again.value}{status}{told}{' (assumed)' if self.assumed else ''}"


class Profile(Record, frozen=True, kw_only=True):
    """One habit. `window` None keeps keys for ever; `carried` is where those who have it look for the key.

    `quoted` takes a key in a header in double quotes alone, `loose` with or without. `open` names what the vendor
    leaves undefined and a user may choose: `window_s`, `other_body`.
    """

    name: str
    carried: str
    same_body: Rule
    other_body: Rule
    in_flight: Rule
    stores: Stores
    window: timedelta | None = None
    max_length: int = 255
    quoted: bool = False
    loose: bool = False
    open: tuple[str, ...] = ()


_REPLAY = Rule(again=Again.REPLAY)
_MARKED = Rule(again=Again.REPLAY, tells=Tells.MARK)
_ANEW = Rule(again=Again.EXECUTE)
_UPDATED = Rule(again=Again.UPDATE)
_AS_FINISHED = Rule(again=Again.AS_FINISHED, assumed=True)


def _refused(status: int, tells: Tells = Tells.NOTHING, *, assumed: bool = False) -> Rule:
    return Rule(again=Again.REFUSE, status=status, tells=tells, assumed=assumed)


def _ietf(name: str, carried: str, *, quoted: bool) -> Profile:
    return Profile(
        name=name,
        carried=carried,
        same_body=_REPLAY,
        other_body=_refused(422),
        in_flight=_refused(409),
        stores=Stores.ALL,
        window=timedelta(hours=24),
        quoted=quoted,
        loose=not quoted,
        open=("window_s",),
    )


_ALL = (
    # draft-ietf-httpapi-idempotency-key-header: an Item of type String, and lax servers that take it bare.
    _ietf("ietf", 'header `Idempotency-Key`, in quotes: `"8e03978e"`', quoted=True),
    _ietf("ietf_lax", "header `Idempotency-Key`, in quotes or bare", quoted=False),
    Profile(
        name="stripe_v1",
        carried="header `Idempotency-Key`",
        same_body=_MARKED,
        other_body=_refused(400),
        in_flight=_refused(409),
        stores=Stores.BEGUN,
        window=timedelta(hours=24),  # the least that is promised
    ),
    Profile(
        name="quickbooks",
        carried="query `requestid`",
        same_body=_REPLAY,
        other_body=Rule(again=Again.REPLAY, assumed=True),
        in_flight=_AS_FINISHED,
        stores=Stores.SUCCESS,
        max_length=50,
        open=("window_s", "other_body"),
    ),
    Profile(
        name="xero",
        carried="header `Idempotency-Key`",
        same_body=_REPLAY,
        other_body=_refused(400, assumed=True),
        in_flight=_AS_FINISHED,
        stores=Stores.SUCCESS,
        window=timedelta(minutes=6),  # "minutes", unconfirmed
        max_length=128,
        open=("window_s", "other_body"),
    ),
    Profile(
        name="netsuite_async",
        carried="header `X-NetSuite-Idempotency-Key`",
        same_body=_refused(400, Tells.LOCATION),
        other_body=_refused(400, Tells.LOCATION, assumed=True),
        in_flight=_refused(400, Tells.LOCATION, assumed=True),
        stores=Stores.SUCCESS,
    ),
    Profile(
        name="qonto",
        carried="header `X-Qonto-Idempotency-Key`",
        same_body=_REPLAY,
        other_body=_REPLAY,
        in_flight=_AS_FINISHED,
        stores=Stores.SUCCESS,
        window=timedelta(minutes=30),
    ),
    Profile(
        name="checkbook",
        carried="header `Idempotency-Key`",
        same_body=_REPLAY,
        other_body=_ANEW,
        in_flight=_AS_FINISHED,
        stores=Stores.SUCCESS,
    ),
    Profile(
        name="moov",
        carried="header `X-Idempotency-Key`",
        same_body=_refused(409),
        other_body=_refused(409),
        in_flight=_refused(409, assumed=True),
        stores=Stores.SUCCESS,
    ),
    Profile(
        name="increase",
        carried="header `Idempotency-Key`",
        same_body=_MARKED,
        other_body=_refused(409, Tells.EXISTING),
        in_flight=_AS_FINISHED,
        stores=Stores.SUCCESS,
        max_length=200,
    ),
    Profile(
        name="zuora",
        carried="header `Idempotency-Key`",
        same_body=_REPLAY,
        other_body=_refused(422),
        in_flight=_refused(409),
        stores=Stores.ALL,
        window=timedelta(hours=24),
    ),
    Profile(
        name="sage",
        carried="a field of the body",
        same_body=_REPLAY,
        other_body=Rule(again=Again.REPLAY, assumed=True),
        in_flight=_AS_FINISHED,
        stores=Stores.SUCCESS,
    ),
    Profile(
        name="external_id",
        carried="a unique external id of the object",
        same_body=_UPDATED,
        other_body=_UPDATED,
        in_flight=_AS_FINISHED,
        stores=Stores.SUCCESS,
    ),
    Profile(
        name="none",
        carried="nothing is looked at",
        same_body=_ANEW,
        other_body=_ANEW,
        in_flight=_ANEW,
        stores=Stores.NOTHING,
    ),
)

#: Every profile by its name, in the order of the table.
PROFILES: Mapping[str, Profile] = MappingProxyType({profile.name: profile for profile in _ALL})
