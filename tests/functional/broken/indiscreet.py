"""Connectors that tell or keep what identifies people, each in one way: the reference connector and a bad habit."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx

from simharness.reference.app import build as reference
from tests.functional.broken.connectors import Wire, posts, rewritten


def employee(transport: httpx.BaseTransport, env: Mapping[str, str]) -> dict[str, Any]:
    """The first employee as the payroll shows them to whoever has its token."""
    url = f"{env['GUSTO_BASE_URL']}/v1/companies/{env['GUSTO_COMPANY_ID']}/employees"
    headers = {"authorization": f"Bearer {env['GUSTO_ACCESS_TOKEN']}"}
    answer = transport.handle_request(httpx.Request("GET", url, headers=headers))
    found: dict[str, Any] = json.loads(answer.read())[0]
    return found


def build(env: Mapping[str, str], state_dir: Path, transport: httpx.BaseTransport) -> Any:
    """The connector with one fault, or with none."""
    fault = env["FAULT"]

    def names_the_employee(wire: Wire, request: httpx.Request) -> httpx.Request | None:
        if not posts(request, "journalentry"):
            return None
        person, body = employee(transport, env), json.loads(request.content)
        body["Line"][0]["Description"] = f"Salary of {person['first_name']} {person['last_name']}"
        return rewritten(request, body)

    app = reference(env, state_dir, Wire(transport, names_the_employee) if fault == "ledger" else transport)
    return Talkative(app, env, transport, state_dir, fault) if fault in ("log", "files") else app


class Talkative:
    """Does its work, and then writes down whom it was about."""

    def __init__(
        self, app: Any, env: Mapping[str, str], transport: httpx.BaseTransport, state_dir: Path, fault: str
    ) -> None:
        self._app, self._env, self._transport = app, env, transport
        self._state_dir, self._fault, self._told = state_dir, fault, False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._app, name)

    def trigger(self, name: str) -> None:
        self._app.trigger(name)
        if self._told:
            return
        self._told = True
        person = employee(self._transport, self._env)
        if self._fault == "files":
            (self._state_dir / "people.json").write_text(json.dumps(person), encoding="utf-8")
            return
        row = {
            "type": "log",
            "at": "2026-01-16T17:00:00Z",
            "source": "connector:people",
            "target": "connector:people",
            "action": "read",
            "outcome": "found",
            "detail": f"born {person['date_of_birth']}",
            "by": "worker:1",
        }
        with Path(self._env["CONNECTOR_EVIDENCE"]).open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")
