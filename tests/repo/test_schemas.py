"""Published schemas are generated from the code and say what the code says; `--update-golden` rewrites them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import jsonschema_rs
import msgspec
import pytest

from simharness.core.money import Money
from simharness.domain.base import encode
from simharness.domain.evidence import Evidence, LogRow
from tests.repo.tree import ROOT

FILE = ROOT / "docs" / "evidence.schema.json"
MONEY = {"type": "string", "pattern": r"^[A-Z]{3} -?[0-9]+(\.[0-9]+)?$"}


def generated() -> dict[str, Any]:
    def hook(kind: type) -> dict[str, Any]:
        assert kind is Money
        return dict(MONEY)

    schema: dict[str, Any] = msgspec.json.schema(Evidence, schema_hook=hook)
    for definition in schema["$defs"].values():
        definition["description"] = " ".join(definition["description"].split())
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "One line of a connector's evidence",
        **schema,
    }


def test_the_evidence_schema_is_the_codes(request: pytest.FixtureRequest) -> None:
    text = json.dumps(generated(), indent=2) + "\n"
    if request.config.getoption("--update-golden"):
        FILE.write_text(text)
    assert FILE.read_text() == text


def test_the_schema_takes_what_the_codec_writes_and_refuses_money_without_currency() -> None:
    validator = jsonschema_rs.Draft202012Validator(json.loads(FILE.read_text()))
    row = LogRow(
        at=datetime(2026, 1, 12, 17, tzinfo=UTC),
        source="hubspot:deal:1:v1",
        target="quickbooks:invoice:2",
        action="create",
        outcome="posted",
        amount=Money("10.00", "USD"),
    )
    written = json.loads(encode(row))
    assert validator.is_valid(written)
    assert not validator.is_valid({**written, "amount": "10.00"})
    assert not validator.is_valid({**written, "type": "gossip"})
