"""Digests of everything that results depend on beside the story: connector, mapping, contracts, simharness itself.

A connector that was mended is another connector: nothing that was found of the old one may be taken for the new one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path

from simharness.connectors.manifest import Attachment
from simharness.fakekit.pack import Pack

#: What a program is made of: its code, and the texts that it reads.
_CODE = frozenset({".py", ".sql", ".yaml", ".yml", ".toml", ".json"})
_LENGTH = 16


def digest_of(*parts: bytes) -> str:
    """Sixteen hexadecimal digits for parts in their order."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()[:_LENGTH]


def lot_of(text: str) -> str:
    """The lot by which texts are drawn: always the same, and in no relation to what they say."""
    return hashlib.sha256(text.encode()).hexdigest()


def connector_digest(attachment: Attachment) -> str:
    """What identifies a connector: its manifest, and the code of the package that its factory is in.

    Of a factory in a module of no package it is the modules beside it; code that it takes from elsewhere is not seen.
    """
    module = attachment.manifest.factory.partition(":")[0]
    spec = find_spec(module)
    folder = Path(spec.origin).parent if spec is not None and spec.origin else None
    if folder is None:
        code: Iterator[Path] = iter(())
    elif "." in module:
        code = _code_in(folder)
    else:
        code = iter(sorted(folder.glob("*.py")))
    return digest_of(attachment.file.read_bytes(), *_contents(folder or Path(), code))


def contracts_digest(packs: Iterable[Pack]) -> str:
    """What identifies the contracts of the packs."""
    parts: list[bytes] = []
    for pack in packs:
        folder = _home(pack.package) / "contract"
        parts += [pack.vendor.encode(), *_contents(folder, _code_in(folder))]
    return digest_of(*parts)


def harness_digest(packs: Iterable[Pack]) -> str:
    """What identifies the code of simharness and of the packs, for those who change it between two releases."""
    here = Path(__file__).resolve().parents[1]
    # The reference connector lies in this folder as a guest, and the stories are told apart one by one.
    own = (path for path in _code_in(here) if path.relative_to(here).parts[0] not in ("reference", "_content"))
    parts = list(_contents(here, own))
    for home in dict.fromkeys(_home(pack.package).parent for pack in packs):
        parts += _contents(home, _code_in(home))
    return digest_of(*parts)


def _home(package: str) -> Path:
    spec = find_spec(package)
    return Path(spec.origin).parent if spec is not None and spec.origin else Path()


def _code_in(folder: Path) -> Iterator[Path]:
    return iter(sorted(path for path in folder.rglob("*") if path.suffix in _CODE and "__pycache__" not in path.parts))


def _contents(folder: Path, files: Iterable[Path]) -> Iterator[bytes]:
    for path in files:
        yield str(path.relative_to(folder)).encode()
        yield path.read_bytes()
