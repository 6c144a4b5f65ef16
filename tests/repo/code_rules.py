"""The rules of tidy code: each takes a parsed file and yields its breaches as data.

A rule reads syntax only and never imports what it judges. Its message says what is wrong and how to mend it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Source:
    """A Python file: its path from the root, its text and its syntax tree."""

    path: str
    text: str
    tree: ast.Module

    @classmethod
    def of(cls, path: str, text: str) -> Source:
        return cls(path, text, ast.parse(text, filename=path))


@dataclass(frozen=True, slots=True, order=True)
class Breach:
    """One line that breaks one rule."""

    path: str
    line: int
    rule: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: [{self.rule}] {self.message}"


Found = Iterator[tuple[int, str]]
Rule = Callable[[Source], Found]

# --- money ------------------------------------------------------------------------------------------------------------

#: A float may count durations and ratios. Such a name ends in its unit, so the name tells it from an amount.
_NOT_MONEY = re.compile(r"(^|_)(s|ms|us|seconds|timeout|ratio|probability|weight)$", re.IGNORECASE)
_FLOAT = "money is Decimal with its currency; a duration or ratio has a name that ends in its unit, as in timeout_s"


def float_money(source: Source) -> Found:
    """`float` is never called, annotated or written as a literal, except under the name of a duration or ratio."""
    innocent = {id(part) for node in ast.walk(source.tree) for part in _named_as_unit(node)}
    for node in ast.walk(source.tree):
        if id(node) in innocent:
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            yield node.lineno, f"the float literal {node.value}: {_FLOAT}"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float":
            yield node.lineno, f"float() is called: {_FLOAT}"
        elif isinstance(node, ast.arg | ast.AnnAssign | ast.FunctionDef | ast.AsyncFunctionDef):
            hint = node.returns if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else node.annotation
            for part in ast.walk(hint) if hint else ():
                if isinstance(part, ast.Name) and part.id == "float" and id(part) not in innocent:
                    yield part.lineno, f"the type float: {_FLOAT}"


def _named_as_unit(node: ast.AST) -> Iterator[ast.AST]:
    """What stands under a name that says it is a duration or a ratio: its annotation, its default, its value."""
    parts: list[ast.AST | None] = []
    if isinstance(node, ast.arguments):
        positional = [*node.posonlyargs, *node.args]
        defaults = [None] * (len(positional) - len(node.defaults)) + list(node.defaults)
        for argument, default in [
            *zip(positional, defaults, strict=True),
            *zip(node.kwonlyargs, node.kw_defaults, strict=True),
        ]:
            if _NOT_MONEY.search(argument.arg):
                parts += [argument.annotation, default]
    elif isinstance(node, ast.keyword) and node.arg and _NOT_MONEY.search(node.arg):
        parts.append(node.value)
    elif isinstance(node, ast.AnnAssign) and _NOT_MONEY.search(_name(node.target)):
        parts += [node.annotation, node.value]
    elif isinstance(node, ast.Assign) and all(_NOT_MONEY.search(_name(target)) for target in node.targets):
        parts.append(node.value)
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _NOT_MONEY.search(node.name):
        parts.append(node.returns)
    for part in parts:
        if part is not None:
            yield from ast.walk(part)


def _name(target: ast.expr) -> str:
    if isinstance(target, ast.Attribute):
        return target.attr
    return target.id if isinstance(target, ast.Name) else ""


# --- time and chance --------------------------------------------------------------------------------------------------

_CLOCK = re.compile(
    r"datetime\.datetime\.(now|utcnow|today)|datetime\.date\.today|asyncio\.sleep"
    r"|time\.(time|time_ns|monotonic|monotonic_ns|perf_counter|perf_counter_ns|process_time|localtime|gmtime|ctime|sleep)"
)
_CHANCE = re.compile(r"random\.(?!Random$)\w+|uuid\.(uuid1|uuid4|getnode)|secrets\.\w+|os\.urandom|numpy\.random\.\w+")


def wall_clock(source: Source) -> Found:
    """Nobody reads the machine's clock or waits for it: time is that of the world."""
    for node, name in _library_names(source.tree):
        if _CLOCK.fullmatch(name):
            yield node.lineno, f"{name} is the machine's clock: take the world's clock from simharness.core.clock"


def chance(source: Source) -> Found:
    """Nothing is drawn that a number could not bring back, and nothing depends on the hash seed of the process."""
    hashers = {
        id(call)
        for function in ast.walk(source.tree)
        if isinstance(function, ast.FunctionDef) and function.name == "__hash__"
        for call in ast.walk(function)
    }
    for node, name in _library_names(source.tree):
        if _CHANCE.fullmatch(name):
            yield node.lineno, f"{name} cannot be repeated: take streams from simharness.core.rng, ids from core.ids"
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func)
        if called == "hash" and id(node) not in hashers:
            yield node.lineno, "hash() differs from process to process: use hashlib or a stream of simharness.core.rng"
        if called.split(".")[-1] == "Random" and not (node.args or node.keywords):
            yield node.lineno, "Random() without a seed: take a stream from simharness.core.rng"


def _library_names(tree: ast.Module) -> Iterator[tuple[ast.expr, str]]:
    """Every use of an imported name with its full dotted name, whatever it was imported as."""
    known: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                known[alias.asname or alias.name.split(".")[0]] = (
                    alias.name if alias.asname else alias.name.split(".")[0]
                )
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            known.update({alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names})
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute):
            head, dot, rest = ast.unparse(node).partition(".")
            if head in known:
                yield node, known[head] + dot + rest


