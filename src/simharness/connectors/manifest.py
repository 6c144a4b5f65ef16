"""The manifest of a connector: how it is started, which settings it wants, what it declares about itself."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path

import msgspec
import yaml

from simharness.connectors.declarations import wrong_budget, wrong_scopes, wrong_words
from simharness.connectors.listening import POLL, Subscription, WebhookSpec, subscriptions_of, wrong_webhooks
from simharness.core.errors import ContentError, Where
from simharness.domain.base import Record, from_builtins
from simharness.domain.connector import Budget, ConnectorInfo, ReferenceRule
from simharness.world.registry import installed_packs

#: A value of the run; with a question mark it is empty in a run without it.
_TEMPLATE = re.compile(r"\{([a-z_]+(?:\.[a-z_][a-z0-9_]*)?)(\?)?\}")

#: The field a message of msgspec is about: unknown, or reached by a path.
_NAMED = re.compile(r"unknown field `([^`]+)`|`\$\.([A-Za-z_]+)")


class EvidenceSpec(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the connector writes its evidence and which kinds of rows it offers."""

    file: str = ""
    kinds: tuple[str, ...] = ()


class ReleaseSpec(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a mapping folder states its release: a YAML file of it and the key. A folder whose file says `extends` and
    no release has that of the folder beside it which it names.
    """

    file: str
    key: str


class Manifest(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A connector's manifest as its YAML file has it. `kind` is python (in process); `triggers` map our names to its
    own; `webhooks` are what it can be told by vendor, `listens` whether it is, unless a story says otherwise.
    `incidental`: patterns of what tells, in its own state, how it got there and not what it knows, such as a number of
    attempts.
    """

    connector: str
    kind: str
    release: str = ""
    factory: str = ""
    mapping: str = ""
    mapping_release: ReleaseSpec | None = None
    env: Mapping[str, str] = {}
    triggers: Mapping[str, str] = {}
    acts: Mapping[str, str] = {}
    scopes: Mapping[str, tuple[str, ...]] = {}
    webhooks: Mapping[str, WebhookSpec] = {}
    listens: str = POLL
    references: tuple[ReferenceRule, ...] = ()
    evidence: EvidenceSpec = EvidenceSpec()
    publishes_bi: bool = False
    writes_status: bool = False
    transform: str = ""
    budget: Budget | None = None
    incidental: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Attachment:
    """A manifest with the file it came from; mapping folders are relative to that file."""

    manifest: Manifest
    file: Path

    def mapping_for(self, dictionary: str, override: Path | None) -> Path | None:
        """The mapping folder for a company's dictionary; None if the connector has no mapping.

        An override is a folder of mappings by dictionary name, or itself one mapping (it holds `company.yaml`, or
        `group.yaml` where it is of several entities), which then serves every dictionary whose name it is made for.
        """
        if override is not None:
            if (override / dictionary).is_dir():
                return override / dictionary
            own = (override / "company.yaml", override / "group.yaml")
            if any(file.is_file() and _made_for(file) == dictionary for file in own):
                return override
        if not self.manifest.mapping:
            return None
        return self.file.parent / self.manifest.mapping.replace("{dictionary}", dictionary)

    def mapping_release(self, mapping: Path | None) -> str:
        """The release that a mapping folder states of itself, or that all of its folders state where it is that of a
        group; "" where the manifest does not say where, or they state none or several.
        """
        spec = self.manifest.mapping_release
        if spec is None or mapping is None:
            return ""
        if (mapping / spec.file).is_file():
            return _stated(mapping, spec)
        found = {_stated(file.parent, spec) for file in mapping.glob(f"*/{spec.file}")}
        return found.pop() if len(found) == 1 else ""

    def info(self, mapping: Path | None) -> ConnectorInfo:
        """What checks and reports may know of the connector."""
        m = self.manifest
        return ConnectorInfo(
            name=m.connector,
            release=m.release,
            mapping=mapping.name if mapping else "",
            mapping_digest=_digest(mapping) if mapping else "",
            references=m.references,
            evidence=m.evidence.kinds,
            publishes_bi=m.publishes_bi,
            writes_status=m.writes_status,
            acts=tuple(sorted(m.acts)),
            scopes=tuple((vendor, tuple(scopes)) for vendor, scopes in sorted(m.scopes.items())),
            budget=m.budget,
        )

    def listens(self, wanted: str) -> str:
        """How the connector hears of news where a story wants it so ("" leaves it to the manifest): a connector that
        can be told nothing polls.
        """
        return (wanted or self.manifest.listens) if self.manifest.webhooks else POLL

    def subscriptions(self, wanted: str) -> tuple[Subscription, ...]:
        """What the connector wants to be told then."""
        return subscriptions_of(self.manifest.webhooks, self.listens(wanted))

    def render(self, template: str, values: Mapping[str, str]) -> str:
        """A template with its `{name}` values; raises `ContentError` naming a value this run does not have.

        `{name?}` is empty then: a connector that can rest where a system is not attached.
        """

        def value(match: re.Match[str]) -> str:
            name = match[1]
            if name not in values and match[2]:
                return ""
            if name not in values:
                known = ", ".join(sorted(values))
                raise ContentError(
                    f"the manifest asks for {{{name}}}, which this run does not have",
                    where=Where(str(self.file), line_of(self.file, match[0])),
                    mend=f"use one of: {known}",
                )
            return values[name]

        return _TEMPLATE.sub(value, template)


def load_manifest(path: Path) -> Attachment:
    """Read a manifest file; every fault in it is a `ContentError` with file and line."""
    where = Where(str(path))
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ContentError(
            f"the connector manifest cannot be read: {error.strerror}",
            where=where,
            mend="give the YAML file that describes your connector; docs/connector.md shows one",
        ) from error
    except UnicodeDecodeError as error:
        mend = "save the file as UTF-8"
        raise ContentError("the connector manifest is not UTF-8 text", where=where, mend=mend) from error
    try:
        data = yaml.load(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = mark.line + 1 if mark else 0
        raise ContentError(
            f"not valid YAML: {error.problem}", where=Where(str(path), line), mend="compare with docs/connector.md"
        ) from error
    if not isinstance(data, dict):
        raise ContentError(
            "a connector manifest is a map of keys to values",
            where=where,
            mend="begin with connector: and its name",
        )
    try:
        manifest = from_builtins(data, Manifest)
    except msgspec.ValidationError as error:
        named = _NAMED.search(str(error))
        line = line_of(path, named[1] or named[2]) if named else 0
        raise ContentError(
            f"the connector manifest does not fit: {error}",
            where=Where(str(path), line),
            mend=f"the keys of a manifest are {', '.join(Manifest.__struct_fields__)}",
        ) from error
    if manifest.kind != "python":
        raise ContentError(
            f"kind {manifest.kind!r} is not one this release can attach",
            where=Where(str(path), line_of(path, "kind:")),
            mend="write kind: python and a factory",
        )
    for text, what, mend in wrong_webhooks(manifest.webhooks, manifest.listens, tuple(installed_packs())):
        raise ContentError(what, where=Where(str(path), line_of(path, text)), mend=mend)
    declared = wrong_words(manifest.triggers, manifest.references, manifest.evidence.kinds)
    for wrong in (
        *declared,
        *wrong_scopes(manifest.scopes, tuple(installed_packs())),
        *wrong_budget(manifest.budget),
    ):
        raise ContentError(wrong.what, where=Where(str(path), line_of(path, wrong.text)), mend=wrong.mend)
    return Attachment(manifest, path)


def builtin_manifest() -> Path:
    """The manifest of the embedded reference connector."""
    with as_file(files("simharness") / "reference" / "connector.yaml") as path:
        return Path(path)


def _made_for(company: Path) -> str:
    data = yaml.load(company.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return str(data.get(company.stem, "")) if isinstance(data, dict) else ""


def _stated(folder: Path, spec: ReleaseSpec) -> str:
    """What a folder states, or the folder beside it that it extends; "" is nothing."""
    seen: list[Path] = []
    while folder not in seen and (folder / spec.file).is_file():
        try:
            # Every scalar as it is written: 2026.10 is no number.
            data = yaml.load((folder / spec.file).read_bytes(), Loader=yaml.CBaseLoader)  # noqa: S506 - makes texts only
        except yaml.YAMLError:
            return ""  # the connector says what is wrong with it, when it starts
        if not isinstance(data, dict):
            return ""
        if spec.key in data:
            return str(data[spec.key])
        seen.append(folder)
        folder = folder.parent / str(data.get("extends", ""))
    return ""


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        digest.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def line_of(path: Path, text: str) -> int:
    """The first line (from 1) that holds a text; 0 if none does."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if text and text in line:
            return number
    return 0
