"""Reading and writing one record; the entity's declaration says what is possible."""

from __future__ import annotations

from simharness.fakekit.fake import Call, Handler
from simharness_fakes.quickbooks.entities import Entity
from simharness_fakes.quickbooks.errors import not_found
from simharness_fakes.quickbooks.fake import Quickbooks
from simharness_fakes.quickbooks.routes.serving import api, timed
from simharness_fakes.quickbooks.state import Company
from simharness_fakes.quickbooks.wire.parts import Wire


def reader(entity: Entity) -> Handler:
    """GET of one record."""

    def work(fake: Quickbooks, company: Company, call: Call) -> Wire:
        record = entity.find(company, call.path["id"])
        if record is None:
            raise not_found(entity.name, call.path["id"])
        return timed(fake, {entity.name: entity.encode(company, record)})

    return api(work)


def saver(entity: Entity) -> Handler:
    """POST: create, update, void or delete."""

    def work(fake: Quickbooks, company: Company, call: Call) -> Wire:
        writer = fake.writer(company, call.actor)
        void = call.query.get("include") == "void"
        return timed(fake, {entity.name: writer.save(entity, call.body, call.query.get("operation", ""), void=void)})

    return api(work)


def _make_tax_code(fake: Quickbooks, company: Company, call: Call) -> Wire:
    return timed(fake, fake.writer(company, call.actor).make_tax_code(call.body))


make_tax_code = api(_make_tax_code)
