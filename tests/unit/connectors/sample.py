"""A small connector for laws about attachment: it counts, sleeps, writes a file and calls its vendor."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import httpx


class Sample:
    def __init__(self, env: Mapping[str, str], state_dir: Path, transport: httpx.BaseTransport) -> None:
        self.env = env
        self.file = state_dir / "seen.txt"
        self.evidence = state_dir / "evidence.ndjson"
        self.client = httpx.Client(transport=transport, base_url=env["KIOSK_URL"])

    def trigger(self, name: str) -> None:
        if name == "die":
            raise RuntimeError("no such table")
        if name == "leave":
            raise SystemExit(3)
        if name == "nap":
            time.sleep(90)
        stamp = datetime.now(UTC).isoformat()
        with self.file.open("a") as seen:
            seen.write(f"{name} {stamp}\n")
        with self.evidence.open("a") as rows:
            row = f'{{"type":"log","at":"{stamp}","source":"s","target":"t","action":"create","outcome":"posted"}}\n'
            rows.write(row)
        self.client.post("/notes", json=name)

    def deliver(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, Mapping[str, str], bytes]:
        return 202, {"x-path": path}, body[::-1]

    def quiet(self) -> bool:
        return self.file.exists()

    def operate(self, action: str, args: Mapping[str, str]) -> None:
        if action == "forbidden":
            raise PermissionError("nobody signed in")
        self.trigger(f"{action}:{args['who']}")

    def close(self) -> None:
        self.client.close()


def build(env: Mapping[str, str], state_dir: Path, transport: httpx.BaseTransport) -> Sample:
    if env.get("BROKEN"):
        raise RuntimeError(env["BROKEN"])
    return Sample(env, state_dir, transport)
