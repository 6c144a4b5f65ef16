"""Stripe's error envelope: type, code, param, message, doc_url and where the request can be looked up.

Types: `invalid_request_error`, `card_error`, `idempotency_error`, `api_error`. A decline carries its intent.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from simharness.domain.exchange import UNMODELLED, Notes, Request, Response
from simharness.fakekit.bodies import write_json
from simharness.fakekit.gateway import page
from simharness.fakekit.idempotency import KeyRefusal, Verdict
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
from simharness_fakes.payments.refusals import Refused
from simharness_fakes.stripe.wire.objects import DOC_URL

if TYPE_CHECKING:
    from simharness_fakes.stripe.fake import Stripe

JSON = "application/json"
#: What stands before the API and answers 502 by itself.
_GATEWAY = "nginx"
_KINDS = ("integer", "boolean", "object", "array", "string")
_SHOWN = 4


def error(
    fake: Stripe,
    status: int,
    message: str,
    *,
    kind: str = "invalid_request_error",
    code: str = "",
    param: str = "",
    **more: Any,
) -> Response:
    """An answer with an error; `more` are further fields of the envelope, None is left out."""
    body: dict[str, Any] = {"message": message, "type": kind}
    if code:
        body |= {"code": code, "doc_url": f"{DOC_URL}{code.replace('_', '-')}"}
    if param:
        body["param"] = param
    if status not in (401, 501):
        body["request_log_url"] = (
            f"https://dashboard.stripe.com/{fake.profile.account}/test/workbench/logs?object={fake.request_id}"
        )
    body |= {name: value for name, value in more.items() if value is not None}
    headers = {"content-type": JSON}
    if status >= 500:
        headers["stripe-should-retry"] = "true"
    elif status in (400, 401, 402, 404):
        headers["stripe-should-retry"] = "false"
    return Response(status=status, headers=headers, body=write_json({"error": dict(sorted(body.items()))}))


def refusal(
    fake: Stripe, message: str, *, status: int = 400, code: str = "", param: str = "", **more: Any
) -> VendorError:
    """An invalid request, to be raised inside a handler before anything was changed."""
    return VendorError(error(fake, status, message, code=code, param=param, **more))


def missing(fake: Stripe, noun: str, record_id: str, *, param: str = "id", status: int = 404) -> VendorError:
    """Something is named that does not exist: 404 for the object of the path, 400 for a parameter."""
    message = f"No such {noun}: {record_id!r}"
    return refusal(fake, message, status=status, code="resource_missing", param=param)


#: The parameter at fault and Stripe's code ("" for none) of a refusal of the engine.
_REFUSALS = MappingProxyType(
    {
        "amount_too_large": ("amount", ""),
        "amount_too_small": ("amount", "amount_too_small"),
        "balance_insufficient": ("amount", "balance_insufficient"),
        "charge_already_refunded": ("", "charge_already_refunded"),
        "charge_disputed": ("", "charge_disputed"),
        "charge_not_refundable": ("", "charge_not_refundable"),
        "currency_mismatch": ("currency", ""),
    }
)


def refused(fake: Stripe, refusal: Refused) -> Response:
    """A refusal of the engine in Stripe's envelope; what this fake only lacks a statement for is answered loudly."""
    if refusal.code == "exchange_rate_unknown":
        return unmodelled(fake, str(refusal))
    param, code = _REFUSALS.get(refusal.code, ("", ""))
    text = str(refusal)
    return error(fake, 400, text[:1].upper() + text[1:], code=code, param=param)


def respond(fake: Stripe, problem: Problem, request: Request) -> Response:
    """Stripe's words for a problem of the pipeline."""
    if isinstance(problem, Violations):
        return _violations(fake, problem)
    if isinstance(problem, Unauthenticated):
        return _unauthenticated(fake, problem)
    if isinstance(problem, BadSyntax):
        return error(fake, 400, f"The request could not be read: {problem.detail}")
    if isinstance(problem, BadMediaType):
        asked = ", ".join(problem.accepted)
        return error(fake, 400, f"Invalid request: the content type of a POST must be {asked}.")
    if isinstance(problem, Throttled):
        limited = error(fake, 429, "Too many requests hit the API too quickly.", code="rate_limit")
        return _with_headers(limited, {"stripe-should-retry": "true", "retry-after": str(problem.retry_after_s)})
    if isinstance(problem, Trouble):
        return _trouble(fake, problem.status)
    if isinstance(problem, Forbidden):
        message = (
            "The provided key does not have the required permissions for this endpoint on account "
            f"'{fake.profile.account}'. Having the '{problem.scope}' permission would allow this request to continue."
        )
        return error(fake, 403, message)
    if isinstance(problem, WrongMethod):
        refused = error(fake, 405, f"Unrecognized request URL ({problem.method}: {problem.path}).")
        return _with_headers(refused, {"allow": ", ".join(problem.allowed)})
    if isinstance(problem, NoRoute):
        return error(fake, 501, f"Unrecognized request URL ({problem.method}: {problem.path}).")
    if isinstance(problem, Unmodelled):
        return unmodelled(fake, problem.what)
    return error(fake, 500, f"An error occurred: {type(problem).__name__}", kind="api_error")


def _trouble(fake: Stripe, status: int) -> Response:
    if status == 502:
        return page(status, _GATEWAY)
    message = "An unknown error occurred"
    if status == 503:
        message = "The API is temporarily unavailable. Please try again later."
    return error(fake, status, message, kind="api_error")


