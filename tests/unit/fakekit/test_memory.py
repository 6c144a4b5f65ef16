"""What is asked again is answered as before, and no number of questions fills the memory."""

from __future__ import annotations

from simharness.fakekit.memory import LONGEST, SIZE, Memory


def test_an_answer_is_kept_and_another_question_has_none() -> None:
    memory: Memory[str, int] = Memory()
    memory.keep("a", 1)
    assert memory.get("a") == 1
    assert memory.get("b") is None


def test_the_oldest_answer_goes_when_the_memory_is_full() -> None:
    memory: Memory[str, int] = Memory()
    for number in range(SIZE + 1):
        memory.keep(str(number), number)
    assert len(memory) == SIZE
    assert memory.get("0") is None
    assert memory.get("1") == 1
    assert memory.get(str(SIZE)) == SIZE


def test_a_long_question_is_not_kept() -> None:
    memory: Memory[bytes, int] = Memory()
    memory.keep(b"x" * LONGEST, 1)
    memory.keep(b"x" * (LONGEST + 1), 2)
    assert len(memory) == 1
