"""The tables of docs/faults.md are those of the kinds there are. `SIMHARNESS_WRITE_DOCS=1` writes them anew."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

import pytest

from simharness.domain.fault_kinds import CONDITIONS, KINDS, FaultKind
from tests.repo import tree

_DOC = tree.ROOT / "docs" / "faults.md"
_YES = {True: "yes", False: "no", None: "–"}


def table(kinds: Mapping[str, FaultKind]) -> str:
    """The kinds as Markdown, in their order."""
    rows = ["| kind | meets | what the connector sees | committed | acts | survivable |", "|---|---|---|---|---|---|"]
    rows += [
        f"| `{kind.name}` | {kind.target.value} | {kind.sees} | {_YES[kind.committed]} | {_YES[kind.acts]} | "
        f"{_YES[kind.survivable]} |"
        for kind in kinds.values()
    ]
    return "\n".join(rows)


@pytest.mark.parametrize(("name", "kinds"), [("kinds", KINDS), ("conditions", CONDITIONS)])
def test_the_document_has_the_table_of_the_code(name: str, kinds: Mapping[str, FaultKind]) -> None:
    text = _DOC.read_text(encoding="utf-8")
    found = re.search(rf"(<!-- {name}: [^\n]*-->\n)(.*?)(<!-- /{name} -->)", text, re.DOTALL)
    assert found is not None
    if os.environ.get("SIMHARNESS_WRITE_DOCS"):
        _DOC.write_text(f"{text[: found.end(1)]}{table(kinds)}\n{text[found.start(3) :]}", encoding="utf-8")
        return
    assert found[2] == table(kinds) + "\n"
