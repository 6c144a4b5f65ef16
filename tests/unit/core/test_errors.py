"""An error says what is wrong, where, and how to mend it."""

from __future__ import annotations

import pytest

from simharness.core.errors import ContentError, HarnessError, HarnessFault, NothingToTest, UsageError, Where


def test_the_message_is_complete() -> None:
    error = ContentError("unknown verb 'deal_one'", where=Where("a.yaml", 12), mend="did you mean deal_won?")
    assert str(error) == "a.yaml:12: unknown verb 'deal_one'\n  To mend it: did you mean deal_won?"
    assert str(HarnessError("plain")) == "plain"
    assert str(Where("a.yaml")) == "a.yaml"


@pytest.mark.parametrize(
    ("kind", "code"), [(UsageError, 2), (ContentError, 2), (HarnessFault, 3), (HarnessError, 3), (NothingToTest, 4)]
)
def test_each_kind_ends_a_run_with_its_own_code(kind: type[HarnessError], code: int) -> None:
    assert kind("x").exit_code == code
    assert issubclass(kind, HarnessError)
