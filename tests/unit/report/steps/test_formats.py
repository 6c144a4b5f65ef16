"""The dictionary in every format tells of every sentence, whatever signs stand in it."""

from __future__ import annotations

import json
import re

from cucumber_expressions.expression import CucumberExpression
from cucumber_expressions.parameter_type import ParameterType
from cucumber_expressions.parameter_type_registry import ParameterTypeRegistry

from simharness.domain.base import encode
from simharness.report.steps.glue import ENDINGS, SENTENCES, glue
from simharness.report.steps.markdown import markdown
from simharness.report.steps.page import page
from simharness.report.steps.plain import described, listing, table_lines
from simharness.stories.guide.entries import entries, in_order
from simharness.stories.sentences.phrasebook import PHRASEBOOK

ENTRIES = entries()
PATTERNS = [entry.pattern for entry in ENTRIES]
_TYPE = re.compile(r'^defineParameterType\(\{ name: ("\w+"), regexp: /(.+)/ \}\)$', re.MULTILINE)
_STEP = re.compile(r'^(?:Given|When|Then)\((".+"), \(\) => \{\}\)$', re.MULTILINE)


def test_markdown_has_every_sentence_and_every_area() -> None:
    text = markdown(ENTRIES)
    assert [p for p in PATTERNS if f"### {p}".replace("*", r"\*").replace("_", r"\_") not in text.splitlines()] == []
    for area in {entry.area for entry in ENTRIES}:
        assert f"\n## {area}\n" in text
    anchors = {
        re.sub(r"[^\w -]", "", line[3:].lower()).replace(" ", "-") for line in text.splitlines() if line[:3] == "## "
    }
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= anchors


def test_the_page_holds_the_sentences_as_data_and_asks_nobody_for_anything() -> None:
    text = page(ENTRIES)
    data = re.search(r'<script type="application/json" id="entries">(.*?)</script>', text, re.DOTALL)
    assert data is not None
    assert [each["entry"]["pattern"] for each in json.loads(data[1])] == PATTERNS
    assert not re.search(r"https?://|<link|<img|@import|url\(", text)


def test_what_looks_like_an_end_of_the_script_does_not_end_it() -> None:
    from msgspec.structs import replace

    text = page([replace(ENTRIES[0], about="</script><b>")])
    assert "</script><b>" not in text
    assert (
        json.loads(text.partition('id="entries">')[2].partition("</script>")[0])[0]["entry"]["about"] == "</script><b>"
    )


def test_the_terminal_lists_every_sentence_once() -> None:
    lines = list(listing(in_order()))
    assert [sum(line.endswith(f" {pattern}") for line in lines) >= 1 for pattern in PATTERNS] == [True] * len(PATTERNS)
    assert sum(line.startswith("  ") for line in lines) == len(PATTERNS)


def test_the_terminal_tells_what_a_sentence_takes() -> None:
    posts = next(entry for entry in ENTRIES if entry.pattern == "the ledger posts:")
    text = "\n".join(described([posts]))
    for told in (
        "Then the ledger posts:",
        "account: ",
        "(must be there)",
        "~ not checked",
        "ledger.posts",
        "ledger_posts",
    ):
        assert told in text


def test_columns_of_a_table_stand_in_line() -> None:
    assert list(table_lines((("a", "long header"), ("longer", "")))) == [
        "| a      | long header |",
        "| longer |             |",
    ]


def test_json_has_every_key_of_an_entry() -> None:
    data = json.loads(encode(ENTRIES))
    assert [each["pattern"] for each in data] == PATTERNS
    assert {"area", "keywords", "parameters", "tables", "details", "example", "yaml", "verb"} <= set(data[0])


def _expressions(files: dict[str, str], name: str) -> list[CucumberExpression]:
    """What an editor reads from the glue: the parameter types of all files, and the steps of one."""
    types = ParameterTypeRegistry()
    for text in files.values():
        for told, form in _TYPE.findall(text):
            types.define_parameter_type(
                ParameterType(json.loads(told), form.replace(r"\/", "/"), str, str, True, False)
            )
    return [CucumberExpression(json.loads(step), types) for step in _STEP.findall(files[name])]


def test_the_glue_makes_an_editor_know_every_sentence_and_every_ending() -> None:
    files = glue(PHRASEBOOK.phrases, ".simharness-steps")
    plain, ended = _expressions(files, SENTENCES), _expressions(files, ENDINGS)
    assert len(plain) == len(PATTERNS)
    for entry in ENTRIES:
        assert [each.source for each in plain if each.match(entry.example) is not None], entry.example
    for ending in (", deposit 30%", ' in the books of "East"', " on 2026-01-20 at 23:30"):
        text = f'a deal "D-1" with "Globex"{ending} and these lines:'
        assert any(each.match(text) is not None for each in ended), text
    for entry in ENTRIES[::5]:
        for detail in entry.details:
            text = entry.example.removesuffix(":") + ("" if detail.form.startswith(",") else " ") + detail.form
            text += ":" if entry.example.endswith(":") else ""
            assert any(each.match(text) is not None for each in (*plain, *ended)), text


def test_the_settings_name_the_folder() -> None:
    settings = json.loads(glue(PHRASEBOOK.phrases[:1], "steps")["settings.json"])
    assert settings["cucumber.glue"] == ["steps/*.ts"]
