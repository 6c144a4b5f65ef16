"""Read a mapping folder: YAML, checked against the published JSON Schemas, errors with file and line.

A folder that says `extends: NAME` in its company.yaml takes what it does not say itself from the folder NAME beside
it, or else from the one of that name that comes with the connector, key by key; a list is said as a whole.
"""

from __future__ import annotations

import hashlib
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import jsonschema_rs
import msgspec
import yaml

from simharness.reference.errors import ConfigurationError
from simharness.reference.mapping.checks import undefined
from simharness.reference.mapping.model import Mapping

#: The files of a folder and of the published schema, each with the member of `Mapping` it becomes.
FILES = (
    "company",
    "accounts",
    "revenue",
    "products",
    "taxes",
    "terms",
    "discounts",
    "ownership",
    "fields",
    "dimensions",
    "bank",
    "payroll",
)
#: Files that a folder may leave out: what they tell of is then not kept.
OPTIONAL = frozenset({"payroll"})
_SCHEMAS = Path(__file__).parent.parent / "mapping_schema"
#: What comes with the connector: a copy of one of them can lie anywhere and still extend another.
_SHIPPED = Path(__file__).parent.parent / "mappings"


class _Loader(yaml.CSafeLoader):
    """Plain YAML with exact numbers, and days left as text for the schema."""


def _number(loader: Any, node: yaml.ScalarNode) -> Decimal | str:
    text = str(loader.construct_scalar(node))
    try:
        return Decimal(text.replace("_", ""))
    except InvalidOperation:
        return text  # .inf and .nan: the schema refuses a text


def _day(loader: Any, node: yaml.ScalarNode) -> str:
    return str(loader.construct_scalar(node))


_Loader.add_constructor("tag:yaml.org,2002:float", _number)
_Loader.add_constructor("tag:yaml.org,2002:timestamp", _day)


def load(folder: Path) -> Mapping:
    """The mapping of a folder. Raises `ConfigurationError` that names file and line of the first thing wrong."""
    chain = _chain(folder)
    files = {name: found for name in FILES if (found := _files(chain, name))}
    digest = hashlib.sha256()
    parts: dict[str, Any] = {}
    for name, paths in files.items():
        for path in paths:
            said = _read(path)
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
            parts[name] = _merged(said, parts[name]) if name in parts else said
        _check(name, parts[name], paths)
    parts["company"].pop("extends", None)
    try:
        mapping = msgspec.convert({**parts, "folder": str(folder), "digest": digest.hexdigest()}, Mapping)
    except msgspec.ValidationError as error:
        raise ConfigurationError(str(error), where=str(folder)) from error
    for problem in undefined(mapping):
        raise ConfigurationError(problem.message, where=_place(files[problem.file], problem.path), mend=problem.mend)
    return mapping


def _chain(folder: Path) -> list[Path]:
    """The folder and those it extends, nearest first."""
    chain: list[Path] = []
    while True:
        path = folder / "company.yaml"
        if not folder.is_dir():
            raise ConfigurationError("there is no such mapping folder", where=str(folder))
        if folder in chain:
            raise ConfigurationError("the mapping extends itself", where=_place([path], ["extends"]))
        chain.append(folder)
        said = _read(path)
        base = said.get("extends") if isinstance(said, dict) else None
        if base is None:
            return chain
        folder = _extended(path, str(base))


def _extended(path: Path, name: str) -> Path:
    """The folder that a company.yaml extends: beside its own, or else a shipped one."""
    for folder in (path.parent.parent / name, _SHIPPED / name):
        if folder.is_dir():
            return folder
    raise ConfigurationError(
        f"there is no mapping folder {name!r} to extend",
        where=_place([path], ["extends"]),
        mend=f"put it beside {path.parent.name}, or name one that comes with the connector",
    )


def _files(chain: list[Path], name: str) -> list[Path]:
    """The files that say a part, nearest first; none of one that may be left out."""
    found = [folder / f"{name}.yaml" for folder in chain if (folder / f"{name}.yaml").is_file()]
    if not found and name not in OPTIONAL:
        raise ConfigurationError(f"the mapping has no {name}.yaml", where=str(chain[0]), mend="add the file")
    return found


def read(name: str, path: Path) -> Any:
    """One file as its schema wants it. Raises `ConfigurationError` that names file and line."""
    said = _read(path)
    _check(name, said, [path])
    return said


def _read(path: Path) -> Any:
    try:
        return yaml.load(path.read_bytes(), Loader=_Loader)  # noqa: S506  (derived from the safe loader)
    except OSError as error:
        raise ConfigurationError(f"cannot be read: {error.strerror}", where=str(path)) from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ConfigurationError(f"not YAML: {error.problem}", where=f"{path}:{line}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"not YAML: {error}", where=str(path)) from error


def _merged(base: Any, over: Any) -> Any:
    if not isinstance(base, dict) or not isinstance(over, dict):
        return over
    return {**base, **{key: _merged(base.get(key), value) for key, value in over.items()}}


def _check(name: str, value: Any, paths: list[Path]) -> None:
    schema = msgspec.json.decode((_SCHEMAS / f"{name}.json").read_bytes())
    for error in jsonschema_rs.validator_for(schema).iter_errors(value):
        where = [str(step) if isinstance(step, str) else step for step in error.instance_path]
        raise ConfigurationError(
            f"{'.'.join(map(str, where)) or name}: {error.message}",
            where=_place(paths, where),
            mend=f"see mapping_schema/{name}.json",
        )


def _place(paths: list[Path], where: list[Any]) -> str:
    """`file:line` of a place in what the files say together: the deepest that one of them has, the nearest first."""
    found = [(*_line(path, where), path) for path in paths]
    _, line, path = max(found, key=lambda each: each[0])
    return f"{path}:{line}"


def _line(path: Path, where: list[Any]) -> tuple[int, int]:
    """How many steps of a place the file has itself, and the line of the last of them, from 1."""
    node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    depth, line = 0, 1
    for step in where:
        if isinstance(node, yaml.MappingNode):
            found = next(((key, value) for key, value in node.value if key.value == str(step)), None)
            if found is None:
                break
            line, node = found[0].start_mark.line + 1, found[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line + 1
        else:
            break
        depth += 1
    return depth, line
