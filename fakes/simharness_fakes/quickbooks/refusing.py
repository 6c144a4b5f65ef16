"""How QuickBooks words what the pipeline refuses: the API's faults, the gateway's faults, the OAuth server's errors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simharness.domain.exchange import Request, Response
from simharness.fakekit.gateway import page
from simharness.fakekit.idempotency import KeyRefusal
from simharness.fakekit.problems import (
    BadMediaType,
    BadSyntax,
    Forbidden,
    NoRoute,
    Problem,
    Throttled,
    Trouble,
    Unauthenticated,
    Unmodelled,
    Violations,
    WrongMethod,
)
from simharness_fakes.quickbooks import errors
from simharness_fakes.quickbooks.errors import SYSTEM, Error, Refused, gate_envelope

if TYPE_CHECKING:
    from simharness_fakes.quickbooks.fake import Quickbooks

#: What stands before the API and answers by itself where nothing behind it does.
_GATEWAY = "nginx"
_CAUSES = (
    ("missing", "Malformed bearer token: no Authorization header"),
    ("expired", "Token expired: "),
    ("revoked", "Token revoked: "),
    ("unknown", "Malformed bearer token: "),
)


def refuse(fake: Quickbooks, problem: Problem, request: Request) -> Response:
    """The answer to a problem of the pipeline."""
    if isinstance(problem, Trouble) and problem.status != 500:
        return page(problem.status, _GATEWAY)
    if is_oauth(request.path):
        return _refuse_oauth(fake, problem)
    now = fake.setup.clock.now
    if isinstance(problem, Unauthenticated):
        detail = next(text for cause, text in _CAUSES if cause == problem.cause) + problem.token[:40]
        error = _gate("AuthenticationFailed", "003200", 401, "3200", detail)
        headers = {"www-authenticate": 'Bearer realm="Intuit", error="invalid_token"'}
        return fake.reply(gate_envelope(error, "AUTHENTICATION", now), 401, headers)
    if isinstance(problem, Forbidden):
        error = _gate("ApplicationAuthorizationFailed", "003100", 403, "3100", f"No access to {problem.scope}")
        return fake.reply(gate_envelope(error, "AUTHORIZATION", now), 403)
    if isinstance(problem, Throttled):
        error = _gate("ThrottleExceeded", "003001", 429, "3001", "The request limit was reached.  Try again later")
        headers = {"retry-after": str(problem.retry_after_s)} if fake.options.retry_after else {}
        return fake.reply(gate_envelope(error, "THROTTLE", now), 429, headers)
    if isinstance(problem, Trouble):
        error = Error(code="3100", message="message=InternalServerError; errorCode=003100; statusCode=500", detail="")
        return fake.reply(gate_envelope(error, "SERVICE", now), 500)
    if isinstance(problem, WrongMethod):
        refused = Refused(*errors.unsupported_operation(problem.method).errors, status=405)
        return _with_allow(fake.refused(refused), problem.allowed)
    return fake.refused(_fault(problem))


def duplicate_request(refusal: KeyRefusal) -> Refused:
    """A requestid that is in use, where it is not simply replayed."""
    error = Error(code="600", message="Duplicate Request ID", detail=f"RequestId {refusal.told}", element="requestid")
    return Refused(error, status=refusal.status)


def is_oauth(path: str) -> bool:
    """Whether an address belongs to the OAuth server."""
    return path.startswith(("/oauth2/", "/v2/oauth2/", "/.well-known/"))


def _gate(name: str, number: str, status: int, code: str, detail: str) -> Error:
    return Error(code=code, message=f"message={name}; errorCode={number}; statusCode={status}", detail=detail)


def _fault(problem: Problem) -> Refused:
    if isinstance(problem, Violations):
        return errors.from_violations(problem)
    if isinstance(problem, BadMediaType):
        detail = f"Content type {problem.media_type!r} is not supported, one of: {', '.join(problem.accepted)}"
        return Refused(Error(code="1050", message="Invalid Content Type", detail=detail), status=415)
    if isinstance(problem, BadSyntax):
        return Refused(
            Error(
                code="2010", message="Request has invalid or unsupported property",
                detail=f"The request body cannot be read: {problem.detail}",
            )
        )  # fmt: skip
    what = problem.what if isinstance(problem, Unmodelled) else "an address that is not modelled"
    if isinstance(problem, NoRoute):
        what = f"resource for {problem.method} {problem.path}"
    return Refused(
        Error(
            code="10000", message="An application error has occurred while processing your request",
            detail=f"System Failure Error: Could not find {what}",
        ),
        kind=SYSTEM,
        status=501,
    )  # fmt: skip


def _with_allow(response: Response, allowed: tuple[str, ...]) -> Response:
    return Response(
        status=response.status, headers={**response.headers, "allow": ", ".join(allowed)}, body=response.body
    )


def _refuse_oauth(fake: Quickbooks, problem: Problem) -> Response:
    status = 400
    if isinstance(problem, Trouble):
        return fake.reply({"error": "server_error", "error_description": "Internal Server Error"}, 500)
    if isinstance(problem, Throttled):
        headers = {"retry-after": str(problem.retry_after_s)} if fake.options.retry_after else {}
        return fake.reply({"error": "too_many_requests", "error_description": "Try again later"}, 429, headers)
    if isinstance(problem, WrongMethod):
        status = 405
    elif isinstance(problem, BadMediaType):
        status = 415
    elif isinstance(problem, NoRoute | Unmodelled):
        status = 501
    if isinstance(problem, Violations):
        item = problem.items[0]
        if item.dotted == "grant_type" and item.value:
            return fake.reply({"error": "unsupported_grant_type", "error_description": item.message}, status)
        return fake.reply({"error": "invalid_request", "error_description": f"{item.dotted}: {item.message}"}, status)
    body = {"error": "invalid_request", "error_description": type(problem).__name__}
    response = fake.reply(body, status)
    return _with_allow(response, problem.allowed) if isinstance(problem, WrongMethod) else response
