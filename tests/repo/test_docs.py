"""The documents name only what exists, and no file names a machine."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.repo import text_rules, tree

_SPAN = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_PATH = re.compile(r"^[\w.\-*]+(/[\w.\-*]*)*$")
#: Files at the root that a document may name without a folder.
_ROOT_FILE = re.compile(r"^([A-Z][A-Z_]+(\.md)?|Makefile|pyproject\.toml|\.importlinter|\.gitignore)$")
_PLACEHOLDER = re.compile(r"\*")


def dead_names(text: str, folder: Path, root: Path = tree.ROOT) -> list[str]:
    """What a document names that is not there: targets of links, and code spans that are paths of the repository."""
    prose = _FENCE.sub("", text)
    names = [name for name in _SPAN.findall(prose) if _names_a_file(name, root)]
    names += [link.split("#")[0] for link in _LINK.findall(prose) if not re.match(r"[a-z]+:|#", link)]
    return [name for name in names if not (_exists(name, root) or _exists(name, folder))]


def _names_a_file(span: str, root: Path) -> bool:
    if _ROOT_FILE.match(span):
        return "." in span or span in {"Makefile", "LICENSE", "README"}
    first = span.split("/", maxsplit=1)[0]
    known = first in {"src", "fakes", "tests", "docs", "scenarios", "features", "benchmarks", ".ci"}
    return known and "/" in span and _PATH.match(span) is not None


def _exists(name: str, base: Path) -> bool:
    if _PLACEHOLDER.search(name):
        return any(base.glob(name.rstrip("/")))
    return (base / name).exists()


@pytest.mark.parametrize("name", sorted(p.relative_to(tree.ROOT).as_posix() for p in tree.files(suffix=".md")))
def test_a_document_names_only_what_exists(name: str) -> None:
    path = tree.ROOT / name
    assert not dead_names(path.read_text(encoding="utf-8"), path.parent)


def test_the_documents_that_the_repository_promises_are_there() -> None:
    for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE"):
        assert (tree.ROOT / name).is_file(), name


def test_no_file_names_a_machine_or_a_package_index() -> None:
    found = [
        f"{path}:{line}: {message}" for path, text in tree.texts() for line, message in text_rules.machine_names(text)
    ]
    assert not found, "\n" + "\n".join(found)


# --- each rule catches what it forbids --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "see `src/gone.py`",
        "see [it](docs/gone.md#part)",
        "see `GONE.md`",
        "see `tests/gone/*.py`",
        "in `scenarios/gone/`",
    ],
)
def test_a_planted_dead_name_is_found(text: str, tmp_path: Path) -> None:
    assert len(dead_names(text, tmp_path, tmp_path)) == 1


def test_names_that_exist_and_names_of_other_things_are_not_accused(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "a.py").touch()
    text = (
        "`src/a.py`, [a](src/a.py#top), `src/*.py`, `run.ndjson`, `GET /v1/charges`, "
        "[web](https://example.com), [up](#up)\n"
        "```\nsrc/gone.py\n```\n"
    )
    assert dead_names(text, tmp_path, tmp_path) == []


@pytest.mark.parametrize(
    "line",
    [
        "cd /" + "work/main",
        "open('/" + "home/ann/x')",
        "/" + "Users/ann",
        "https://" + "pypi" + ".org/simple",
        "files.python" + "hosted.org",
    ],
)
def test_a_planted_machine_name_is_found(line: str) -> None:
    assert [number for number, _ in text_rules.machine_names(f"fine\n{line}\n")] == [2]


@pytest.mark.parametrize(
    "line",
    [
        "GET /crm/v3/" + "work/x",
        "src/" + "work/a.py",
        "/homework",
        "{base}/" + "root/x",
        "https://example.com/" + "home/x",
    ],
)
def test_a_path_on_the_wire_is_not_accused(line: str) -> None:
    assert not list(text_rules.machine_names(line))
