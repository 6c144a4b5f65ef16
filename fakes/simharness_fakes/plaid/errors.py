"""Plaid's error envelope: type, code, a message for developers and, where the account holder can help, one for people.

Refusals are 400 but for limits (429); a missing or wrong key is a 400 too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from simharness.domain.exchange import UNMODELLED, Notes, Request, Response
from simharness.fakekit.bodies import write_json
from simharness.fakekit.gateway import page
from simharness.fakekit.problems import (
    BadMediaType,
    BadSyntax,
    Fit,
    Forbidden,
    NoRoute,
    Problem,
    Throttled,
    Trouble,
    Unauthenticated,
    Unmodelled,
    VendorError,
    Violation,
    Violations,
    WrongMethod,
)

if TYPE_CHECKING:
    from simharness_fakes.plaid.fake import Plaid

JSON = "application/json"
#: What stands before the API and answers 502 by itself.
_GATEWAY = "nginx"
_LIMIT = "this client may ask in a minute"
_DOCS = "https://plaid.com/docs/?ref=error#"
INPUT, REQUEST, ITEM, TRANSACTIONS, SANDBOX = (
    "INVALID_INPUT", "INVALID_REQUEST", "ITEM_ERROR", "TRANSACTIONS_ERROR", "SANDBOX_ERROR",
)  # fmt: skip
_KINDS = ("integer", "number", "boolean", "object", "array", "string")


def fields(
    kind: str, code: str, message: str, *, display: str | None = None, request_id: str | None = None
) -> Mapping[str, Any]:
    """The fields of an error, as an answer, an item or a webhook carries them."""
    found: dict[str, Any] = {
        "display_message": display,
        "documentation_url": f"{_DOCS}{kind.lower().replace('_', '-')}-errors",
        "error_code": code,
        "error_message": message,
        "error_type": kind,
    }
    if request_id is not None:
        found["request_id"] = request_id
    return found | {"suggested_action": None}


def error(
    fake: Plaid, kind: str, code: str, message: str, *, status: int = 400, display: str | None = None
) -> Response:
    """An answer with an error."""
    body = fields(kind, code, message, display=display, request_id=fake.request_id)
    return Response(status=status, headers={"content-type": JSON}, body=write_json(body))


def refusal(fake: Plaid, kind: str, code: str, message: str, *, display: str | None = None) -> VendorError:
    """A refusal, to be raised inside a handler before anything was changed."""
    return VendorError(error(fake, kind, code, message, display=display))


def login_required(request_id: str | None = None) -> Mapping[str, Any]:
    """The error of an item whose bank lets Plaid in no more."""
    return fields(
        ITEM,
        "ITEM_LOGIN_REQUIRED",
        "the bank no longer accepts this login; the account holder has to log in again through Link in update mode",
        display="Your bank asks you to log in again.",
        request_id=request_id,
    )


def respond(fake: Plaid, problem: Problem, request: Request) -> Response:
    """Plaid's words for a problem of the pipeline."""
    if isinstance(problem, Violations):
        return _violations(fake, problem)
    if isinstance(problem, Unauthenticated):
        if problem.cause == "missing":
            return error(fake, REQUEST, "MISSING_FIELDS", "required fields are missing: client_id, secret")
        return error(fake, INPUT, "INVALID_API_KEYS", "no client has this client_id and secret")
    if isinstance(problem, BadSyntax):
        return error(fake, REQUEST, "INVALID_BODY", f"the body is not JSON: {problem.detail}")
    if isinstance(problem, BadMediaType):
        return error(fake, REQUEST, "INVALID_BODY", f"the body must be {', '.join(problem.accepted)}")
    if isinstance(problem, Throttled):
        asked = f"more than {problem.limit or _LIMIT}"
        message = f"{asked}; try again in {problem.retry_after_s} s"
        return error(fake, "RATE_LIMIT_EXCEEDED", "RATE_LIMIT", message, status=429)
    if isinstance(problem, Trouble):
        return _trouble(fake, problem.status)
    if isinstance(problem, Forbidden):
        return error(fake, INPUT, "UNAUTHORIZED_ROUTE_ACCESS", f"no access to {problem.scope}")
    if isinstance(problem, WrongMethod):
        refused = error(fake, REQUEST, "NOT_FOUND", f"{problem.path} takes {', '.join(problem.allowed)}", status=405)
        headers = {**refused.headers, "allow": ", ".join(problem.allowed)}
        return Response(status=405, headers=headers, body=refused.body)
    if isinstance(problem, NoRoute):
        return error(fake, REQUEST, "NOT_FOUND", f"{problem.path} is not modelled", status=501)
    if isinstance(problem, Unmodelled):
        return unmodelled(fake, problem.what)
    return error(fake, "API_ERROR", "INTERNAL_SERVER_ERROR", f"unforeseen: {type(problem).__name__}", status=500)


def _trouble(fake: Plaid, status: int) -> Response:
    if status == 502:
        return page(status, _GATEWAY)
    if status == 503:
        message = "the Plaid API is temporarily unavailable due to planned maintenance"
        return error(fake, "API_ERROR", "PLANNED_MAINTENANCE", message, status=status)
    return error(fake, "API_ERROR", "INTERNAL_SERVER_ERROR", "an unexpected error occurred", status=status)


def unmodelled(fake: Plaid, what: str) -> Response:
    """The loud answer to something Plaid knows and this fake does not."""
    refused = error(fake, "API_ERROR", "NOT_MODELLED", f"{what} is not modelled by this fake of Plaid", status=501)
    headers = {**refused.headers, UNMODELLED: what.encode("ascii", "backslashreplace").decode()}
    return Response(status=501, headers=headers, body=refused.body, notes=Notes(unmodelled=(what,)))


def _violations(fake: Plaid, problem: Violations) -> Response:
    known = fake.contract.operations[problem.operation].spec.get("x-sim-unmodelled", ())
    for violation in problem.items:
        # What Plaid knows and the fake does not must not look like the caller's mistake.
        if violation.fit is Fit.UNKNOWN and violation.dotted in known:
            return unmodelled(fake, f"{problem.operation}: field {violation.dotted}")
        if violation.fit is Fit.ENUM and f"{_field(violation)}={violation.value}" in known:
            return unmodelled(fake, f"{problem.operation}: {_field(violation)} {violation.value}")
    for fit, code, words in (
        (Fit.MISSING, "MISSING_FIELDS", "required fields are missing"),
        (Fit.UNKNOWN, "UNKNOWN_FIELDS", "fields that this endpoint does not know"),
    ):
        names = [v.dotted or "body" for v in problem.items if v.fit is fit]
        if names:
            return error(fake, REQUEST, code, f"{words}: {', '.join(names)}")
    violation = problem.items[0]
    if violation.location == "header":
        return error(fake, REQUEST, "INVALID_HEADERS", f"there is no {violation.dotted} {violation.value}")
    return error(fake, REQUEST, "INVALID_FIELD", _misfit(violation))


def _field(violation: Violation) -> str:
    """The name of the field, without its place in a list."""
    return ".".join(part for part in violation.path if not part.isdigit())


def _misfit(violation: Violation) -> str:
    name = violation.dotted or "body"
    if violation.fit is Fit.TYPE:
        kind = next((k for k in _KINDS if f'"{k}"' in violation.message), "of another type")
        return f"{name} must be {kind}"
    return f"{name}: {violation.message}"
