"""Gusto's refusals: a list of errors, each with the field (`error_key`), a category and a sentence."""

from __future__ import annotations

from simharness.domain.exchange import Response
from simharness.fakekit.bodies import Json, write_json
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
    UnknownVersion,
    Unmodelled,
    VendorError,
    Violations,
    WrongMethod,
)
from simharness_fakes.payroll import refusals as engine

JSON = "application/json; charset=utf-8"
#: What an error concerns where it is no single field.
REQUEST, BASE = "request", "base"
VALUE, OPERATION, MISSING, STALE = (
    "invalid_attribute_value", "invalid_operation", "not_found", "invalid_resource_version",
)  # fmt: skip
_MOST = 20
_LIMIT = "200 requests in 60 seconds"
#: What stands before the API and answers 502 by itself.
_GATEWAY = "cloudflare"


def entry(key: str, category: str, message: str) -> dict[str, Json]:
    """One error of the list."""
    return {"error_key": key, "category": category, "message": message}


def answer(status: int, *errors: dict[str, Json]) -> Response:
    """An answer with errors."""
    return Response(status=status, headers={"content-type": JSON}, body=write_json({"errors": list(errors)}))


def refusal(status: int, key: str, category: str, message: str) -> VendorError:
    """A refusal, to be raised inside a handler before anything was changed."""
    return VendorError(answer(status, entry(key, category, message)))


def invalid(key: str, message: str) -> VendorError:
    """A value that the field does not allow."""
    return refusal(422, key, VALUE, message)


def impossible(message: str, key: str = BASE) -> VendorError:
    """Something that cannot be done as things stand."""
    return refusal(422, key, OPERATION, message)


def missing() -> VendorError:
    """Nothing is found under this id, or it is somebody else's."""
    return refusal(
        404, REQUEST, MISSING, "The requested resource does not exist. Make sure the provided UUID is valid."
    )


def stale(what: str, status: int = 409) -> VendorError:
    """A version that is no longer the present one."""
    return refusal(status, BASE, STALE, f"The given version is out of date: read the {what} again and use its version.")


def engines(refused: engine.Refusal) -> VendorError:
    """A refusal of the payroll engine in Gusto's words."""
    if isinstance(refused, engine.NotFound):
        return missing()
    return VendorError(answer(422, engine_entry(refused)))


def engine_entry(refused: engine.Refusal) -> dict[str, Json]:
    """The error that an engine's refusal is."""
    if isinstance(refused, engine.BadValue):
        return entry(refused.field, VALUE, str(refused))
    if isinstance(refused, engine.UnknownEarning | engine.UnknownDeduction):
        return entry("name", VALUE, str(refused))
    if isinstance(refused, engine.WithoutState):
        return entry("work_address", "missing_work_address", str(refused))
    if isinstance(refused, engine.MissingTable):
        return entry("taxes", "unsupported_jurisdiction", str(refused))
    if isinstance(refused, engine.NetBelowZero):
        return entry("net_pay", VALUE, str(refused))
    return entry(BASE, OPERATION, str(refused))


def respond(problem: Problem) -> Response:
    """Gusto's words for a problem of the pipeline."""
    if isinstance(problem, Violations):
        return answer(422, *(_misfit(problem)[:_MOST]))
    if isinstance(problem, Unauthenticated):
        told = "The token is invalid, expired, or has not been included in the request."
        return answer(401, entry(REQUEST, "invalid_token", told))
    if isinstance(problem, Forbidden):
        told = f"The token does not have the scope that this endpoint needs: {problem.scope}."
        return answer(403, entry(REQUEST, "missing_oauth_scopes", told))
    if isinstance(problem, UnknownVersion):
        told = f"Invalid API Version `{problem.version}`. Known versions: {', '.join(problem.known)}"
        return answer(406, entry(REQUEST, "invalid_api_version", told))
    if isinstance(problem, BadSyntax):
        return answer(400, entry(REQUEST, "invalid_json", f"The body cannot be read: {problem.detail}"))
    if isinstance(problem, BadMediaType):
        return answer(415, entry(REQUEST, "invalid_media_type", f"The body must be {', '.join(problem.accepted)}."))
    if isinstance(problem, Throttled):
        told = f"More than {problem.limit or _LIMIT}: wait and try again."
        refused = answer(429, entry(REQUEST, "rate_limit_exceeded", told))
        headers = {**refused.headers, "retry-after": str(problem.retry_after_s)}
        return Response(status=429, headers=headers, body=refused.body)
    if isinstance(problem, Trouble):
        return _trouble(problem.status)
    if isinstance(problem, WrongMethod):
        refused = answer(405, entry(REQUEST, "invalid_method", f"{problem.path} takes {', '.join(problem.allowed)}."))
        return Response(status=405, headers={**refused.headers, "allow": ", ".join(problem.allowed)}, body=refused.body)
    if isinstance(problem, NoRoute):
        return answer(501, entry(REQUEST, "not_modelled", f"{problem.path} is not modelled by this fake."))
    if isinstance(problem, Unmodelled):
        return answer(501, entry(REQUEST, "not_modelled", f"{problem.what} is not modelled by this fake."))
    return answer(500, entry(REQUEST, "internal_error", f"unforeseen: {type(problem).__name__}"))


def _trouble(status: int) -> Response:
    if status == 502:
        return page(status, _GATEWAY)
    if status == 503:
        return answer(status, entry(BASE, "service_unavailable", "The service is temporarily unavailable."))
    return answer(status, entry(BASE, "internal_server_error", "Something went wrong on our side."))


def _misfit(problem: Violations) -> list[dict[str, Json]]:
    told = []
    for violation in problem.items:
        key = violation.dotted or violation.location
        if violation.fit is Fit.MISSING:
            told.append(entry(key, "missing_attribute" if violation.path else VALUE, f"{key} is required"))
        elif violation.fit is Fit.UNKNOWN:
            told.append(entry(key, "unknown_attribute", f"{key} is not known here"))
        else:
            told.append(entry(key, VALUE, f"{key}: {violation.message}"[:400]))
    return told
