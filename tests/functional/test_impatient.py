"""A connector that has no patience, or calls more than it says, is found by what went over the wire."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from simharness.connectors.manifest import builtin_manifest, load_manifest
from simharness.domain.fault import parse_plan
from simharness.reference.vendors import http
from simharness.stories import discovery
from simharness.stories.playing import Setting, play
from tests.functional.command import story

Patch = Callable[[pytest.MonkeyPatch], None]


def patient(patch: pytest.MonkeyPatch) -> None:
    """The connector as it is."""


def repeats_anything(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(http, "_may_repeat", lambda status: True)


def never_waits(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(http.Caller, "_wait_s", lambda self, state: 0.0)


def is_deaf_to_retry_after(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(http.Caller, "_asked_ms", lambda self, answer: None)


def asks_ten_times(patch: pytest.MonkeyPatch) -> None:
    once = http.Caller._once

    def again(self: http.Caller, request: http.Request) -> Any:
        answer = once(self, request)
        if answer.is_success and request.method == "GET":
            for _ in range(9):
                once(self, request)
        return answer

    patch.setattr(http.Caller, "_once", again)


@pytest.mark.parametrize(
    ("plan", "broken", "found"),
    [
        ("forbidden@quickbooks.saveInvoice#1", repeats_anything, "C2:quickbooks:refused:403"),
        ("error_500*3@quickbooks.saveInvoice#1", never_waits, "C2:quickbooks:at_once"),
        ("throttled:40@quickbooks.saveInvoice#1", is_deaf_to_retry_after, "C2:quickbooks:too_early"),
        ("", asks_ten_times, "C10:rest"),
        ("forbidden@quickbooks.saveInvoice#1", patient, ""),
        ("error_500*3@quickbooks.saveInvoice#1", patient, ""),
        ("throttled:40@quickbooks.saveInvoice#1", patient, ""),
    ],
)
def test_what_is_wrong_with_its_calls_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, plan: str, broken: Patch, found: str
) -> None:
    (tmp_path / "sale.yaml").write_text(story())
    (sale,) = discovery.load([tmp_path / "sale.yaml"])
    broken(monkeypatch)
    played = play(sale, Setting(attachment=load_manifest(builtin_manifest()), plan=parse_plan(plan)))
    assert len(played.record.fault_log) == (int(bool(plan)) if "*3" not in plan else 3)
    keys = [each.key for result in played.results for each in result.findings if each.check in ("C2", "C10")]
    assert bool(keys) == bool(found)
    assert all(key.startswith(found) for key in keys), keys
