"""What a merge of two records keeps: the survivor's own values, and the other's where the survivor has none."""

from __future__ import annotations

from collections.abc import Mapping


def merged_values(survivor: Mapping[str, str], absorbed: Mapping[str, str]) -> dict[str, str]:
    """The values that the survivor takes over from the absorbed record: only those it lacks itself, by name.

    An empty text counts as lacking.
    """
    return {name: value for name, value in absorbed.items() if value and not survivor.get(name)}
