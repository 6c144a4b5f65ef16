"""What a sentence may end in is taken off from the last to the first, before or after the lines of its table."""

from __future__ import annotations

import pytest

from simharness.stories.sentences.trimming import trimmed

DEAL = 'a deal "D" with "Globex" and these lines:'


@pytest.mark.parametrize(
    ("text", "extras"),
    [
        ('a deal "D" with "Globex" in the books of "West" and these lines:', (("entity", "West"),)),
        ('a deal "D" with "Globex" and these lines in the books of "West":', (("entity", "West"),)),
        (
            'a deal "D" with "Globex", deposit 30% in the books of "West" on 2026-01-12 and these lines:',
            (("deposit", "30%"), ("entity", "West"), ("on", "2026-01-12")),
        ),
        ('a deal "D" with "Globex" as "X", which is refused because "closed" and these lines:',
         (("as", "X"), ("refused", "closed"))),
    ],
)  # fmt: skip
def test_the_lines_of_a_table_may_be_spoken_of_last(text: str, extras: tuple[tuple[str, str], ...]) -> None:
    *_, last = trimmed(text)
    assert (last.text, last.extras) == (DEAL, extras)
