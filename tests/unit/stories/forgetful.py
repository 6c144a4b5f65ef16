"""The reference connector with one fault of memory: reading its feeds anew, it enters a customer once more."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx

from simharness.reference.app import build as build_reference


class Forgetful:
    def __init__(self, env: Mapping[str, str], state_dir: Path, transport: httpx.BaseTransport) -> None:
        self._inner: Any = build_reference(env, state_dir, transport)
        self._env = env
        self._client = httpx.Client(transport=transport)
        self._rewound = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def operate(self, action: str, args: Mapping[str, str]) -> None:
        self._rewound = action == "rewind"
        self._inner.operate(action, args)

    def trigger(self, name: str) -> None:
        self._inner.trigger(name)
        if self._rewound:
            self._rewound = False
            url = f"{self._env['QUICKBOOKS_BASE_URL']}/v3/company/{self._env['QUICKBOOKS_REALM_ID']}/customer"
            headers = {"authorization": f"Bearer {self._env['QUICKBOOKS_ACCESS_TOKEN']}"}
            self._client.post(url, headers=headers, json={"DisplayName": "Globex once more"}).raise_for_status()


def build(env: Mapping[str, str], state_dir: Path, transport: httpx.BaseTransport) -> Forgetful:
    return Forgetful(env, state_dir, transport)


def build_broken(env: Mapping[str, str], state_dir: Path, transport: httpx.BaseTransport) -> Forgetful:
    raise RuntimeError("the database is malformed")
