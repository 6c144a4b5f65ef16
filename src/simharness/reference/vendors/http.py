"""One bounded way to call a vendor: what is repeated, how long it waits, when it gives up.

Repeated are 408, 409, 429, 5xx and transport errors, never another 4xx; a 401 once, after a token refresh, and
what is refused with the new token too waits for a later pass. Waits grow, honour Retry-After, and their jitter comes
from the request's key, so that a run can be repeated. Every call of this program is safe to repeat: reads, absolute
updates, and creates that carry an idempotency key.
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import msgspec
import tenacity

from simharness.reference.errors import Refused, Unavailable

#: A vendor's JSON object as it came; it does not leave the clients and the readers beside them.
Json = dict[str, Any]

_decoder = msgspec.json.Decoder(float_hook=Decimal)
_REPEATED = frozenset({408, 409, 429})
#: Server errors that say "never": repeating them helps nobody.
_DEFINITE = frozenset({501, 505})
#: A request that was given up is not begun again sooner: whoever asks next in the same pass would only go on at once.
_REST_S = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How often and how long a call is tried."""

    attempts: int = 5
    base_ms: int = 500
    longest_ms: int = 60_000


class TryAgain(Exception):
    """This attempt may be repeated, after `wait_ms` milliseconds where the vendor said so."""

    def __init__(self, why: str, wait_ms: int | None = None) -> None:
        self.why, self.wait_ms = why, wait_ms
        super().__init__(why)


@dataclass(slots=True, kw_only=True)
class Request:
    """One call; `key` names the intent and seeds the jitter."""

    method: str
    url: str
    params: Sequence[tuple[str, str]] = ()
    content: bytes | None = None
    content_type: str = "application/json"
    headers: Mapping[str, str] | None = None
    key: str = ""
    attempts: int = 0
    refreshed: bool = False


