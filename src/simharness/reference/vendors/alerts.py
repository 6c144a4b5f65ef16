"""The alert system's dialect: an event API in the form of PagerDuty's (v2); a deduplication key is an incident."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx
import msgspec

from simharness.reference.vendors.http import Caller, Patience, Request

#: The API takes texts of at most these lengths.
_SUMMARY, _KEY = 1024, 255
_SOURCE = "simharness-reference"


class AlertSink:
    """One service of the alert system, by its routing key. Few attempts: the next pass is soon enough."""

    def __init__(self, client: httpx.Client, base_url: str, routing_key: str, *, attempts: int = 2) -> None:
        self._url = f"{base_url.rstrip('/')}/v2/enqueue"
        self._routing_key = routing_key
        self._caller = Caller("alerts", client, explain=_explain, patience=Patience(attempts=attempts))

    def send(self, action: str, incident: str, payload: Mapping[str, Any]) -> None:
        """Trigger or resolve an incident. Raises `Refused` or `Unavailable`."""
        event: dict[str, Any] = {"routing_key": self._routing_key, "event_action": action, "dedup_key": incident[:_KEY]}
        if payload:
            summary = str(payload["summary"])[:_SUMMARY]
            event["payload"] = {"source": _SOURCE, "severity": "error", **payload, "summary": summary}
        content = msgspec.json.encode(event)
        self._caller.send(Request(method="POST", url=self._url, content=content, key=f"{action}:{incident}"))


def _explain(answer: httpx.Response) -> tuple[str, str]:
    try:
        body = answer.json()
        return str(body.get("status") or ""), "; ".join([str(body["message"]), *map(str, body.get("errors", ()))])
    except (ValueError, KeyError, TypeError, AttributeError):
        return "", answer.reason_phrase
