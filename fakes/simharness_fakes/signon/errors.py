"""Refusals in the form of OAuth 2 (RFC 6749, section 5.2); what is not modelled is told loudly."""

from __future__ import annotations

from simharness.domain.exchange import UNMODELLED, Notes, Request, Response
from simharness.fakekit.bodies import write_json
from simharness.fakekit.gateway import page
from simharness.fakekit.problems import (
    BadMediaType,
    NoRoute,
    Problem,
    Throttled,
    Trouble,
    Unmodelled,
    Violations,
    WrongMethod,
)

JSON = "application/json"
#: What stands before the provider and answers 502 by itself.
_GATEWAY = "nginx"


def refused(status: int, error: str, description: str) -> Response:
    """A refusal with its code and words."""
    body = {"error": error, "error_description": description}
    return Response(status=status, headers={"content-type": JSON, "cache-control": "no-store"}, body=write_json(body))


def respond(problem: Problem, request: Request) -> Response:
    """The provider's words for a problem of the pipeline."""
    if isinstance(problem, Violations):
        item = problem.items[0]
        if item.dotted == "grant_type" and item.value:
            return refused(400, "unsupported_grant_type", item.message)
        return refused(400, "invalid_request", f"{item.dotted or 'body'}: {item.message}")
    if isinstance(problem, BadMediaType):
        return refused(415, "invalid_request", f"the body must be {', '.join(problem.accepted)}")
    if isinstance(problem, Trouble):
        return _trouble(problem.status)
    if isinstance(problem, Throttled):
        told = refused(429, "too_many_requests", "Global limit has been reached")
        return Response(status=429, headers={**told.headers, "retry-after": str(problem.retry_after_s)}, body=told.body)
    if isinstance(problem, WrongMethod):
        told = refused(405, "invalid_request", f"{problem.path} takes {', '.join(problem.allowed)}")
        return Response(status=405, headers={**told.headers, "allow": ", ".join(problem.allowed)}, body=told.body)
    if isinstance(problem, NoRoute | Unmodelled):
        what = problem.what if isinstance(problem, Unmodelled) else request.path
        told = refused(501, "invalid_request", f"{what} is not modelled by this fake")
        headers = {**told.headers, UNMODELLED: what.encode("ascii", "backslashreplace").decode()}
        return Response(status=501, headers=headers, body=told.body, notes=Notes(unmodelled=(what,)))
    return refused(400, "invalid_request", f"the request cannot be read: {type(problem).__name__}")


def _trouble(status: int) -> Response:
    if status == 502:
        return page(status, _GATEWAY)
    if status == 503:
        return refused(503, "temporarily_unavailable", "The provider cannot answer at the moment")
    return refused(500, "server_error", "The provider met an unexpected condition")
