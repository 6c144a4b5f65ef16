"""The event API's refusals: a status in words, a message, and one text for each thing that is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from simharness.domain.exchange import UNMODELLED, Notes, Request, Response
from simharness.fakekit.bodies import write_json
from simharness.fakekit.gateway import page
from simharness.fakekit.problems import (
    BadMediaType,
    BadSyntax,
    Fit,
    NoRoute,
    Problem,
    Throttled,
    Trouble,
    Unauthenticated,
    Unmodelled,
    Violation,
    Violations,
    WrongMethod,
)

if TYPE_CHECKING:
    from simharness_fakes.alerts.fake import Alerts

JSON = "application/json"
#: What stands before the API and answers 502 by itself.
_GATEWAY = "nginx"
_INVALID, _MESSAGE = "invalid event", "Event object is invalid"


def error(status: int, word: str, message: str, errors: Sequence[str] = ()) -> Response:
    """A refusal; `errors` are told where there are any."""
    body = {"status": word, "message": message, **({"errors": list(errors)} if errors else {})}
    return Response(status=status, headers={"content-type": JSON}, body=write_json(body))


def respond(fake: Alerts, problem: Problem, request: Request) -> Response:
    """The API's words for a problem of the pipeline."""
    del fake, request
    if isinstance(problem, Violations):
        return error(400, _INVALID, _MESSAGE, tuple(dict.fromkeys(_misfit(each) for each in problem.items)))
    if isinstance(problem, Unauthenticated):
        missing = problem.cause == "missing"
        return error(
            400, _INVALID, _MESSAGE, ["'routing_key' is missing or blank" if missing else "Invalid routing key"]
        )
    if isinstance(problem, BadSyntax):
        return error(400, _INVALID, _MESSAGE, [f"the body is not JSON: {problem.detail}"])
    if isinstance(problem, BadMediaType):
        return error(415, "unsupported media type", f"the body must be {', '.join(problem.accepted)}")
    if isinstance(problem, Throttled):
        refused = error(429, "throttle exceeded", "Requests for this service are arriving too quickly")
        return _with(refused, "retry-after", str(problem.retry_after_s))
    if isinstance(problem, Trouble):
        if problem.status == 502:
            return page(problem.status, _GATEWAY)
        words = "Internal Server Error" if problem.status == 500 else "Service Unavailable"
        return error(problem.status, "error", words)
    if isinstance(problem, WrongMethod):
        refused = error(405, "method not allowed", f"{problem.path} takes {', '.join(problem.allowed)}")
        return _with(refused, "allow", ", ".join(problem.allowed))
    if isinstance(problem, NoRoute):
        return error(501, "not modelled", f"{problem.path} is not modelled by this fake")
    if isinstance(problem, Unmodelled):
        return _unmodelled(problem.what)
    return error(500, "error", f"unforeseen: {type(problem).__name__}")


def _unmodelled(what: str) -> Response:
    refused = _with(
        error(501, "not modelled", f"{what} is not modelled by this fake"),
        UNMODELLED,
        what.encode("ascii", "backslashreplace").decode(),
    )
    return Response(status=501, headers=refused.headers, body=refused.body, notes=Notes(unmodelled=(what,)))


def _with(response: Response, name: str, value: str) -> Response:
    return Response(status=response.status, headers={**response.headers, name: value}, body=response.body)


def _misfit(violation: Violation) -> str:
    name = violation.dotted or "body"
    if violation.fit is Fit.MISSING or not violation.value.strip():
        return f"'{name}' is missing or blank"
    if violation.fit is Fit.UNKNOWN:
        return f"'{name}' is not a field of an event"
    return f"'{name}' is invalid: {violation.message}"
