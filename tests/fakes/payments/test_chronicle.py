"""A chronicle's pages are those of a plain sorted list, whatever was written, replaced and removed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from simharness_fakes.payments.chronicle import Chronicle, Span

START = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Row:
    id: str
    at: datetime
    colour: str | None


def empty() -> Chronicle[Row]:
    return Chronicle(key=lambda r: r.id, created=lambda r: r.at, colour=lambda r: r.colour)


COLOURS = st.sampled_from(["red", "blue", None])
HISTORY = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.integers(0, 3), COLOURS),
        st.tuples(st.just("replace"), st.integers(0, 20), COLOURS),
        st.tuples(st.just("remove"), st.integers(0, 20), st.none()),
    ),
    max_size=25,
)


def told(history: list[tuple[str, int, str | None]]) -> tuple[Chronicle[Row], list[Row]]:
    """The chronicle of a history and, beside it, the plain list it stands for."""
    rows, plain, at = empty(), [], START
    for number, (what, value, colour) in enumerate(history):
        if what == "add":
            at += timedelta(seconds=value)
            row = Row(f"r{number}", at, colour)
            plain.append(row)
            rows.put(row)
        elif plain:
            place = value % len(plain)
            if what == "remove":
                assert rows.remove(plain.pop(place).id) is not None
            else:
                plain[place] = Row(plain[place].id, plain[place].at, colour)
                rows.put(plain[place])
    return rows, plain


@given(HISTORY, st.integers(1, 6), COLOURS, st.integers(0, 60), st.integers(0, 60))
def test_walking_the_pages_visits_what_a_sorted_list_holds(
    history: list[tuple[str, int, str | None]], size: int, colour: str | None, since: int, until: int
) -> None:
    rows, plain = told(history)
    span = Span(since=START + timedelta(seconds=since), until=START + timedelta(seconds=until))
    where = {} if colour is None else {"colour": colour}
    wanted = [r for r in plain if span.since <= r.at < span.until and (colour is None or r.colour == colour)][::-1]
    seen: list[Row] = []
    more = True
    while more:
        page = rows.page(size, where=where, span=span, after=seen[-1].id if seen else "")
        seen += page.items
        more = page.more
        assert not more or len(page.items) == size
    assert seen == wanted


@given(HISTORY, st.integers(1, 6), st.integers(0, 24))
def test_before_gives_the_nearest_newer_ones(history: list[tuple[str, int, str | None]], size: int, pick: int) -> None:
    rows, plain = told(history)
    if not plain:
        return
    place = pick % len(plain)
    page = rows.page(size, before=plain[place].id)
    newer = plain[place + 1 :]
    assert list(page.items) == newer[:size][::-1]
    assert page.more is (len(newer) > size)


@given(HISTORY)
def test_the_oldest_of_a_value_is_found_first(history: list[tuple[str, int, str | None]]) -> None:
    rows, plain = told(history)
    for colour in ("red", "blue", "green"):
        assert rows.first("colour", colour) == next((r for r in plain if r.colour == colour), None)


@given(HISTORY, HISTORY)
def test_a_fork_does_not_see_what_happens_to_its_twin(
    before: list[tuple[str, int, str | None]], after: list[tuple[str, int, str | None]]
) -> None:
    rows, plain = told(before)
    twin = rows.fork()
    for number, (_, _, colour) in enumerate(after):
        twin.put(Row(f"twin{number}", START + timedelta(days=1), colour))
    for row in plain[::2]:
        twin.remove(row.id)
    assert list(rows) == plain
    assert list(rows.page(100, where={"colour": "red"}).items) == [r for r in plain if r.colour == "red"][::-1]
