"""The vendor's own Python SDK, unmodified, over a socket."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from hubspot import HubSpot
from hubspot.crm.associations.v4 import AssociationSpec, BatchInputPublicFetchAssociationsBatchRequest
from hubspot.crm.associations.v4 import PublicFetchAssociationsBatchRequest as FetchAssociations
from hubspot.crm.companies import PublicMergeInput, SimplePublicObjectInputForCreate
from hubspot.crm.contacts import BatchInputSimplePublicObjectBatchInputUpsert as UpsertMany
from hubspot.crm.contacts import SimplePublicObjectBatchInputUpsert as Upsert
from hubspot.crm.deals import (
    ApiException,
    BatchInputSimplePublicObjectBatchInput,
    BatchReadInputSimplePublicObjectId,
    PublicObjectSearchRequest,
    SimplePublicObjectBatchInput,
    SimplePublicObjectId,
    SimplePublicObjectInput,
)
from hubspot.crm.properties import PropertyCreate
from hubspot.utils.signature import Signature
from hubspot.webhooks import SettingsChangeRequest, SubscriptionCreateRequest, ThrottlingSettings
from urllib3.util.retry import Retry

from simharness.domain.exchange import Request, Response
from simharness.world.doors.server import Served
from simharness.world.world import World

pytestmark = pytest.mark.socket


def world_of(served: Served) -> World:
    return served._host.world


def connect(served: Served, **options: object) -> HubSpot:
    known = world_of(served).fake("crm").connection(served.urls["hubspot"])
    return HubSpot(access_token=known["access_token"], host=known["base_url"], **options)


@pytest.fixture
def client(served: Served) -> HubSpot:
    return connect(served)


def make(client: HubSpot, name: str, stage: str = "contractsent") -> str:
    body = SimplePublicObjectInputForCreate(properties={"dealname": name, "dealstage": stage}, associations=[])
    return client.crm.deals.basic_api.create(simple_public_object_input_for_create=body).id


def test_deals_are_made_read_changed_and_archived(client: HubSpot) -> None:
    deal = make(client, "Globex rollout")
    shown = client.crm.deals.basic_api.get_by_id(deal, properties=["dealname", "billing_status"])
    assert (shown.properties["dealname"], shown.properties["billing_status"]) == ("Globex rollout", None)
    assert shown.created_at == datetime(2026, 1, 5, 17, 0, tzinfo=UTC)
    changed = client.crm.deals.basic_api.update(deal, SimplePublicObjectInput(properties={"dealstage": "closedwon"}))
    assert changed.properties["closedate"] == "2026-01-05T17:00:00.000Z"
    client.crm.deals.basic_api.archive(deal)
    with pytest.raises(ApiException) as gone:
        client.crm.deals.basic_api.get_by_id(deal)
    assert gone.value.status == 404
    with pytest.raises(ApiException) as wrong:
        client.crm.deals.basic_api.update(make(client, "B"), SimplePublicObjectInput(properties={"nope": "1"}))
    assert wrong.value.status == 400
    assert "PROPERTY_DOESNT_EXIST" in wrong.value.body


def test_every_page_of_a_list_is_walked(client: HubSpot) -> None:
    made = [make(client, str(n)) for n in range(5)]
    seen: list[str] = []
    page = client.crm.deals.basic_api.get_page(limit=2, properties=["dealname", "amount"], archived=False)
    while True:
        seen += [one.id for one in page.results]
        if page.paging is None:
            break
        page = client.crm.deals.basic_api.get_page(limit=2, after=page.paging.next.after)
    assert seen == made
    assert [one.id for one in client.crm.deals.get_all()] == made


def test_searches_page_by_offset(client: HubSpot) -> None:
    won = [make(client, name, "closedwon") for name in ("A", "B", "C")]
    make(client, "D")
    filters = [
        {"propertyName": "dealstage", "operator": "EQ", "value": "closedwon"},
        {"propertyName": "hs_lastmodifieddate", "operator": "GTE", "value": "1767600000000"},
    ]
    ask = PublicObjectSearchRequest(
        filter_groups=[{"filters": filters}], sorts=["hs_lastmodifieddate"], properties=["dealname"], limit=2, after=0
    )
    first = client.crm.deals.search_api.do_search(public_object_search_request=ask)
    assert (first.total, [one.id for one in first.results]) == (3, won[:2])
    ask.after = first.paging.next.after
    rest = client.crm.deals.search_api.do_search(public_object_search_request=ask)
    assert ([one.id for one in rest.results], rest.paging) == (won[2:], None)


def test_batches_tell_what_failed(client: HubSpot) -> None:
    made = [make(client, name) for name in "AB"]
    inputs = [SimplePublicObjectBatchInput(id=one, properties={"billing_status": "paid"}) for one in (*made, "9")]
    changed = client.crm.deals.batch_api.update(
        batch_input_simple_public_object_batch_input=BatchInputSimplePublicObjectBatchInput(inputs=inputs)
    )
    assert type(changed).__name__.endswith("WithErrors")
    assert (changed.num_errors, changed.errors[0].context) == (1, {"ids": ["9"]})
    read = client.crm.deals.batch_api.read(
        batch_read_input_simple_public_object_id=BatchReadInputSimplePublicObjectId(
            inputs=[SimplePublicObjectId(id=one) for one in made],
            properties=["billing_status"],
            properties_with_history=[],
        )
    )
    assert {one.properties["billing_status"] for one in read.results} == {"paid"}
    people = [
        Upsert(id=f"{n}@globex.example", id_property="email", properties={"firstname": n}) for n in ("ann", "bob")
    ]
    for new in (True, False):
        put = client.crm.contacts.batch_api.upsert(
            batch_input_simple_public_object_batch_input_upsert=UpsertMany(inputs=people)
        )
        assert [one.new for one in put.results] == [new, new]


def test_associations_and_a_merge(client: HubSpot) -> None:
    def company(name: str) -> str:
        body = SimplePublicObjectInputForCreate(properties={"name": name}, associations=[])
        return client.crm.companies.basic_api.create(simple_public_object_input_for_create=body).id

    one, two, deal = company("One"), company("Two"), make(client, "A")
    api = client.crm.associations.v4.basic_api
    api.create("deals", deal, "companies", one, [AssociationSpec("HUBSPOT_DEFINED", 341)])
    api.create_default("deals", deal, "companies", two)
    page = api.get_page("deals", deal, "companies")
    # The first company is primary, so it has the default type and type 5.
    found = [(str(each.to_object_id), sorted(t.type_id for t in each.association_types)) for each in page.results]
    assert found == [(one, [5, 341]), (two, [341])]
    many = client.crm.associations.v4.batch_api.get_page(
        "deals", "companies", BatchInputPublicFetchAssociationsBatchRequest(inputs=[FetchAssociations(id=deal)])
    )
    assert [str(each.to_object_id) for each in many.results[0].to] == [one, two]
    merged = client.crm.companies.basic_api.merge(PublicMergeInput(primary_object_id=two, object_id_to_merge=one))
    assert merged.id == two
    assert client.crm.companies.basic_api.get_by_id(one).id == two
    api.archive("deals", deal, "companies", two)
    assert api.get_page("deals", deal, "companies").results == []


def test_properties_pipelines_and_owners(client: HubSpot) -> None:
    body = PropertyCreate(name="erp_id", label="ERP", type="string", field_type="text", group_name="dealinformation")
    assert client.crm.properties.core_api.create("deals", body).name == "erp_id"
    assert "erp_id" in [one.name for one in client.crm.properties.core_api.get_all("deals").results]
    (pipeline,) = client.crm.pipelines.pipelines_api.get_all("deals").results
    won = [stage.id for stage in pipeline.stages if stage.metadata["probability"] == "1.0"]
    assert (pipeline.id, won) == ("default", ["closedwon"])
    assert len(client.crm.owners.owners_api.get_page(limit=100).results) == 2


def test_an_expired_token_is_renewed(served: Served, client: HubSpot) -> None:
    world_of(served).advance(timedelta(hours=1))
    with pytest.raises(ApiException) as late:
        client.crm.deals.basic_api.get_page()
    assert (late.value.status, "EXPIRED_AUTHENTICATION" in late.value.body) == (401, True)
    known = world_of(served).fake("crm").connection("")
    token = client.oauth.tokens_api.create(
        grant_type="refresh_token",
        client_id=known["client_id"],
        client_secret=known["client_secret"],
        refresh_token=known["refresh_token"],
    )
    client.access_token = token.access_token
    assert client.crm.deals.basic_api.get_page().results == []
    assert client.oauth.access_tokens_api.get(token.access_token).hub_id == int(known["portal_id"])


def test_a_limit_is_an_exception_of_the_sdk(served: Served, client: HubSpot) -> None:
    client = connect(served, retry=Retry(total=0))
    ask = PublicObjectSearchRequest(limit=1)
    for _ in range(5):
        client.crm.deals.search_api.do_search(public_object_search_request=ask)
    with pytest.raises(ApiException) as limited:
        client.crm.deals.search_api.do_search(public_object_search_request=ask)
    assert (limited.value.status, '"policyName":"SECONDLY"' in limited.value.body) == (429, True)


def test_a_signed_webhook_is_what_the_sdk_expects(served: Served) -> None:
    world = world_of(served)
    known = world.fake("crm").connection(served.urls["hubspot"])
    client = HubSpot(api_key=known["developer_api_key"], host=known["base_url"])
    app, url = int(known["app_id"]), "https://connector.example/hooks"
    settings = SettingsChangeRequest(target_url=url, throttling=ThrottlingSettings(max_concurrent_requests=10))
    client.webhooks.settings_api.configure(app, settings)
    wanted = SubscriptionCreateRequest(event_type="deal.propertyChange", property_name="dealstage", active=True)
    client.webhooks.subscriptions_api.create(app, wanted)
    received: list[Request] = []

    def receive(request: Request) -> Response:
        received.append(request)
        return Response(status=204)

    world.receiver = receive
    make(connect(served), "A", "closedwon")
    world.advance(timedelta(seconds=1))
    (request,) = received
    with time_machine.travel(world.clock.now, tick=False):
        for secret, valid in ((known["client_secret"], True), ("another", False)):
            assert (
                Signature.is_valid(
                    signature=request.headers["x-hubspot-signature-v3"],
                    client_secret=secret,
                    request_body=request.body.decode(),
                    http_uri=url,
                    http_method="POST",
                    signature_version="v3",
                    timestamp=request.headers["x-hubspot-request-timestamp"],
                )
                is valid
            )
