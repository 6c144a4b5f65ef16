"""Choosing another profile for a vendor, in words: `quickbooks=none`, `quickbooks=xero,window_s=600`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from difflib import get_close_matches
from types import MappingProxyType
from typing import TYPE_CHECKING

import msgspec

from simharness.core.errors import UsageError
from simharness.fakekit.idempotency.profiles import PROFILES, Again, Profile, Rule

if TYPE_CHECKING:
    from simharness.fakekit.pack import Pack

#: What a user may choose for a request with another body, where the vendor says nothing.
_OTHER_BODY: Mapping[str, Rule] = MappingProxyType(
    {"replay": Rule(again=Again.REPLAY), "refuse": Rule(again=Again.REFUSE, status=400)}
)


def profiles_of(texts: Iterable[str], packs: Mapping[str, Pack]) -> Mapping[str, Profile]:
    """The profiles by vendor of texts such as `quickbooks=none`.

    Raises `UsageError` for a vendor without keys, an unknown profile, and what a profile does not leave open.
    """
    found: dict[str, Profile] = {}
    for text in texts:
        vendor, equals, rest = text.partition("=")
        if not equals:
            raise UsageError(f"--profile {text!r} names no profile", mend="write it as vendor=profile: quickbooks=none")
        _check(vendor, packs)
        if vendor in found:
            raise UsageError(f"{vendor} is given two profiles", mend="leave one of them out")
        found[vendor] = _profile(rest)
    return found


def _check(vendor: str, packs: Mapping[str, Pack]) -> None:
    able = [name for name, pack in packs.items() if pack.keys.requests]
    if vendor not in packs:
        near = get_close_matches(vendor, packs, n=1)
        mend = f"did you mean {near[0]!r}?" if near else f"use one of: {', '.join(able)}"
        raise UsageError(f"there is no pack for {vendor!r}", mend=mend)
    if vendor not in able:
        why = f"; a repeat is made safe by {packs[vendor].keys.carried}" if packs[vendor].keys.carried else ""
        raise UsageError(
            f"{vendor} takes no idempotency keys{why}", mend=f"a profile can be chosen for {', '.join(able)}"
        )


def _profile(text: str) -> Profile:
    name, *changes = text.split(",")
    profile = PROFILES.get(name)
    if profile is None:
        near = get_close_matches(name, PROFILES, n=1)
        mend = f"did you mean {near[0]!r}?" if near else f"use one of: {', '.join(PROFILES)}"
        raise UsageError(f"there is no profile {name!r} of idempotency keys", mend=mend)
    for change in changes:
        what, _, value = change.partition("=")
        if what not in profile.open:
            mend = f"it takes {' and '.join(profile.open)}" if profile.open else "leave it out"
            raise UsageError(f"the profile {name} does not leave {what!r} open", mend=mend)
        profile = _changed(profile, what, value)
    return profile


def _changed(profile: Profile, what: str, value: str) -> Profile:
    if what == "other_body":
        if value not in _OTHER_BODY:
            raise UsageError(f"other_body={value!r} is no answer", mend=f"use one of: {', '.join(_OTHER_BODY)}")
        return msgspec.structs.replace(profile, other_body=_OTHER_BODY[value])
    if not value.isdecimal() or not int(value):
        raise UsageError(f"window_s={value!r} is no number of seconds", mend="give a whole number, as in window_s=600")
    return msgspec.structs.replace(profile, window=timedelta(seconds=int(value)))
