"""What can be wrong with a request before any finance rule is asked. A pack's `errors` turns each into its vendor's
form.

Problem
├── NoRoute           nothing modelled at this path (the pipeline answers 501, loudly)
├── UnknownVersion    a version of the API that nobody has
├── WrongMethod       the path exists, not with this method
├── BadSyntax         the body cannot be read as its media type says
├── BadMediaType      a media type the operation does not take
├── Violations        read, but not according to the contract
├── Unmodelled        a field, parameter or value the contract does not know and the vendor would (501, loudly)
├── Unauthenticated   no valid credential
├── Forbidden         valid credential without the scope
├── Throttled         over a limit
└── Trouble           the vendor itself fails, or whatever stands before it
"""

from __future__ import annotations

import enum

from simharness.domain.base import Record
from simharness.domain.exchange import Response


class Fit(enum.Enum):
    """In which way a value does not fit the contract."""

    MISSING = "missing"
    UNKNOWN = "unknown"
    TYPE = "type"
    ENUM = "enum"
    FORMAT = "format"
    RANGE = "range"
    LENGTH = "length"
    OTHER = "other"


class Violation(Record, frozen=True, kw_only=True):
    """One misfit: where (`body`, `query`, `path`, `header`), at which path of names and positions, how, and with which
    value.
    """

    location: str
    path: tuple[str, ...]
    fit: Fit
    message: str
    value: str = ""

    @property
    def dotted(self) -> str:
        """The path in dots, for example `Line.0.Amount`."""
        return ".".join(self.path)


class Problem(Record, frozen=True, kw_only=True):
    """The root; never used itself."""


class NoRoute(Problem, frozen=True, kw_only=True):
    """Nothing is modelled at this path."""

    method: str
    path: str


class UnknownVersion(Problem, frozen=True, kw_only=True):
    """The request names a version of the API that there is not; `known` are those there are."""

    version: str
    known: tuple[str, ...]


class WrongMethod(Problem, frozen=True, kw_only=True):
    """The path exists, but not with this method."""

    method: str
    path: str
    allowed: tuple[str, ...]


class BadSyntax(Problem, frozen=True, kw_only=True):
    """The body cannot be read; `detail` is the parser's word."""

    detail: str


class BadMediaType(Problem, frozen=True, kw_only=True):
    """The operation does not take this media type."""

    media_type: str
    accepted: tuple[str, ...]


class Violations(Problem, frozen=True, kw_only=True):
    """The request is readable but does not follow the contract; at least one, in document order."""

    operation: str
    items: tuple[Violation, ...]


class Unmodelled(Problem, frozen=True, kw_only=True):
    """Something the real vendor may know and this fake does not."""

    what: str


class Unauthenticated(Problem, frozen=True, kw_only=True):
    """No credential, an unknown, expired or revoked one. `cause`: missing, unknown, expired, revoked."""

    cause: str
    token: str = ""


class Forbidden(Problem, frozen=True, kw_only=True):
    """The credential is valid but lacks a scope or belongs to another company."""

    scope: str


class Throttled(Problem, frozen=True, kw_only=True):
    """A limit is reached; `retry_after_s` until the window moves on, `limit` names it."""

    limit: str
    retry_after_s: int


class Trouble(Problem, frozen=True, kw_only=True):
    """The vendor fails: 500 of its own, 502 of what stands before it, 503 when it is not there."""

    status: int


class VendorError(Exception):
    """Raised inside a handler to answer with a vendor's error; carries the finished response."""

    def __init__(self, response: Response) -> None:
        self.response = response
        super().__init__(response.status)
