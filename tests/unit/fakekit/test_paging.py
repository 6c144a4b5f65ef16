"""Cursors come back as the position they stand for; pages visit everything once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from simharness.fakekit.paging import cursor, page, position


@given(st.text())
def test_a_cursor_stands_for_its_position(text: str) -> None:
    made = cursor(text)
    assert position(made) == text
    assert made.isascii()
    assert not set(made) & set("+/=&? ")


@given(st.text(max_size=12))
def test_an_invented_cursor_never_breaks(text: str) -> None:
    found = position(text)
    assert found is None or isinstance(found, str)


@given(st.lists(st.integers(), max_size=30), st.integers(1, 7))
def test_pages_visit_every_item_once_in_order(items: list[int], size: int) -> None:
    seen: list[int] = []
    start: int | None = 0
    while start is not None:
        part, start = page(items, start, size)
        assert len(part) <= size
        seen += part
    assert seen == items
