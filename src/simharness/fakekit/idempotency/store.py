"""The keys that one fake remembers, on virtual time: a key is begun, in flight, finished, and gone after its window."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from types import MappingProxyType

import msgspec

from simharness.domain.base import Record
from simharness.domain.exchange import Response
from simharness.fakekit.idempotency.profiles import Again, Profile, Rule, Stores, Tells

#: How long a vendor works on a request whose answer never comes; a repetition after a usual patience of 30 s is early.
UNANSWERED = timedelta(seconds=40)

#: A structured field's string (RFC 8941, 3.3.3).
_QUOTED = re.compile(r'"(?:[ !#-\[\]-~]|\\["\\])*"')


class Verdict(enum.Enum):
    """What the store says of a key when a request begins. NEW is remembered once it is finished, ANEW is not."""

    NEW = "new"
    ANEW = "as if it had no key"
    REPLAY = "replay"
    UPDATE = "update"
    DONE = "was used already"
    MISMATCH = "was used with another body"
    IN_FLIGHT = "is still being processed"
    TOO_LONG = "is too long"
    NOT_QUOTED = "is not a string in double quotes"


class Key(Record, frozen=True, kw_only=True):
    """An idempotency key as a request carries it: the key, its scope (account or company) and the body's fingerprint.

    `header`: it came in a header, where a profile may want it in quotes.
    """

    value: str
    scope: str
    fingerprint: str
    header: bool = True


class KeyRefusal(Record, frozen=True, kw_only=True):
    """Why a request is refused for its key: the profile's status, which the pack words in the vendor's envelope.

    `existing` is the id of the object that the first request made, where the profile tells it.
    """

    why: Verdict
    status: int
    key: str
    existing: str = ""

    @property
    def told(self) -> str:
        """What there is to say, for the pack to put into its own words."""
        existing = f": Id={self.existing}" if self.existing else ""
        return f"{self.key} {self.why.value}{existing}"


class Opening(Record, frozen=True, kw_only=True):
    """How a request that carries a key is to be answered; `first` is the answer to the first one, if it has any."""

    verdict: Verdict
    rule: Rule | None = None
    first: Response | None = None
    status: int = 0


class _Entry(Record, frozen=True, kw_only=True):
    """`kept` False: in flight until `finished_at` and forgotten then."""

    fingerprint: str
    begun: datetime
    finished_at: datetime | None = None
    response: Response | None = None
    kept: bool = True


_NEW = Opening(verdict=Verdict.NEW)
_ANEW = Opening(verdict=Verdict.ANEW)
_UNUSABLE_STATUS = 400
_IN_USE_STATUS = 409


class KeyStore:
    """Keys per scope (account, company). `begin`, then `finish`, and `hold` where the answer takes its time."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self._entries: dict[tuple[str, str], _Entry] = {}
        self._last: tuple[tuple[str, str], _Entry] | None = None

    def begin(self, key: Key, now: datetime) -> Opening:
        """Open a key, or say how a known one is to be answered."""
        profile, self._last = self.profile, None
        if profile.stores is Stores.NOTHING:
            return _NEW
        if len(key.value) > profile.max_length:
            return Opening(verdict=Verdict.TOO_LONG, status=_UNUSABLE_STATUS)
        if profile.quoted and key.header and not _QUOTED.fullmatch(key.value):
            return Opening(verdict=Verdict.NOT_QUOTED, status=_UNUSABLE_STATUS)
        place = (key.scope, self._bare(key))
        entry = self._entries.get(place)
        if entry is None or self._is_over(entry, now):
            entry = _Entry(fingerprint=key.fingerprint, begun=now)
            self._entries[place] = entry
            self._last = (place, entry)
            return _NEW
        return self._known(entry, key.fingerprint, now)

    def finish(self, response: Response, now: datetime, *, remembers: bool = True) -> None:
        """The request that began last has its answer: remember it if the profile remembers such answers.

        `remembers` False: the vendor says that its work was never begun, which counts where the profile asks.
        """
        if self._last is None:
            return
        place, entry = self._last
        keeps = {
            Stores.ALL: True,
            Stores.BEGUN: remembers,
            Stores.SUCCESS: response.status < 400,
            Stores.NOTHING: False,
        }[self.profile.stores]
        entry = msgspec.structs.replace(entry, response=response, finished_at=now, kept=keeps)
        self._last = (place, entry)
        if keeps:
            self._entries[place] = entry
        else:
            self._entries.pop(place, None)

    def hold(self, until: datetime) -> None:
        """The request that was finished last is in flight until an instant: its answer takes so long."""
        if self._last is not None:
            place, entry = self._last
            self._entries[place] = msgspec.structs.replace(entry, finished_at=until)

    def instead(self, response: Response, now: datetime) -> None:
        """The request that was finished last was answered otherwise, by an error of the vendor after its work.

        Where the profile remembers errors, that is what it replays; elsewhere its own answer stays.
        """
        if self.profile.stores in (Stores.ALL, Stores.BEGUN):
            self.finish(response, now)

    def release(self) -> None:
        """The request that was finished last is answered: neither `hold` nor `instead` is about it any more."""
        self._last = None

    def keys(self) -> Iterator[tuple[str, str]]:
        """Every (scope, key) remembered, in order of first use."""
        return iter(self._entries)

    def fork(self) -> KeyStore:
        """An independent copy."""
        twin = KeyStore(self.profile)
        twin._entries, twin._last = dict(self._entries), self._last
        return twin

    def _bare(self, key: Key) -> str:
        quoted = (self.profile.quoted or self.profile.loose) and key.header and _QUOTED.fullmatch(key.value)
        return key.value[1:-1] if quoted else key.value

    def _is_over(self, entry: _Entry, now: datetime) -> bool:
        """Whether a key is as if it had never been used: its window is over, or nothing of it was kept."""
        in_flight = entry.finished_at is None or now < entry.finished_at
        window = self.profile.window
        return not in_flight and (not entry.kept or (window is not None and now - entry.begun >= window))

    def _known(self, entry: _Entry, fingerprint: str, now: datetime) -> Opening:
        profile = self.profile
        rule = profile.same_body if entry.fingerprint == fingerprint else profile.other_body
        verdict = Verdict.DONE if entry.fingerprint == fingerprint else Verdict.MISMATCH
        if entry.finished_at is None or now < entry.finished_at:
            if profile.in_flight.again is not Again.AS_FINISHED:
                rule, verdict = profile.in_flight, Verdict.IN_FLIGHT
            elif entry.response is None or not entry.kept:
                # Nothing is there that could be given as the first answer.
                rule, verdict = Rule(again=Again.REFUSE, status=_IN_USE_STATUS), Verdict.IN_FLIGHT
        if rule.again is Again.EXECUTE:
            return _ANEW
        known = {Again.REPLAY: Verdict.REPLAY, Again.UPDATE: Verdict.UPDATE}.get(rule.again, verdict)
        return Opening(verdict=known, rule=rule, first=entry.response, status=rule.status)


#: What marks an answer that was given before.
MARK = MappingProxyType({"idempotent-replayed": "true"})


def marked(response: Response, rule: Rule | None) -> Response:
    """A remembered answer as it is sent again."""
    if rule is None or rule.tells is not Tells.MARK:
        return response
    return msgspec.structs.replace(response, headers={**response.headers, **MARK})
