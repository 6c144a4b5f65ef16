from __future__ import annotations

import unicodedata
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simharness.report.plaintext.escapes import visible
from tests.unit.report.plaintext.samples import texts


@given(texts, st.sampled_from(["", ";|", ",;[]", ";()"]))
def test_what_is_escaped_can_be_read_back(text: str, reserved: str) -> None:
    escaped = visible(text, reserved)
    assert unquote(escaped) == text
    assert escaped == escaped.strip()
    assert not set(escaped) & set(reserved)
    assert not any(unicodedata.category(character) in {"Cc", "Zl", "Zp"} for character in escaped)
    assert not any(unicodedata.bidirectional(c) in {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
                   for c in escaped)  # fmt: skip


@pytest.mark.parametrize("text", ["Globex", "10% off", "Müller & Söhne", "שלום בע״מ", 'a "b" c', "100%"])
def test_what_harms_no_line_is_written_as_it_is(text: str) -> None:
    assert visible(text) == text


@pytest.mark.parametrize(
    ("text", "escaped"), [("a\nb", "a%0Ab"), (" a ", "%20a%20"), ("%41", "%2541"), ("\u202eb", "%E2%80%AEb")]
)
def test_what_could_end_or_turn_a_line_is_escaped(text: str, escaped: str) -> None:
    assert visible(text) == escaped


def test_half_a_surrogate_pair_does_not_stop_an_export() -> None:
    visible("\ud800").encode()