def key_conflict(fake: Stripe, refusal: KeyRefusal) -> Response:
    """A request that is refused for its key: in Stripe's own words where Stripe itself refuses so."""
    code = ""
    if refusal.why is Verdict.IN_FLIGHT:
        message = "There is currently another in-progress request using this idempotency key; try again later."
        code = "idempotency_key_in_use"
    elif refusal.why is Verdict.MISMATCH and not refusal.existing:
        message = (
            "Keys for idempotent requests can only be used with the same parameters they were first used with. "
            f"{refusal.key!r} was used with others."
        )
    else:
        message = f"The idempotency key {refusal.told}"
    return error(fake, refusal.status, message, kind="idempotency_error", code=code)


def unmodelled(fake: Stripe, what: str) -> Response:
    """The loud answer to something Stripe knows and this fake does not."""
    refused = error(fake, 501, f"{what} is not modelled by this fake of Stripe.", kind="api_error")
    headers = {**refused.headers, UNMODELLED: what.encode("ascii", "backslashreplace").decode()}
    headers["stripe-should-retry"] = "false"
    return Response(status=501, headers=headers, body=refused.body, notes=Notes(unmodelled=(what,)))


def _unauthenticated(fake: Stripe, problem: Unauthenticated) -> Response:
    if problem.cause == "missing":
        message = (
            "You did not provide an API key. Provide it in the Authorization header: Bearer auth "
            "('Authorization: Bearer YOUR_SECRET_KEY') or as the user name of Basic auth."
        )
        return _with_headers(error(fake, 401, message), {"www-authenticate": 'Bearer realm="Stripe"'})
    if problem.cause == "expired":
        message = f"Expired API Key provided: {_masked(problem.token)}"
        return error(fake, 401, message, code="api_key_expired")
    return error(fake, 401, f"Invalid API Key provided: {_masked(problem.token)}")


def _violations(fake: Stripe, problem: Violations) -> Response:
    known = fake.contract.operations[problem.operation].spec.get("x-sim-unmodelled", ())
    unknown = [v for v in problem.items if v.fit is Fit.UNKNOWN]
    for violation in unknown:
        # A parameter that Stripe knows and the fake does not must not look like the caller's mistake.
        if violation.dotted in known or (violation.path and violation.path[0] in known):
            return unmodelled(fake, f"{problem.operation}: parameter {_param(violation.path)}")
    if unknown:
        names = [_param(v.path) for v in unknown]
        plural = "s" if len(names) > 1 else ""
        message = f"Received unknown parameter{plural}: {', '.join(names)}"
        return error(fake, 400, message, code="parameter_unknown", param=names[0])
    return _violation(fake, problem.items[0])


def _violation(fake: Stripe, violation: Violation) -> Response:
    param, value = _param(violation.path), violation.value
    if violation.location == "header":
        return _header(fake, param, value)
    if violation.fit is Fit.MISSING:
        message = f"Missing required param: {param}." if param else "Missing required param."
        return error(fake, 400, message, code="parameter_missing", param=param)
    if violation.path and violation.path[0] == "email" and violation.fit is Fit.FORMAT:
        return error(fake, 400, f"Invalid email address: {value}", code="email_invalid", param=param)
    if violation.fit is Fit.TYPE:
        kind = next((k for k in _KINDS if f'"{k}"' in violation.message), "value")
        code = "parameter_invalid_integer" if kind == "integer" else ""
        return error(fake, 400, f"Invalid {kind}: {value}", code=code, param=param)
    if violation.fit is Fit.LENGTH and value == "":
        message = f"You passed an empty string for '{param}'."
        return error(fake, 400, message, code="parameter_invalid_empty", param=param)
    if violation.path and violation.path[0] == "metadata":
        return error(fake, 400, _metadata(violation), param=param)
    if violation.fit is Fit.RANGE:
        return error(fake, 400, f"Invalid integer: {violation.message}", code="parameter_invalid_integer", param=param)
    if violation.fit is Fit.ENUM:
        return error(fake, 400, f"Invalid {param}: {violation.message}", param=param)
    return error(fake, 400, f"Invalid value for {param}: {violation.message}", param=param)


def _header(fake: Stripe, name: str, value: str) -> Response:
    if name == "idempotency-key":
        message = "The idempotency key is too long: at most 255 characters are allowed."
        return error(fake, 400, message, kind="idempotency_error")
    return error(fake, 400, f"Invalid Stripe API version: {value}")


def _metadata(violation: Violation) -> str:
    if violation.fit is Fit.LENGTH and len(violation.path) > 1:
        return f"Metadata values can have up to 500 characters: {violation.path[1]}"
    if violation.fit in (Fit.LENGTH, Fit.OTHER):
        return "Metadata can have up to 50 keys, each with up to 40 characters and without square brackets."
    return f"Invalid metadata: {violation.message}"


def _param(path: tuple[str, ...]) -> str:
    return path[0] + "".join(f"[{name}]" for name in path[1:]) if path else ""


def _masked(token: str) -> str:
    shown = "".join(c if " " < c <= "~" else "?" for c in token)
    return f"{'*' * max(0, min(len(shown), 24) - 4)}{shown[-4:]}" if len(shown) > _SHOWN else "***"


def _with_headers(response: Response, headers: dict[str, str]) -> Response:
    return Response(
        status=response.status, headers={**response.headers, **headers}, body=response.body, notes=response.notes
    )
