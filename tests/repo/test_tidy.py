"""The code keeps the rules that no linter knows, and each rule is shown to catch what it forbids."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatch

import pytest

from tests.repo import text_rules, tree
from tests.repo.code_rules import FILE_LINES, FUNCTION_LINES, RULES, Breach, Source, breaches

#: Which rules hold where. Tests may freeze clocks, draw numbers and be long when they list cases.
PRODUCT_RULES = frozenset(RULES)
SCOPE: Mapping[str, frozenset[str]] = {
    "src": PRODUCT_RULES,
    # The reference connector is an ordinary program that reads the clock of its host; the runner freezes it.
    "src/simharness/reference": PRODUCT_RULES - {"clock"},
    "fakes": PRODUCT_RULES,
    "benchmarks": frozenset({"file", "function", "docstring"}),
    "tests": frozenset({"file"}),
}

#: (rule, path, reason). A line that is no longer needed is itself a failure.
ALLOWED: tuple[tuple[str, str, str], ...] = (
    ("state", "src/simharness/fakekit/contract.py", "compiled contracts never change: the one cache of the process"),
    ("state", "fakes/simharness_fakes/quickbooks/query/parse.py", "what a question says depends on its text alone"),
    ("state", "src/simharness/world/registry.py", "installed code does not change while a process runs"),
    ("clock", "src/simharness/explore/stopwatch.py", "what a case costs is told beside its result, never in it"),
    ("clock", "src/simharness/cli/check.py", "a waiver expires in real life, not in a story"),
)

TEXT_FOLDERS = ("src", "fakes", "tests", "benchmarks", "scenarios", "features", "docs", ".ci")


def allowance(rule: str, path: str) -> tuple[str, str, str] | None:
    return next((line for line in ALLOWED if line[0] == rule and fnmatch(path, line[1])), None)


def found_in(path: str, text: str) -> list[Breach]:
    """The breaches of the rules that hold for a file, before allowances: the nearest folder of SCOPE decides."""
    rules = SCOPE[max((folder for folder in SCOPE if path.startswith(folder + "/")), key=len)]
    return [breach for breach in breaches(Source.of(path, text)) if breach.rule in rules]


def accused(path: str, text: str) -> list[str]:
    return [str(breach) for breach in found_in(path, text) if not allowance(breach.rule, path)]


@pytest.mark.parametrize("folder", ["src", "fakes", "benchmarks", "tests"])
def test_the_code_keeps_the_rules(folder: str) -> None:
    found = [line for path, text in tree.texts(folder, suffix=".py") for line in accused(path, text)]
    assert not found, "\n" + "\n".join(found)


def test_every_allowance_is_still_needed() -> None:
    code = [pair for folder in ("src", "fakes", "benchmarks", "tests") for pair in tree.texts(folder, suffix=".py")]
    used = {allowance(breach.rule, path) for path, text in code for breach in found_in(path, text)}
    unused = [line for line in ALLOWED if line not in used]
    assert not unused, f"no file needs these allowances any more, take them out: {unused}"


def test_nobody_leaves_notes_to_oneself() -> None:
    assert not findings(text_rules.notes_to_oneself)


def test_every_ignore_has_its_reason_on_the_line() -> None:
    assert not findings(text_rules.silent_ignores, suffix=".py", but="tests/repo/test_tidy.py")


def findings(rule: object, suffix: str = "", but: str = "") -> str:
    assert callable(rule)
    return "\n".join(
        f"{path}:{line}: {message}"
        for path, text in tree.texts(*TEXT_FOLDERS, suffix=suffix)
        if path != but
        for line, message in rule(text)
    )


# --- each rule catches what it forbids --------------------------------------------------------------------------------

PLANTED = [
    ("float", "price = 1.5"),
    ("float", "price = float(text)"),
    ("float", "def pay(amount: float) -> None: ..."),
    ("float", "def pay() -> float: ..."),
    ("float", "class Line:\n    net: float | None = None"),
    ("float", "pay(amount=2.5)"),
    ("clock", "import datetime\nx = datetime.datetime.now()"),
    ("clock", "import datetime as dt\nx = dt.datetime.now(dt.UTC)"),
    ("clock", "from datetime import datetime as D\nx = D.utcnow"),
    ("clock", "from datetime import date\nx = date.today()"),
    ("clock", "import time\ndef f(): return time.monotonic()"),
    ("clock", "from time import time\nx = time()"),
    ("clock", "import asyncio\nasync def f(): await asyncio.sleep(1)"),
    ("chance", "import random\nx = random.choice('ab')"),
    ("chance", "from random import shuffle as s\ns([])"),
    ("chance", "import random\nx = random.Random()"),
    ("chance", "import uuid\nx = uuid.uuid4()"),
    ("chance", "from secrets import token_hex\nx = token_hex(8)"),
    ("chance", "import os\nx = os.urandom(8)"),
    ("chance", "x = hash('a') % 8"),
    ("state", "seen = []"),
    ("state", "SEEN = {}"),
    ("state", "SEEN: dict[str, int] = {}"),
    ("state", "seen: Mapping[str, int] = {}"),
    ("state", "from collections import defaultdict\nSEEN = defaultdict(list)"),
    ("state", "import itertools\n_ids = itertools.count(1)"),
    ("state", "class World:\n    fakes = []"),
    ("state", "class World:\n    fakes: ClassVar[dict[str, int]] = {}"),
    ("state", "try:\n    import x\nexcept ImportError:\n    seen = {}"),
    ("state", "try:\n    import x\nexcept ImportError:\n    pass\nelse:\n    seen = set()"),
    ("state", "def f():\n    global x\n    x = 1"),
    ("state", "import functools\n@functools.lru_cache(maxsize=None)\ndef f(): ..."),
    ("state", "@lru_cache(maxsize=None)\ndef f(text: str) -> str: ..."),
    ("state", "@lru_cache(maxsize=64)\ndef f(state: State) -> str: ..."),
    ("state", "@lru_cache(maxsize=64)\ndef f(text: str) -> list[str]: ..."),
    ("file", "x = 1\n" * (FILE_LINES + 1)),
    ("function", "def f():\n" + "    x = 1\n" * FUNCTION_LINES),
    ("docstring", "x = 1"),
]


@pytest.mark.parametrize(("rule", "code"), PLANTED)
def test_a_planted_breach_is_found(rule: str, code: str) -> None:
    caught = {b.rule for b in breaches(Source.of("src/simharness/planted.py", code))}
    assert rule in caught


KEPT = [
    ("float", "def wait(timeout_s: float = 1.5) -> None: ..."),
    ("float", "client(timeout=2.5)\nGOAL_RATIO = 1.5\ndef elapsed_s() -> float: ..."),
    ("float", "from decimal import Decimal\nx = Decimal('1.5')\nok = isinstance(x, float)"),
    ("clock", "def f(clock): return clock.now(), clock.time()"),
    ("clock", "from datetime import datetime, UTC\nx = datetime(2026, 1, 31, tzinfo=UTC)"),
    ("chance", "import random\ndef stream(seed: int) -> random.Random: return random.Random(seed)"),
    (
        "chance",
        "import uuid\ndef f(b): return uuid.UUID(bytes=b)\nclass M:\n    def __hash__(self): return hash(self.x)",
    ),
    ("state", "RATES: Mapping[str, int] = {'a': 1}\nNAMES = ('a', 'b')\n__all__ = ['f']\nX = frozenset({1})"),
    ("state", "from types import MappingProxyType\nX = MappingProxyType({'a': 1})\ndef f():\n    y = []\n    return y"),
    ("state", "class Line(Struct):\n    tags: list[str] = []\n    KINDS: ClassVar[Mapping[str, int]] = {'a': 1}"),
    ("state", "COMMAS = 'a, b'.count(',')"),
    ("file", "x = 1\n" * FILE_LINES),
    ("function", "def f():\n" + "    x = 1\n" * (FUNCTION_LINES - 1)),
    ("docstring", '"""What it is for."""'),
]


@pytest.mark.parametrize(("rule", "code"), KEPT)
def test_what_a_rule_permits_is_not_accused(rule: str, code: str) -> None:
    caught = [str(b) for b in breaches(Source.of("src/simharness/planted.py", code)) if b.rule == rule]
    assert not caught


def test_the_reference_connector_is_free_of_the_clock_rule_only() -> None:
    code = '"""A program."""\nimport time, uuid\nx = time.time()\ny = uuid.uuid4()\nz = 1.5\nseen = []\n'
    guest = {breach.rule for breach in found_in("src/simharness/reference/planted.py", code)}
    room = {breach.rule for breach in found_in("src/simharness/world/planted.py", code)}
    assert room == {"clock", "chance", "float", "state"}
    assert guest == room - {"clock"}


def test_an_allowance_frees_its_file_from_its_rule_only() -> None:
    (rule, path, _), code = ALLOWED[0], "seen = []\nprice = 1.5"
    assert {breach.rule for breach in found_in(path, code)} == {rule, "float", "docstring"}
    assert not [line for line in accused(path, code) if f"[{rule}]" in line]
    assert len(accused(path, code)) == 2


@pytest.mark.parametrize("word", ["TO" + "DO", "FIX" + "ME"])
def test_a_planted_note_is_found(word: str) -> None:
    assert [line for line, _ in text_rules.notes_to_oneself(f"x = 1\n# {word}: later\n")] == [2]


@pytest.mark.parametrize(
    "line",
    [
        "x = 1  # noqa",
        "x = 1  # noqa: S311",
        "x = 1  # type: ignore",
        "x = 1  # type: ignore[arg-type]",
        "x = 1  # type: ignore[arg-type]  # no",
        "# ruff: noqa",
        "# ruff: noqa: S101 - all of the file",
        "# mypy: ignore-errors",
    ],
)
def test_a_planted_silent_ignore_is_found(line: str) -> None:
    assert [number for number, _ in text_rules.silent_ignores(f"y = 2\n{line}\n")] == [2]


@pytest.mark.parametrize(
    "line",
    [
        "x = 1  # noqa: S311 - simulation, not cryptography",
        "x = 1  # noqa: S311, S101 - simulation, not cryptography",
        "x = 1  # type: ignore[arg-type]  # the SDK ships wrong types",
    ],
)
def test_an_ignore_with_its_reason_is_not_accused(line: str) -> None:
    assert not list(text_rules.silent_ignores(line))
