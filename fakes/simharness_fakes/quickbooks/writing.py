"""Creating, changing, voiding and deleting records: one way for single requests and for the items of a batch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simharness.domain.write import Write
from simharness.fakekit.bodies import Json
from simharness_fakes.quickbooks import errors
from simharness_fakes.quickbooks.entities import BY_KIND, Entity
from simharness_fakes.quickbooks.state import Company
from simharness_fakes.quickbooks.wire.given import Given, flag
from simharness_fakes.quickbooks.wire.parts import Wire
from simharness_fakes.quickbooks.wire.tax import make_tax_code


class Writer:
    """Writes into one company as one actor and notes every write in the log."""

    def __init__(self, company: Company, actor: str, log: list[Write], vendor: str) -> None:
        self._company, self._actor, self._log, self._vendor = company, actor, log, vendor

    def save(self, entity: Entity, body: Mapping[str, Json], operation: str = "", *, void: bool = False) -> Wire:
        """Do what a POST to an entity asks: create without an id, else update, void or delete. Returns the record."""
        id = str(body.get("Id") or "")
        id = "" if id == "0" else id
        if operation in ("delete", "void") or void:
            return self._end(entity, body, id, "delete" if operation == "delete" else "void")
        if not id:
            if operation == "update":
                raise errors.missing("Id")
            return self._create(entity, body)
        return self._update(entity, body, id)

    def _create(self, entity: Entity, body: Mapping[str, Json]) -> Wire:
        if entity.decode is None or "create" not in entity.can:
            raise errors.unsupported_operation("create")
        given = Given(body)
        draft = entity.decode(self._company, given, None)
        record = entity.register(self._company.books).create(draft, self._company.by(self._actor))
        told = [entity.fields[name] for name in body if name in entity.fields and given.has(name)]
        self._note(entity, record.id, "create", told)
        return entity.show(self._company, record)

    def _update(self, entity: Entity, body: Mapping[str, Json], id: str) -> Wire:
        if entity.decode is None or "update" not in entity.can:
            raise errors.unsupported_operation("update")
        old = self._current(entity, body, id)
        given = Given(body, keep=flag(body.get("sparse")) is True)
        before = entity.show(self._company, old)
        draft = entity.decode(self._company, given, old)
        record = entity.register(self._company.books).update(id, draft, self._company.by(self._actor))
        after = entity.show(self._company, record)
        changed = [
            canonical
            for name, canonical in entity.fields.items()
            if before.get(name) != after.get(name) and (name in body or not given.keep)
        ]
        if changed:
            self._note(entity, id, "update", changed)
        return after

    def _end(self, entity: Entity, body: Mapping[str, Json], id: str, operation: str) -> Wire:
        if operation not in entity.can:
            raise errors.unsupported_operation(operation)
        if not id:
            raise errors.missing("Id")
        before = self._current(entity, body, id)
        register, by = entity.register(self._company.books), self._company.by(self._actor)
        if operation == "void":
            record = register.void(id, by)
            if record != before:
                self._note(entity, id, "void", ["status"])
            return entity.encode(self._company, record)
        register.delete(id, by)
        self._note(entity, id, "delete", [])
        return {"domain": "QBO", "status": "Deleted", "Id": id}

    def _current(self, entity: Entity, body: Mapping[str, Json], id: str) -> Any:
        """The record as it stands, if the body's SyncToken says that the client has seen it so."""
        token = body.get("SyncToken")
        if token is None or token == "":
            raise errors.missing("SyncToken")
        record = entity.find(self._company, id)
        if record is None:
            raise errors.not_found(entity.name, id)
        if str(token) != str(record.version):
            raise errors.stale(entity.name, str(token), str(record.version))
        return record

    def make_tax_code(self, body: dict[str, Json]) -> Wire:
        """Create a tax code with its rates, as the tax service does."""
        mark = self.mark()
        made = make_tax_code(self._company, body, self._actor)
        self.note_since(mark)
        return made

    # -- the write log of what happened in the books without a body --------------------------------------------------

    def mark(self) -> int:
        """Where the books' log of changes stands."""
        changes = self._company.books.changes_since(self._company.clock.now)
        return changes[-1].sequence if changes else 0

    def note_since(self, mark: int, *kinds: str) -> None:
        """Note every record (of some kinds, where any are named) that was made or changed after a mark, with all its
        fields.
        """
        for change in self._company.books.changes_since(self._company.clock.now):
            entity = BY_KIND.get(change.kind)
            if change.sequence > mark and entity is not None and (not kinds or change.kind in kinds):
                wire = entity.encode(self._company, entity.find(self._company, change.id))
                told = [canonical for name, canonical in entity.fields.items() if name in wire]
                self._note(entity, change.id, change.operation, told)

    def note(self, dataset: str, id: str, action: str, fields: list[str]) -> None:
        """Note a write by its canonical fields."""
        self._log.append(
            Write(
                at=self._company.clock.now, family="accounting", vendor=self._vendor, dataset=dataset, record_id=id,
                action=action, fields=tuple(sorted(fields)), actor=self._actor,
                entity=self._company.books.settings.entity,
            )
        )  # fmt: skip

    def _note(self, entity: Entity, id: str, action: str, fields: list[str]) -> None:
        self.note(entity.dataset, id, action, fields)
