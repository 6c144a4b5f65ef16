"""Reading a connector's evidence file: one JSON object a line, as the published schema says."""

from __future__ import annotations

from pathlib import Path

import msgspec

from simharness.core.errors import UsageError, Where
from simharness.domain.base import decode
from simharness.domain.evidence import Evidence


class EvidenceUnreadable(UsageError):
    """The connector wrote evidence that does not follow the published schema."""


def read_evidence(path: Path) -> tuple[Evidence, ...]:
    """The rows of an evidence file in its order; no file means no evidence yet.

    Raises `EvidenceUnreadable` with file and line. A last line without line end was cut by a crash and is left out.
    """
    if not path.exists():
        return ()
    rows: list[Evidence] = []
    for number, raw in enumerate(path.read_bytes().splitlines(keepends=True), start=1):
        if not raw.endswith(b"\n") or not raw.strip():
            continue
        try:
            rows.append(decode(raw, Evidence))  # type: ignore[arg-type]  # a union is a valid target for msgspec
        except (msgspec.DecodeError, ValueError, ArithmeticError) as error:
            raise EvidenceUnreadable(
                f"this line of evidence cannot be read: {error}",
                where=Where(str(path), number),
                mend="write one object a line with type log, reject, alert or dead_letter and the fields of the schema",
            ) from error
    return tuple(rows)
