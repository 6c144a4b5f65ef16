"""Several entities beside each other: one connector each, with a ledger company, a mapping and a memory of its own.

They share the CRM, the gateway and the bank. Which of them a record concerns is said by a field of the record, and each
looks only at its own (see seat.py). Its people each pays by a company of its own at the payroll provider. A pass is one
of each, the first entity first; no connector waits for another, because what two of them book of one movement of the
gateway both read there.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import httpx
import sqlalchemy as sa

from simharness.reference.connector import Connector
from simharness.reference.errors import ConfigurationError
from simharness.reference.mapping.group import is_group, load_group
from simharness.reference.memory.database import is_postgresql, make_schema, schema_beside
from simharness.reference.posting.queue import Waiting
from simharness.reference.seat import Seat
from simharness.reference.settings import Company, Settings

__all__ = ["Group", "is_group"]

_SQLITE, _DUCKDB = "sqlite:///", "duckdb://"


class Group:
    """The connectors of a group behind the face of one. Calls from several threads are taken one after the other."""

    def __init__(self, settings: Settings, transport: httpx.BaseTransport | None = None) -> None:
        self._lock = threading.RLock()
        group = load_group(settings.mapping)
        names = tuple(group.entities)
        realms = {realm.entity: realm for realm in settings.further}
        for url in state_urls(settings.mapping, settings.state_url).values():
            if is_postgresql(url):
                make_schema(url)
        self._members = {
            entity: Connector(
                _settings(settings, entity, settings.mapping / folder, realms, first=entity == names[0]),
                transport,
                Seat(entity=entity, group=names, owner=group.gateway),
            )
            for entity, folder in group.entities.items()
        }
        self._evidence = _Gathered(settings.evidence_file, [_beside(settings.evidence_file, name) for name in names])

    def trigger(self, name: str) -> None:
        """One pass of every entity."""
        with self._lock:
            try:
                for member in self._members.values():
                    member.trigger(name)
            finally:
                self._evidence.gather()

    def deliver(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, Mapping[str, str], bytes]:
        """Every entity is told; the answer is that of the first that refuses, else of the first."""
        answers = [member.deliver(method, path, headers, body) for member in self._members.values()]
        return next((answer for answer in answers if answer[0] >= 400), answers[0])

    def quiet(self) -> bool:
        """Whether nobody has work left."""
        return all(member.quiet() for member in self._members.values())

    def settled(self) -> bool:
        """Whether everybody finished the work of the last pass."""
        return all(member.settled() for member in self._members.values())

    def operate(self, action: str, args: Mapping[str, str]) -> None:
        """An operator's act in the books of one entity (`entity`); `rewind`, and `replay` of everything, in all books.

        A `source` is looked for in all books. Raises `ConfigurationError` where nobody knows what is meant.
        """
        rest = {name: value for name, value in args.items() if name != "entity"}
        with self._lock:
            try:
                if named := args.get("entity", ""):
                    self._member(named).operate(action, rest)
                elif action == "rewind" or (action == "replay" and not args.get("source")):
                    for member in self._members.values():
                        member.operate(action, rest)
                elif args.get("source"):
                    self._somewhere(action, rest)
                else:
                    raise ConfigurationError(f"{action} does not say in whose books", mend="give the `entity`")
            finally:
                self._evidence.gather()

    def waiting(self) -> list[Waiting]:
        """What waits for a person, with the entity in whose books."""
        return [
            replace(each, detail=f"{entity}: {each.detail}")
            for entity, member in self._members.items()
            for each in member.waiting()
        ]

    def close(self) -> None:
        """Give everything back."""
        with self._lock:
            for member in self._members.values():
                member.close()
            self._evidence.gather()

    def _member(self, entity: str) -> Connector:
        if entity not in self._members:
            raise ConfigurationError(f"no entity {entity!r}", mend=f"name one of {', '.join(self._members)}")
        return self._members[entity]

    def _somewhere(self, action: str, args: Mapping[str, str]) -> None:
        """In the books of everybody who knows the source."""
        unknown: list[ConfigurationError] = []
        for member in self._members.values():
            try:
                member.operate(action, args)
            except ConfigurationError as error:
                unknown.append(error)
        if len(unknown) == len(self._members):
            raise unknown[0]


def state_urls(folder: Path, url: str) -> dict[str, str]:
    """The state database of each entity of a group."""
    return {entity: _url(url, entity) for entity in load_group(folder).entities}


class _Gathered:
    """One file of evidence out of those of the entities: what is new of each is added, whole rows only."""

    def __init__(self, path: Path, parts: Iterable[Path]) -> None:
        self._path, self._read = path, dict.fromkeys(parts, 0)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
        self.gather()

    def gather(self) -> None:
        """Add what is new; begin again where a file became shorter, because its oldest rows were given up."""
        found = {part: part.read_bytes() if part.exists() else b"" for part in self._read}
        if any(len(found[part]) < done for part, done in self._read.items()):
            self._path.write_bytes(b"")
            self._read = dict.fromkeys(self._read, 0)
        with self._path.open("ab") as file:
            for part, done in self._read.items():
                file.write(found[part][done:])
                self._read[part] = len(found[part])


def _settings(
    settings: Settings, entity: str, mapping: Path, realms: Mapping[str, Company], *, first: bool
) -> Settings:
    """Those of one entity. Raises `ConfigurationError` where the ledger company of one is not named."""
    own = replace(
        _paying(settings, entity, first=first),
        mapping=mapping,
        further=(),
        payers=(),
        state_url=_url(settings.state_url, entity),
        evidence_file=_beside(settings.evidence_file, entity),
        bi_url=_bi_url(settings.bi_url, entity) if settings.bi_url else "",
    )
    if first:
        return own
    if entity not in realms:
        raise ConfigurationError(
            f"no ledger company is named for the entity {entity!r}",
            where="QUICKBOOKS_ENTITY_2",
            mend="name it there, and its realm in QUICKBOOKS_REALM_ID_2",
        )
    realm = realms[entity]
    return replace(
        own,
        quickbooks_realm_id=realm.id,
        quickbooks_access_token=realm.access_token,
        quickbooks_refresh_token=realm.refresh_token,
    )


def _paying(settings: Settings, entity: str, *, first: bool) -> Settings:
    """With the entity's own company at the payroll provider; where it has none, its people side rests."""
    if settings.gusto_entity == entity or (first and not settings.gusto_entity):
        return settings
    payer = next((each for each in settings.payers if each.entity == entity), None)
    if payer is None:
        return replace(settings, gusto_base_url="", gusto_company_id="")
    return replace(
        settings,
        gusto_company_id=payer.id,
        gusto_access_token=payer.access_token,
        gusto_refresh_token=payer.refresh_token,
    )


def _beside(path: Path, entity: str) -> Path:
    return path.with_name(f"{path.stem}-{entity}{path.suffix}")


def _bi_url(url: str, entity: str) -> str:
    """Where an entity publishes: a folder of its name within that of the address, or a schema that ends with it."""
    if url.startswith(_DUCKDB):
        return f"{url.rstrip('/')}/{entity}"
    address = sa.make_url(url)
    schema = f"{address.query.get('schema', 'bi')}_{entity.lower().replace('-', '_')}"
    return address.update_query_dict({"schema": schema}).render_as_string(hide_password=False)


def _url(url: str, entity: str) -> str:
    """An entity's own memory: a file beside the named one, or a schema beside that of the address."""
    if url.startswith(_SQLITE):
        return _SQLITE + str(_beside(Path(url.removeprefix(_SQLITE)), entity))
    return schema_beside(url, entity)
