"""Many records at once: queries, change data capture, batches."""

from __future__ import annotations

from collections.abc import Mapping

from simharness.fakekit.bodies import Json
from simharness.fakekit.fake import Call
from simharness.fakekit.problems import Violations
from simharness_fakes.accounting.refusals import Refusal
from simharness_fakes.quickbooks import errors
from simharness_fakes.quickbooks.entities import BY_LOWER, ENTITIES, Entity
from simharness_fakes.quickbooks.fake import Quickbooks
from simharness_fakes.quickbooks.query import parse, run
from simharness_fakes.quickbooks.routes.serving import api, timed
from simharness_fakes.quickbooks.state import Company
from simharness_fakes.quickbooks.wire.parts import Wire
from simharness_fakes.quickbooks.wire.times import instant, read_instant

_BATCH_KEYS = ("bId", "operation", "optionsData", "Query")
_LONGEST_BATCH_KEY, _LONGEST_ITEM_KEY = 36, 10


def _query(fake: Quickbooks, company: Company, call: Call) -> Wire:
    text = call.body if isinstance(call.body, str) else str(call.query.get("query") or "")
    return timed(fake, {"QueryResponse": _answer(fake, company, text)})


def _answer(fake: Quickbooks, company: Company, text: str) -> Wire:
    return run.run(company, parse.parse(text), run.declared(fake.contract))


def _changes(fake: Quickbooks, company: Company, call: Call) -> Wire:
    """Change data capture: what changed since an instant, deletions included, entity by entity as they were named."""
    since = read_instant(call.query["changedSince"])
    if since is None:
        raise errors.bad_value("changedSince", call.query["changedSince"], "date-time")
    if since < fake.setup.clock.now - fake.options.cdc_look_back:
        raise errors.bad_value("changedSince", call.query["changedSince"], "instant of the last 30 days")
    answers: list[Wire] = []
    left = fake.options.cdc_results
    for name in call.query["entities"]:
        entity = BY_LOWER.get(str(name).strip().lower())
        if entity is None:
            raise errors.bad_enum("entities", name)
        found = company.books.changes_since(since, (entity.kind,))
        edge = company.stands_at
        changes = [change for change in found if edge is None or change.at <= edge][:left]
        shown: list[Wire] = []
        for change in changes:
            if change.operation == "delete":
                when = {"LastUpdatedTime": instant(change.at)}
                shown.append({"domain": "QBO", "status": "Deleted", "Id": change.id, "MetaData": when})
            else:
                shown.append(entity.encode(company, entity.find(company, change.id)))
        left -= len(shown)
        answers.append({entity.name: shown, "startPosition": 1, "maxResults": len(shown)} if shown else {})
    return timed(fake, {"CDCResponse": [{"QueryResponse": answers}]})


def _batch(fake: Quickbooks, company: Company, call: Call) -> Wire:
    items = call.body["BatchItemRequest"]
    if len(items) > fake.options.batch_items:
        raise errors.too_many(fake.options.batch_items, len(items))
    _check_key_lengths(call)
    answers = []
    for item in items:
        try:
            answer = _item(fake, company, call, item)
        except errors.Refused as refused:
            answer = {"Fault": refused.fault()}
        except Refusal as refusal:
            answer = {"Fault": errors.from_refusal(refusal).fault()}
        answers.append({"bId": item["bId"], **answer})
    return timed(fake, {"BatchItemResponse": answers})


def _check_key_lengths(call: Call) -> None:
    """With a requestid, each item's key is made of both ids, so both are shorter (the vendor's documentation)."""
    key = str(call.query.get("requestid") or "")
    if len(key) > _LONGEST_BATCH_KEY:
        raise errors.too_long("requestid", key, _LONGEST_BATCH_KEY)
    if key:
        for item in call.body["BatchItemRequest"]:
            if len(item["bId"]) > _LONGEST_ITEM_KEY:
                raise errors.too_long("bId", item["bId"], _LONGEST_ITEM_KEY)


def _item(fake: Quickbooks, company: Company, call: Call, item: Mapping[str, Json]) -> Wire:
    names = [name for name in item if name not in _BATCH_KEYS]
    if "Query" in item:
        if names or item.get("operation"):
            raise errors.business("An item of a batch is a query or an operation, not both", "Query")
        return {"QueryResponse": _answer(fake, company, item["Query"])}
    if len(names) != 1:
        raise errors.missing("BatchItemRequest.operation" if names else "BatchItemRequest.Query")
    entity, operation = ENTITIES.get(names[0]), str(item.get("operation") or "")
    if entity is None:
        raise errors.unsupported_property(names[0])
    if operation not in ("create", "update", "delete", "void"):
        raise errors.bad_enum("operation", operation)
    if not entity.can:
        raise errors.unsupported_operation(operation)
    body = item[names[0]]
    _validate(fake, call, entity, body)
    void = str(item.get("optionsData") or "").lower() == "void"
    wanted = "" if operation == "create" else operation
    if operation == "create" and str(body.get("Id") or "0") != "0":
        raise errors.business("A record that is created has no Id", "Id")
    return {entity.name: fake.writer(company, call.actor).save(entity, body, wanted, void=void)}


def _validate(fake: Quickbooks, call: Call, entity: Entity, body: Json) -> None:
    """An item is judged by the contract of the single request it stands for."""
    operation = fake.contract.operations[f"save{entity.name}"]
    rule = operation.body("application/json")
    if not rule.validator.fits(body):
        items = rule.validator.violations(body, "body")
        raise errors.from_violations(Violations(operation=operation.id, items=items))
    call.inert.extend(f"body.BatchItemRequest.{entity.name}.{name}" for name in rule.inert.present(body))


query = api(_query)
changes = api(_changes)
batch = api(_batch)