class Caller:
    """Sends requests of one vendor.

    `authorize` gives the Authorization header ("" for none), renewed beforehand where it is known to have expired;
    `refresh` renews it, False if there is nothing to renew it with. `explain` reads code and message of a refusal,
    `wait_ms_of` a wait that the vendor expresses in its own way.
    """

    def __init__(
        self,
        vendor: str,
        client: httpx.Client,
        *,
        authorize: Callable[[], str] = lambda: "",
        refresh: Callable[[], bool] = lambda: False,
        explain: Callable[[httpx.Response], tuple[str, str]],
        wait_ms_of: Callable[[httpx.Response], int | None] = lambda _: None,
        patience: Patience | None = None,
    ) -> None:
        self.vendor = vendor
        self._client, self._authorize, self._refresh = client, authorize, refresh
        self._explain, self._wait_ms_of = explain, wait_ms_of
        self._patience = patience or Patience()
        self._resting: dict[tuple[object, ...], datetime] = {}
        self._refused: dict[tuple[object, ...], Refused | Unavailable] = {}
        self._retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(TryAgain),
            stop=self._enough,
            wait=self._wait_s,
            sleep=_sleep,
            reraise=True,
        )

    def begin(self) -> None:
        """A pass or an act begins: what was refused before is worth asking again."""
        self._refused.clear()

    def json(self, request: Request) -> Json:
        """The answer's object; numbers are exact (Decimal or int). Raises `Refused` or `Unavailable`."""
        answer = self.send(request)
        try:
            body = _decoder.decode(answer.content) if answer.content else {}
        except msgspec.DecodeError as error:
            raise Unavailable(self.vendor, f"an answer that is not JSON: {error}", attempts=request.attempts) from error
        if not isinstance(body, dict):
            raise Unavailable(self.vendor, "an answer that is not a JSON object", attempts=request.attempts)
        return body

    def send(self, request: Request) -> httpx.Response:
        """The answer with a 2xx status. Raises `Refused` (definite) or `Unavailable` (outcome unknown).

        A question that was refused is not asked a second time in a pass: whoever else asks it is told the same.
        """
        self._let_rest(request)
        try:
            return self._retrying(self._attempt, request)
        except (Refused, Unavailable) as error:
            if not request.key:
                self._refused[_what(request)] = error
            raise
        except TryAgain as error:
            later_s = error.wait_ms // 1000 if error.wait_ms else 0
            self._resting[_what(request)] = datetime.now(UTC) + timedelta(seconds=max(later_s, _REST_S))
            raise Unavailable(
                self.vendor, error.why, attempts=request.attempts, retry_after_s=later_s
            ) from error.__cause__

    def _let_rest(self, request: Request) -> None:
        """Raises `Unavailable` for a request that was given up just now, or that the vendor wants later, and again what
        one was refused with in this pass.
        """
        if (refused := self._refused.get(_what(request))) is not None:
            raise refused
        now = datetime.now(UTC)
        for what in [each for each, until in self._resting.items() if until <= now]:
            del self._resting[what]
        until = self._resting.get(_what(request))
        if until is not None:
            left_s = -((now - until) // timedelta(seconds=1))
            raise Unavailable(self.vendor, "it was given up a moment ago", attempts=0, retry_after_s=left_s)

    def _attempt(self, request: Request) -> httpx.Response:
        request.attempts += 1
        try:
            answer = self._once(request)
            if answer.status_code == 401 and not request.refreshed and self._refresh():
                request.refreshed = True
                request.attempts += 1
                answer = self._once(request)
        except httpx.RequestError as error:
            raise TryAgain(f"{type(error).__name__}: {error}") from error
        if answer.is_success:
            return answer
        code, message = self._explain(answer)
        if answer.status_code == 401 and request.refreshed:
            # The new token died under way. That says nothing about what was asked: a later pass asks again.
            raise Unavailable(self.vendor, f"401 with a new token: {message or code}", attempts=request.attempts)
        if _may_repeat(answer.status_code):
            raise TryAgain(f"{answer.status_code} {message}".strip(), self._asked_ms(answer))
        raise Refused(self.vendor, answer.status_code, code, message, attempts=request.attempts)

    def _once(self, request: Request) -> httpx.Response:
        credential = self._authorize()
        headers = {"Authorization": credential} if credential else {}
        headers |= {"Accept": "application/json", **(request.headers or {})}
        if request.content is not None:
            headers["Content-Type"] = request.content_type
        return self._client.request(
            request.method, request.url, params=tuple(request.params) or None, content=request.content, headers=headers
        )

    def _asked_ms(self, answer: httpx.Response) -> int | None:
        """How long the vendor asks to wait: by Retry-After, else in its own way."""
        asked_ms = _retry_after_ms(answer)
        return self._wait_ms_of(answer) if asked_ms is None else asked_ms

    def _wait_s(self, state: tenacity.RetryCallState) -> float:
        """What the vendor asks, else twice as long each time, less up to half of it by the request's own jitter."""
        asked_ms = _asked_ms(state)
        if asked_ms is None:
            request: Request = state.args[0]
            ceiling_ms = min(self._patience.longest_ms, self._patience.base_ms * 2 ** (state.attempt_number - 1))
            jitter = zlib.crc32(f"{request.key or request.url}:{state.attempt_number}".encode())
            asked_ms = ceiling_ms - jitter % (ceiling_ms // 2 + 1)
        return asked_ms / 1000

    def _enough(self, state: tenacity.RetryCallState) -> bool:
        """After the permitted attempts, or when the asked wait belongs to a later pass, not into a sleep."""
        asked_ms = _asked_ms(state)
        return state.attempt_number >= self._patience.attempts or (
            asked_ms is not None and asked_ms > self._patience.longest_ms
        )


def _what(request: Request) -> tuple[object, ...]:
    return request.method, request.url, tuple(request.params), request.content


def _may_repeat(status: int) -> bool:
    return status in _REPEATED or (status >= 500 and status not in _DEFINITE)


def _sleep(wait_s: float) -> None:
    """Looked up at each call, so that a host may put another clock under the program."""
    time.sleep(wait_s)


def _retry_after_ms(answer: httpx.Response) -> int | None:
    """Retry-After in seconds or as a date; None without one."""
    given = answer.headers.get("retry-after", "")
    if given.isdecimal():
        return int(given) * 1000
    try:
        until = parsedate_to_datetime(given)
    except ValueError:
        return None
    return max(0, (until - datetime.now(UTC)) // timedelta(milliseconds=1))


def token_answer(vendor: str, answer: httpx.Response, explain: Callable[[httpx.Response], tuple[str, str]]) -> Json:
    """The body of a token endpoint's answer. Raises `TryAgain` where a repeat may help, else `Refused`."""
    if answer.is_success:
        body: Json = answer.json()
        return body
    code, message = explain(answer)
    if _may_repeat(answer.status_code):
        raise TryAgain(f"token endpoint: {answer.status_code} {message}", _retry_after_ms(answer))
    raise Refused(vendor, answer.status_code, code, f"token refresh: {message or code}")


def _asked_ms(state: tenacity.RetryCallState) -> int | None:
    error = state.outcome.exception() if state.outcome is not None else None
    return error.wait_ms if isinstance(error, TryAgain) else None
