"""An identity provider in the form of OpenID Connect: who somebody is, in which roles, and how they proved it."""

from __future__ import annotations

from simharness.fakekit.pack import Option, Pack
from simharness_fakes.signon.fake import build

OPTIONS = (
    Option(
        name="token_lifetime_s", default="28800", meaning="seconds an ID token is valid: a working day", source="ours"
    ),
    Option(
        name="code_lifetime_s", default="60", meaning="seconds an authorization code may be exchanged", source="ours"
    ),
)

PACK = Pack(
    vendor="signon",
    family="identity",
    title="Identity provider",
    package="simharness_fakes.signon",
    hosts=("signon.example",),
    versions=("1.0",),
    meets={"partial_batch": (), "conflict": (), "stale_read": (), "page_shift": ()},
    build=build,
    options=OPTIONS,
    gaps=(
        "the page on which a person signs in: the harness signs people in, by the act SignIn",
        "refresh tokens, user info, introspection, sessions and signing out",
        "rotation of the signing key",
    ),
)
