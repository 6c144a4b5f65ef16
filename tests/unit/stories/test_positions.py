from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from simharness.stories.positions import as_written, read_documents


def test_a_step_is_kept_as_its_author_wrote_it(tmp_path: Path) -> None:
    text = """\
story: s
then:
  - balances:
      # what is left
      1100: USD 1.00       # a comment
      4010: USD -1.00
  - {invoice_of: D, total: USD 1.00}
  - connector_finishes
"""
    (tmp_path / "a.yaml").write_text(text)
    (document,) = read_documents(tmp_path / "a.yaml")
    then = document.get("then")
    assert then is not None
    assert [as_written(step) for step in then.items] == [
        "balances:\n  1100: USD 1.00       # a comment\n  4010: USD -1.00",
        "{invoice_of: D, total: USD 1.00}",
        "connector_finishes",
    ]


def test_a_cell_of_examples_is_no_line_of_the_step_that_it_fills(tmp_path: Path) -> None:
    text = "story: s\nthen:\n  - balances: {a: b}\n\n\n\nexamples:\n  - {rows: c}\n"
    (tmp_path / "a.yaml").write_text(text)
    (document,) = read_documents(tmp_path / "a.yaml")
    then, examples = document.get("then"), document.get("examples")
    assert then is not None
    assert examples is not None
    step = then.items[0]
    filled = replace(step, pairs=(*step.pairs, *examples.items[0].pairs))
    assert as_written(filled) == "balances: {a: b}"
