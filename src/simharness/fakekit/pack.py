"""What a pack declares about itself, and how the registry builds its fake."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from simharness.fakekit.idempotency.profiles import Profile

if TYPE_CHECKING:
    from simharness.core.clock import Clock
    from simharness.core.ids import Ids
    from simharness.core.rng import Rng
    from simharness.domain.events import DomainEvent
    from simharness.domain.write import Write
    from simharness.fakekit.fake import Fake
    from simharness.fakekit.webhooks import Post


def unheard(events: tuple[DomainEvent, ...]) -> None:
    """Nobody listens: what a fake announces when it lives without a world."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What a world gives to a fake it builds. `options` are the pack's profile constants by name, overridden by the
    user.

    `post` delivers a webhook attempt; `announce` tells the world what happened without anybody's act, such as a payout
    that a schedule sent (what `operate` answers is not announced); `writes` is the world's log to which every
    committed write is appended; `scopes` are those that the connector's key is issued with, none means every scope;
    `locale` is a Faker locale for people and addresses the fake has to invent; `profile` is chosen in the place of the
    pack's own way with idempotency keys.
    """

    clock: Clock
    rng: Rng
    ids: Ids
    post: Post
    options: Mapping[str, str] = field(default_factory=dict)
    writes: list[Write] = field(default_factory=list)
    locale: str = "en_US"
    scopes: tuple[str, ...] = ()
    announce: Callable[[tuple[DomainEvent, ...]], None] = unheard
    profile: Profile | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A profile constant a user may override without code: its default, meaning, source and how sure we are."""

    name: str
    default: str
    meaning: str
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """How a vendor makes a repeated request safe: its profile by name, what carries the key, whose key it is.

    `requests` False: nothing is remembered of requests, so that no other profile can be chosen for the vendor.
    """

    profile: str = "none"
    carried: str = ""
    scope: str = ""
    requests: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """One vendor's fake: identity, hosts it answers for (real host names), API versions, options and known gaps.

    `again` says of codes with which it refuses (4xx) when a request may be sent again, `stale` or `later`
    (`domain.exchange`); what it does not list is refused for good, unless its status says otherwise.

    `meets` says of kinds of faults which operations they can meet at all, by patterns (`save*`); a kind that is not in
    it may meet any.

    `package` is the import package that holds `contract/`; `build` makes a fresh fake.
    """

    vendor: str
    family: str
    title: str
    package: str
    hosts: tuple[str, ...]
    versions: tuple[str, ...]
    build: Callable[[Setup], Fake]
    options: tuple[Option, ...] = ()
    gaps: tuple[str, ...] = ()
    keys: Keys = Keys()
    again: Mapping[str, str] = field(default_factory=dict)
    meets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sdks: tuple[str, ...] = ()
