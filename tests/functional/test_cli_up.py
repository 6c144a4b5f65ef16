"""`simharness up` prints what is needed to call the fakes; what it prints works, and Ctrl-C ends it."""

from __future__ import annotations

import re
import shlex
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.functional.command import COMMAND, simharness
from tests.repo import tree

pytestmark = pytest.mark.socket


@contextmanager
def served(folder: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """A running `up` with the lines it printed."""
    process = subprocess.Popen(
        [str(COMMAND), "up", *options], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        lines: list[str] = []
        while not lines or not lines[-1].startswith("Ctrl-C"):
            line = process.stdout.readline()
            assert line, process.communicate()[1]
            lines.append(line.rstrip("\n"))
        yield process, lines
    finally:
        process.kill()
        process.communicate()


def call(line: str) -> httpx.Response:
    """What curl would do with the line."""
    words = shlex.split(line)[2:]
    headers: dict[str, str] = {}
    method, body, url = "", None, ""
    while words:
        word = words.pop(0)
        if word == "-H":
            name, _, value = words.pop(0).partition(": ")
            headers[name] = value
        elif word == "-X":
            method = words.pop(0)
        elif word == "-d":
            body = words.pop(0)
        else:
            url = word
    return httpx.request(method or ("POST" if body else "GET"), url, headers=headers, content=body, timeout=10)


def shown_in_the_readme(today: str) -> list[re.Pattern[str]]:
    """The lines that the README shows, as of another day; its ports and the ends of its credentials stand for any."""
    text = (tree.ROOT / "README.md").read_text(encoding="utf-8")
    shown = text.partition("$ simharness up --port")[2].partition("```")[0].splitlines()[1:]
    forms = [re.escape(line.replace("2026-01-05", today)).replace("…", r"[\w.-]*") for line in shown]
    return [re.compile(re.sub(r"800\d", r"\\d+", form)) for form in forms]


def test_every_printed_curl_line_works_and_ctrl_c_ends_it_cleanly(tmp_path: Path) -> None:
    with served(tmp_path, "--shared-port", "0", "--today", "2026-03-02") as (process, lines):
        told = [line for line in lines if not line.startswith("All vendors by Host header")]
        shown = shown_in_the_readme("2026-03-02")
        assert [line for line, form in zip(told, shown, strict=True) if not form.fullmatch(line)] == []
        text = "\n".join(lines)
        for vendor in ("HubSpot", "QuickBooks", "Stripe", "Plaid", "Alert sink"):
            assert vendor in text
        curls = [line.strip() for line in lines if line.strip().startswith("curl ")]
        vendor_calls = [line for line in curls if "/_sim/" not in line]
        assert len(vendor_calls) == 5
        assert "It is 2026-03-02" in text
        shared = next(line.split()[-1] for line in lines if line.startswith("All vendors by Host header"))
        token = re.search(r"access_token +(\S+)", text)
        assert token is not None
        answer = httpx.get(
            f"{shared}/crm/v3/objects/products",
            headers={"host": "api.hubapi.com", "authorization": f"Bearer {token[1]}"},
        )
        assert answer.status_code == 200
        assert answer.json()["results"], "the fakes are furnished with the products of the dictionary"
        for line in curls:
            answer = call(line)
            assert answer.status_code in (200, 202), (line, answer.text)
            assert answer.json()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=15)
        assert (process.returncode, err) == (0, "")
        assert out.endswith("no longer served\n")


def test_a_port_can_be_chosen_for_a_vendor(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with served(tmp_path, "--port", f"stripe={port}") as (process, lines):
        assert any(line.split() == ["base_url", f"http://127.0.0.1:{port}"] for line in lines)
        began = time.monotonic()
        process.terminate()
        assert process.wait(timeout=15) == 0
        assert time.monotonic() - began < 10


def test_a_bank_is_among_them_and_a_family_that_nobody_plays_is_named(tmp_path: Path) -> None:
    with served(tmp_path, "--stack", "banking=plaid") as (_, lines):
        assert "Plaid (banking)" in lines
    for wrong, says in (("bankin=plaid", "did you mean 'banking'"), ("banking=plad", "did you mean 'plaid'")):
        run = simharness("up", "--stack", wrong, cwd=tmp_path)
        assert run.returncode == 2
        assert says in run.stderr


def test_what_is_to_go_wrong_is_told_and_does(tmp_path: Path) -> None:
    with served(tmp_path, "--fault", "error_503@alerts") as (_, lines):
        assert "What goes wrong there: error_503@alerts#1" in lines
        curl = next(line.strip() for line in lines if "/v2/enqueue" in line)
        assert [call(curl).status_code for _ in range(2)] == [503, 202]
    run = simharness("up", "--fault", "crash_after@#1", cwd=tmp_path)
    assert run.returncode == 2
    assert "no connector is there to be killed" in run.stderr
