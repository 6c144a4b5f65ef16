"""Each entity of a group has a company of its own, which only its own token opens; the app of all is one."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from simharness.core.clock import Clock
from simharness.core.content import content_folder
from simharness.domain import people
from simharness.domain.acts import ActRefused, Furnish, Subscribe
from simharness.domain.events import PayrollProcessed
from simharness.domain.payroll import PayrollSnapshot
from simharness.fakekit.bodies import read_json
from simharness.stories.dictionaries import load_dictionary
from tests.fakes.gusto.company import MONDAY, Company, usd

SHELF = content_folder("scenarios") / "dictionaries"
APP = {"grant_type": "refresh_token", "redirect_uri": "https://connector.test"}


class Both(Company):
    """West, furnished as every company here is, and East beside it."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.fake.operate(Furnish(dictionary=load_dictionary(SHELF / "us-group-people-east.yaml")), "setup")
        keys = self.fake.connection("")
        assert keys["entity_2"] == "east"
        self.first, self.west_token = self.id, self.token
        self.east, self.east_token = keys["company_id_2"], keys["access_token_2"]

    def turn(self, *, east: bool) -> None:
        """Whose company is `{c}` from now on, and whose token is shown."""
        self.id, self.token = (self.east, self.east_token) if east else (self.first, self.west_token)

    def payrolls(self) -> dict[str, PayrollSnapshot]:
        return {part.entity: part for part in self.fake.snapshot() if isinstance(part, PayrollSnapshot)}


def pay(c: Both, entity: str) -> tuple[str, PayrollProcessed]:
    """Somebody of an entity is hired and paid."""
    employee = c.hire(entity=entity)
    return employee, c.ran(people.RunPayroll(entity=entity))


def test_what_one_entity_does_is_in_its_own_payroll_and_in_no_other() -> None:
    c = Both()
    main = c.fake.state.company.entity
    _, ours = pay(c, main)
    employee, theirs = pay(c, "east")
    assert (ours.entity, theirs.entity) == (main, "east")
    assert ours.net_debit == theirs.net_debit
    assert ours.reference != theirs.reference
    c.do(people.ChangePay(employee_id=employee, from_day=date(2026, 2, 1), salary=usd(72000)))
    back = c.do(people.ReversePayroll(payroll_id=theirs.payroll_id, reason="wrong month"))
    assert isinstance(back, PayrollProcessed)
    assert (back.entity, back.net_debit) == ("east", -theirs.net_debit)
    found = c.payrolls()
    assert {entity: len(part.payrolls) for entity, part in found.items()} == {main: 1, "east": 2}
    assert [each.id for each in found["east"].employees] == [employee]
    assert {write.entity for write in c.fake.writes if write.record_id == theirs.payroll_id} == {"east"}


def test_a_token_opens_its_own_company_and_no_other() -> None:
    c = Both()
    _, theirs = pay(c, "east")
    c.refused(404, "GET", f"/v1/companies/{c.east}")
    c.refused(404, "GET", f"/v1/payrolls/{theirs.payroll_id}/receipt")
    c.turn(east=True)
    assert c.get("/v1/companies/{c}")["name"] == "Acme East LLC"
    assert c.get("/v1/token_info")["resource"]["uuid"] == c.east
    assert c.get(f"/v1/payrolls/{theirs.payroll_id}/receipt")["payroll_uuid"] == theirs.payroll_id
    c.refused(404, "GET", f"/v1/companies/{c.first}")


def test_a_report_of_any_company_lies_where_its_url_says() -> None:
    c = Both()
    _, theirs = pay(c, "east")
    c.turn(east=True)
    assert c.ledger(theirs.payroll_id)


def test_each_company_renews_its_own_tokens() -> None:
    c = Both()
    keys = c.fake.connection("")
    app = {**APP, "client_id": keys["client_id"], "client_secret": keys["client_secret"]}
    made = c.good("POST", "/oauth/token", {**app, "refresh_token": keys["refresh_token_2"]})
    after = c.fake.connection("")
    assert after["access_token_2"] == made["access_token"] != keys["access_token_2"]
    assert after["access_token"] == keys["access_token"]
    c.id, c.token = c.east, made["access_token"]
    assert c.get("/v1/companies/{c}")["uuid"] == c.east


def test_keys_that_are_issued_anew_open_what_the_old_ones_did() -> None:
    c = Both()
    before = c.fake.connection("")
    c.fake.rotate("keys", at_once=True)
    after = c.fake.connection("")
    for number, company in (("", c.first), ("_2", c.east)):
        c.id, c.token = company, before[f"access_token{number}"]
        assert c.ask("GET", "/v1/companies/{c}").status == 401
        c.token = after[f"access_token{number}"]
        assert c.get("/v1/companies/{c}")["uuid"] == company


def test_the_app_is_told_of_both_under_its_one_verification_token() -> None:
    c = Both()
    c.fake.operate(Subscribe(url="https://connector.test/gusto", events=("Payroll",)), "administrator")
    for entity in (c.fake.state.company.entity, "east"):
        pay(c, entity)
    c.clock.advance(timedelta(seconds=1))
    token = c.fake.connection("")["verification_token"].encode()
    told: list[Any] = [read_json(each.body) for each in c.posted]
    assert {each["resource_uuid"] for each in told} == {c.first, c.east}
    for each in c.posted:
        assert each.headers["x-gusto-signature"] == hmac.new(token, each.body, hashlib.sha256).hexdigest()


def test_nobody_works_for_two_companies() -> None:
    c = Both()
    ids = [c.hire(entity=entity) for entity in (c.fake.state.company.entity, "east", "east")]
    people_of = {each.subject: each.text for each in c.fake.personal() if each.field == "ssn"}
    assert set(people_of) == set(ids)
    assert len(set(people_of.values())) == len(ids)


def test_a_copy_goes_on_by_itself() -> None:
    c = Both()
    pay(c, "east")
    twin = c.fake.fork(replace(c.setup, clock=Clock(MONDAY)))
    bob = people.HireEmployee(
        name="Bob", department="Sales", state="TX", hired=MONDAY.date(), salary=usd(60000), entity="east"
    )
    twin.operate(bob, "people")
    staff = [
        {part.entity: len(part.employees) for part in fake.snapshot() if isinstance(part, PayrollSnapshot)}
        for fake in (c.fake, twin)
    ]
    assert [each["east"] for each in staff] == [1, 2]


def test_an_entity_without_a_company_is_refused_by_name() -> None:
    c = Both()
    with pytest.raises(ActRefused, match="no company in Gusto is of the entity 'north'"):
        c.hire(entity="north")
    c.fake.operate(Furnish(dictionary=load_dictionary(SHELF / "us-group-east.yaml")), "setup")
    c.fake.operate(Furnish(dictionary=load_dictionary(SHELF / "ee-saas.yaml")), "setup")
    assert len(c.payrolls()) == 2
