"""Evidence is read as published: whole lines only, and a wrong line is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from simharness.connectors.evidence import EvidenceUnreadable, read_evidence
from simharness.core.money import Money

GOOD = '{"type":"reject","at":"2026-01-05T12:00:00Z","source":"hubspot:deal:1","code":"E1","reason":"no region",'
GOOD += '"amount":"USD 12.50"}\n'


def test_rows_come_in_their_order_with_exact_money(tmp_path: Path) -> None:
    file = tmp_path / "e.ndjson"
    file.write_text(GOOD * 2)
    rows = read_evidence(file)
    assert [row.amount for row in rows] == [Money("12.50", "USD")] * 2  # type: ignore[union-attr]  # both are rejects


def test_a_line_cut_by_a_crash_is_left_out(tmp_path: Path) -> None:
    file = tmp_path / "e.ndjson"
    file.write_text(GOOD + GOOD[:20])
    assert len(read_evidence(file)) == 1


def test_no_file_is_no_evidence(tmp_path: Path) -> None:
    assert read_evidence(tmp_path / "e.ndjson") == ()


@pytest.mark.parametrize(
    "wrong", ["{}\n", "nonsense\n", GOOD.replace("USD 12.50", "12.50"), GOOD.replace("reject", "x")]
)
def test_a_wrong_line_is_named(tmp_path: Path, wrong: str) -> None:
    file = tmp_path / "e.ndjson"
    file.write_text(GOOD + wrong)
    with pytest.raises(EvidenceUnreadable, match=r"e\.ndjson:2"):
        read_evidence(file)
