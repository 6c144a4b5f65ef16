"""A run of which the provider tells what does not add up posts nothing, names nobody, and is posted once it does."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from simharness.reference.app import build as reference
from tests.functional.broken.attached import found, setting, told

STORY = Path(__file__).with_name("quarantine.yaml")
#: Midnight of 14 January where the company sits.
MENDED_S = 1_768_377_600


def _of_the_run(body: Any) -> bool:
    return body.get("check_date") == "2026-01-15" and body.get("off_cycle") is False


def _total(body: Any) -> None:
    if "totals" in body and _of_the_run(body):
        body["totals"]["net_pay"] = "2478.43"


def _report(body: Any) -> None:
    if "ledger_description" in body and body["ledger_description"].startswith("Ledger for Regular"):
        rows = next(table for table in body["data"] if table["data_type"] == "Basic")["rows"]
        rows[0][3] = "3000.01"


def _dates(body: Any) -> None:
    if "employee_compensations" in body and _of_the_run(body):
        body["pay_period"]["start_date"] = "2026-02-01"


WRONG: Mapping[str, Callable[[Any], None]] = {
    "a total": _total,
    "the ledger report": _report,
    "the days": _dates,
}


class Misread(httpx.BaseTransport):
    """What Gusto answers is changed until a day."""

    def __init__(self, inner: httpx.BaseTransport, change: Callable[[Any], None]) -> None:
        self._inner, self._change = inner, change

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        answer = self._inner.handle_request(request)
        content = answer.read()
        if "gusto" not in request.url.host or time.time() >= MENDED_S or not content.startswith(b"{"):
            return httpx.Response(answer.status_code, headers=answer.headers, content=content)
        body = json.loads(content)
        self._change(body)
        headers = {name: value for name, value in answer.headers.items() if name.lower() != "content-length"}
        return httpx.Response(answer.status_code, headers=headers, content=json.dumps(body).encode())


def build(env: Mapping[str, str], state_dir: Path, transport: httpx.BaseTransport) -> Any:
    """The reference connector, to whom one thing is told wrongly."""
    return reference(env, state_dir, Misread(transport, WRONG[env["FAULT"]]))


@pytest.mark.parametrize("wrong", WRONG)
def test_a_run_that_does_not_add_up_waits_by_itself_until_it_does(tmp_path: Path, wrong: str) -> None:
    run = told(STORY, setting(tmp_path, "test_broken_runs:build", wrong))
    assert found(run) == set(), [(f.check, f.message, f.actual) for r in run.results for f in r.findings]
