"""Read a mapping folder: YAML, checked against the published JSON Schemas, errors with file and line.

A folder that says `extends: NAME` in its company.yaml takes what it does not say itself from the folder NAME beside
it: whole files, and in company.yaml key by key.
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
)
_SCHEMAS = Path(__file__).parent.parent / "mapping_schema"


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
    digest = hashlib.sha256()
    chain, company = _chain(folder, digest)
    parts: dict[str, Any] = {"company": company}
    sources = {"company": folder / "company.yaml"}
    for name in FILES[1:]:
        sources[name] = _source(chain, name)
        parts[name] = _read(sources[name], digest)
    for name in FILES:
        _check(name, parts[name], sources[name])
    company.pop("extends", None)
    try:
        mapping = msgspec.convert({**parts, "folder": str(folder), "digest": digest.hexdigest()}, Mapping)
    except msgspec.ValidationError as error:
        raise ConfigurationError(str(error), where=str(folder)) from error
    for problem in undefined(mapping):
        path = sources[problem.file]
        raise ConfigurationError(problem.message, where=f"{path}:{_line(path, problem.path)}", mend=problem.mend)
    return mapping


def _chain(folder: Path, digest: Any) -> tuple[list[Path], Any]:
    """The folder and those it extends, nearest first, and what they say together in company.yaml."""
    chain: list[Path] = []
    company: Any = None
    while True:
        path = folder / "company.yaml"
        if not folder.is_dir():
            raise ConfigurationError("there is no such mapping folder", where=str(folder))
        if folder in chain:
            raise ConfigurationError("the mapping extends itself", where=f"{path}:{_line(path, ['extends'])}")
        chain.append(folder)
        said = _read(path, digest)
        company = said if company is None else _merged(said, company)
        base = said.get("extends") if isinstance(said, dict) else None
        if base is None:
            return chain, company
        folder = folder.parent / str(base)


def _source(chain: list[Path], name: str) -> Path:
    """The file that holds a part: the nearest folder's that has it."""
    for folder in chain:
        if (folder / f"{name}.yaml").is_file():
            return folder / f"{name}.yaml"
    raise ConfigurationError(f"the mapping has no {name}.yaml", where=str(chain[0]), mend="add the file")


def _read(path: Path, digest: Any) -> Any:
    try:
        text = path.read_bytes()
        digest.update(path.name.encode() + b"\0" + text + b"\0")
        return yaml.load(text, Loader=_Loader)  # noqa: S506  (derived from the safe loader)
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


def _check(name: str, value: Any, path: Path) -> None:
    schema = msgspec.json.decode((_SCHEMAS / f"{name}.json").read_bytes())
    for error in jsonschema_rs.validator_for(schema).iter_errors(value):
        where = [str(step) if isinstance(step, str) else step for step in error.instance_path]
        raise ConfigurationError(
            f"{'.'.join(map(str, where)) or name}: {error.message}",
            where=f"{path}:{_line(path, where)}",
            mend=f"see mapping_schema/{name}.json",
        )


def _line(path: Path, where: list[Any]) -> int:
    """The line of a place in the file; the deepest place that the file itself has, from 1."""
    node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    line = 1
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
    return line