# --- state ------------------------------------------------------------------------------------------------------------

_DISPLAYS = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)
_MAKERS = re.compile(
    r"(collections\.|itertools\.|weakref\.)?"
    r"(list|dict|set|bytearray|defaultdict|OrderedDict|Counter|deque|ChainMap|count|Weak\w+Dictionary)"
)
_READ_ONLY = re.compile(r"((Final|ClassVar)\[)?(Mapping|Sequence|Collection|AbstractSet|Iterable)\[")
_CACHES = frozenset({"cache", "lru_cache"})
#: What cannot be changed and says everything about itself: a function of such values alone may remember some answers.
_VALUES = frozenset({"str", "int", "bool", "bytes", "date", "datetime", "timedelta", "Decimal", "tuple", "None"})
_REMEMBERED = 4096
_OUTLIVES = (
    "{names} can be changed and outlives every world: make it a tuple, frozenset or MappingProxyType, or a constant "
    "in capitals whose annotated type is read-only (Mapping[...], Sequence[...], AbstractSet[...])"
)


def module_state(source: Source) -> Found:
    """A module holds nothing that a run could change: constants have read-only types, nothing is cached for ever.

    A function of plain values may remember a stated number of its answers: no run can tell that from computing them.
    """
    for node in _at_import(source.tree.body):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        names = ", ".join(ast.unparse(target) for target in targets)
        hint = ast.unparse(node.annotation) if isinstance(node, ast.AnnAssign) else ""
        if names != "__all__" and not (names.isupper() and _READ_ONLY.match(hint)):
            yield node.lineno, _OUTLIVES.format(names=names)
    for inner in ast.walk(source.tree):
        if isinstance(inner, ast.Global):
            yield inner.lineno, f"global {', '.join(inner.names)}: what a run changes belongs to its World"
        if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef):
            for decorator in inner.decorator_list:
                called = decorator.func if isinstance(decorator, ast.Call) else decorator
                if ast.unparse(called).split(".")[-1] in _CACHES and not _remembers_values(inner, decorator):
                    yield decorator.lineno, f"{inner.name} is cached for the life of the process: keep it in its owner"


def _remembers_values(function: ast.FunctionDef | ast.AsyncFunctionDef, decorator: ast.expr) -> bool:
    """Whether a cache is bounded, and all that the function is given and gives are plain values."""
    sizes = (
        [each.value for each in decorator.keywords if each.arg == "maxsize"] if isinstance(decorator, ast.Call) else []
    )
    size = sizes[0].value if sizes and isinstance(sizes[0], ast.Constant) else None
    given = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    plain = all(_is_plain(hint) for hint in (function.returns, *(each.annotation for each in given)))
    return isinstance(size, int) and 0 < size <= _REMEMBERED and bool(given) and plain


def _is_plain(hint: ast.expr | None) -> bool:
    return hint is not None and set(re.findall(r"\w+", ast.unparse(hint))) <= _VALUES


def _at_import(body: list[ast.stmt], *, in_class: bool = False) -> Iterator[ast.Assign | ast.AnnAssign]:
    """Assignments of something mutable that happen at import, those inside `if`, `try`, loops and classes included.

    A field with a default is no such thing: dataclasses refuse mutable defaults and msgspec copies them.
    """
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        field = in_class and isinstance(node, ast.AnnAssign) and not ast.unparse(node.annotation).startswith("ClassVar")
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value and _is_mutable(node.value) and not field:
            yield node
        for block in ("body", "orelse", "finalbody"):
            yield from _at_import(getattr(node, block, []), in_class=isinstance(node, ast.ClassDef))
        for handler in getattr(node, "handlers", []):
            yield from _at_import(handler.body)


def _is_mutable(value: ast.expr) -> bool:
    if isinstance(value, ast.Call):
        return _MAKERS.fullmatch(ast.unparse(value.func)) is not None
    return isinstance(value, _DISPLAYS)


# --- size and speech --------------------------------------------------------------------------------------------------

FILE_LINES = 500
FUNCTION_LINES = 60


def long_file(source: Source) -> Found:
    """A file has one noun, and one noun needs at most 500 lines."""
    count = len(source.text.splitlines())
    if count > FILE_LINES:
        yield count, f"{count} lines, at most {FILE_LINES}: look for the second noun in it"


def long_function(source: Source) -> Found:
    """A function does one thing, and one thing needs at most 60 lines."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            count = (node.end_lineno or node.lineno) - node.lineno + 1
            if count > FUNCTION_LINES:
                yield (
                    node.lineno,
                    f"{node.name} has {count} lines, at most {FUNCTION_LINES}: it does more than one thing",
                )


def no_docstring(source: Source) -> Found:
    """Every public module says what it is for."""
    name = source.path.rsplit("/", 1)[-1]
    if (not name.startswith("_") or name == "__init__.py") and not ast.get_docstring(source.tree):
        yield 1, "the module has no docstring: say in a sentence what it is for"


RULES: Mapping[str, Rule] = {
    "float": float_money,
    "clock": wall_clock,
    "chance": chance,
    "state": module_state,
    "file": long_file,
    "function": long_function,
    "docstring": no_docstring,
}


def breaches(source: Source) -> Iterator[Breach]:
    """All breaches of all rules in one file."""
    for name, rule in RULES.items():
        for line, message in rule(source):
            yield Breach(source.path, line, name, message)
