"""What handlers share: answers, pages of lists, versions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from simharness.domain.exchange import Response
from simharness.fakekit.bodies import Json, write_json
from simharness.fakekit.fake import Call
from simharness_fakes.gusto import errors
from simharness_fakes.gusto.errors import JSON

if TYPE_CHECKING:
    from simharness_fakes.gusto.fake import Gusto

R = TypeVar("R")
PER = 25
_NOTHING = Response(status=204)


def answer(value: Json, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A good answer."""
    return Response(status=status, headers={"content-type": JSON, **(headers or {})}, body=write_json(value))


def nothing(status: int = 204) -> Response:
    """An answer without a body."""
    return _NOTHING if status == 204 else Response(status=status)


def page(call: Call, found: Sequence[R], *, forced: bool = False) -> tuple[Sequence[R], dict[str, str]]:
    """The page that is asked for, with its headers; everything where nobody asks for one and none is forced."""
    if not forced and "page" not in call.query and "per" not in call.query:
        return found, {}
    per, number = int(call.query.get("per", PER)), int(call.query.get("page", 1))
    start = (number - 1) * per
    headers = {
        "x-page": str(number),
        "x-per-page": str(per),
        "x-total-count": str(len(found)),
        "x-total-pages": str(max(1, -(-len(found) // per))),
    }
    return found[start : start + per], headers


def listed(call: Call, found: Sequence[R], encode: Callable[[R], Json]) -> Response:
    """A list, or the page of it that is asked for."""
    chosen, headers = page(call, found)
    return answer([encode(each) for each in chosen], headers=headers)


def of_company(fake: Gusto, call: Call) -> None:
    """Refuse the path of another company than the token's."""
    named = call.path.get("company_id") or call.path.get("company_uuid")
    if named is not None and named != fake.state.company.id:
        raise errors.missing()


def fresh(given: str, current: str, what: str, status: int = 409) -> None:
    """Refuse a version that is no longer the present one."""
    if given != current:
        raise errors.stale(what, status)


def day(text: Json) -> date:
    """A day of a request, which the contract has looked at."""
    return date.fromisoformat(str(text))
