"""How HubSpot words a refusal: message, category, correlation id, and one entry for each thing that is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from simharness.core.ids import Ids
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
    Unmodelled,
    Violation,
    Violations,
    WrongMethod,
)
from simharness_fakes.hubspot.state.refusals import (
    AlreadyExists,
    DefinitionExists,
    NoSuchDefinition,
    NoSuchObject,
    NotPossible,
    PropertiesInvalid,
    Refusal,
)
from simharness_fakes.hubspot.values import Invalid

JSON = "application/json;charset=utf-8"
_NO_CREDENTIALS = (
    "Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more details "
    "at https://developers.hubspot.com/docs/methods/auth/oauth-overview"
)
#: What stands before the API and answers 502 by itself.
_GATEWAY = "cloudflare"
#: The policy that an app meets first, where nobody says which limit was reached.
_POLICY = "TEN_SECONDLY_ROLLING"
_NO_SCOPE = "This app hasn't been granted all required scopes to make this call."


class Wording:
    """Words the refusals of one portal."""

    def __init__(self, ids: Ids, portal_id: int) -> None:
        self._ids = ids
        self._portal_id = portal_id

    def error(
        self,
        status: int,
        message: str,
        category: str = "VALIDATION_ERROR",
        *,
        details: Sequence[Json] = (),
        context: Mapping[str, Sequence[str]] | None = None,
        extra: Mapping[str, Json] | None = None,
        kind: str = "error",
    ) -> Response:
        """An error answer in HubSpot's form."""
        body: dict[str, Json] = {"status": kind, "message": message, "correlationId": self._ids.uuid("correlation")}
        if details:
            body["errors"] = list(details)
        if context:
            body["context"] = {name: list(values) for name, values in context.items()}
        if category:
            body["category"] = category
        body.update(extra or {})
        return Response(status=status, headers={"content-type": JSON}, body=write_json(body))

    # -- refusals of the pipeline -----------------------------------------------------------------------------------

    def problem(self, problem: Problem) -> Response:
        """The answer to a problem with the request itself."""
        match problem:
            case Unauthenticated():
                return self._unauthenticated(problem)
            case Forbidden(scope=scope):
                needed = {"message": "One or more of the following scopes are required.",
                          "context": {"requiredGranularScopes": [scope]}}  # fmt: skip
                return self.error(403, _NO_SCOPE, "MISSING_SCOPES", details=[needed])
            case Throttled(limit=limit):
                policy = limit or _POLICY
                extra = {"errorType": "RATE_LIMIT", "policyName": policy}
                message = f"You have reached your {policy.lower()} limit."
                return self.error(429, message, "RATE_LIMITS", extra=extra)
            case Trouble(status=status):
                return self._trouble(status)
            case WrongMethod(method=method):
                return self.error(405, f"HTTP 405 Method Not Allowed: {method}", "METHOD_NOT_ALLOWED")
            case BadMediaType(media_type=media_type):
                return self.error(415, f"HTTP 415 Unsupported Media Type: {media_type}", "UNSUPPORTED_MEDIA_TYPE")
            case BadSyntax(detail=detail):
                return self.error(400, f"Invalid input JSON: {detail}")
            case Violations(items=items):
                return self._violations(items)
            case NoRoute(method=method, path=path):
                return self.error(501, f"{method} {path} is not modelled by this fake", "NOT_MODELLED")
            case Unmodelled(what=what):
                return self.error(501, f"{what} is not modelled by this fake", "NOT_MODELLED")
        return self.error(500, f"no wording for {type(problem).__name__}", "INTERNAL_ERROR")

    def _trouble(self, status: int) -> Response:
        if status == 502:
            return page(status, _GATEWAY)
        if status == 503:
            return self.error(503, "Service temporarily unavailable. Please try again later.", "")
        return self.error(500, "internal error", "")

    def _unauthenticated(self, problem: Unauthenticated) -> Response:
        if problem.cause == "expired":
            return self.error(401, "The OAuth token used to make this call expired.", "EXPIRED_AUTHENTICATION")
        return self.error(401, _NO_CREDENTIALS, "INVALID_AUTHENTICATION")

    def _violations(self, items: tuple[Violation, ...]) -> Response:
        for item in items:
            if item.location == "path" and item.path and item.path[0].lower().endswith("objecttype"):
                return self.error(400, f"Unable to infer object type from: {item.value}")
        details = [{"message": _told(item), "in": item.dotted or item.location} for item in items[:20]]
        return self.error(400, f"Invalid input JSON or parameters: {_told(items[0])}", details=details)

    # -- refusals of the portal -------------------------------------------------------------------------------------

    def refusal(self, refusal: Refusal) -> Response:
        """The answer to a request that was understood and refused."""
        match refusal:
            case PropertiesInvalid(invalid=invalid):
                return self._invalid(invalid)
            case AlreadyExists():
                return self.error(409, str(refusal), "CONFLICT")
            case NoSuchObject():
                return self.error(404, "resource not found", "OBJECT_NOT_FOUND")
            case NoSuchDefinition():
                return self.error(404, str(refusal), "OBJECT_NOT_FOUND")
            case DefinitionExists():
                return self.error(409, str(refusal), "OBJECT_ALREADY_EXISTS")
            case NotPossible(category=category):
                return self.error(400, str(refusal), category)
        return self.error(400, str(refusal))

    def standard(self, refusal: Refusal) -> dict[str, Json]:
        """One entry in the errors of a batch that went well in parts."""
        body: dict[str, Json] = {"status": "error", "message": str(refusal), "category": "VALIDATION_ERROR"}
        match refusal:
            case NoSuchObject(kind=kind, thing_id=thing_id):
                body["category"] = "OBJECT_NOT_FOUND"
                body["message"] = (
                    f"Could not get some {kind.upper()} objects, they may be deleted or not exist. "
                    "Check that ids are valid."
                )
                body["context"] = {"ids": [thing_id]}
            case AlreadyExists(existing_id=existing):
                body["category"] = "CONFLICT"
                body["context"] = {"existingObjectId": [existing]}
            case PropertiesInvalid(invalid=invalid):
                body["context"] = {"propertyName": [one.name for one in invalid]}
            case NotPossible(category=category):
                body["category"] = category
        return body

    def _invalid(self, invalid: tuple[Invalid, ...]) -> Response:
        told = [
            {
                "isValid": False,
                "message": one.message,
                "error": one.code,
                "name": one.name,
                "localizedErrorMessage": one.message,
                "portalId": self._portal_id,
            }
            for one in invalid
        ]
        details = [
            {"message": one.message, "code": one.code, "context": {"propertyName": [one.name]}} for one in invalid
        ]
        return self.error(400, f"Property values were not valid: {write_json(told).decode()}", details=details)


def _told(item: Violation) -> str:
    place = item.dotted or item.location
    if item.fit is Fit.MISSING:
        return f"Some required fields were not set: [{place}]"
    if item.fit is Fit.UNKNOWN:
        return f"{place} is not a field of this request"
    return f"{place}: {item.message}"
