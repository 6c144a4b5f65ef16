"""What people do in the portal, seen in canonical records and over the wire."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from simharness.core.money import Money
from simharness.domain import acts
from simharness.domain.acts import ActRefused
from simharness.domain.crm import Certificate, Deal
from simharness.domain.events import CompanySaved
from tests.fakes.hubspot.portal import SalesTeam, line

PERMIT = Certificate(number="CA-1", jurisdictions=("US-CA", "US-TX-AUS"), reason="Resale", valid_from=date(2026, 1, 1))


def the_deal(team: SalesTeam) -> Deal:
    (deal,) = team.snapshot().deals
    return deal


def test_furnishing_twice_changes_nothing(team: SalesTeam) -> None:
    before = team.ask("GET", "/crm/v3/objects/products", limit=100).json
    team.later(hours=1)
    team.act(acts.Furnish(dictionary=team.dictionary), "setup")
    assert team.ask("GET", "/crm/v3/objects/products", limit=100).json == before
    assert len(before["results"]) == len(team.dictionary.products)
    assert len(team.ask("GET", "/crm/v3/owners").ids) == 2


def test_a_company_is_canonical_as_it_was_entered(team: SalesTeam) -> None:
    entered = team.company(
        "Globex", region="US-CA-SF", terms="Net 30", email="ap@globex.example", certificates=(PERMIT,)
    )
    (company,) = team.snapshot().companies
    assert (company.id, company.name, company.region, company.terms) == (entered, "Globex", "US-CA-SF", "Net 30")
    assert (company.email, company.certificates) == ("ap@globex.example", (PERMIT,))
    names = "tax_exempt_jurisdictions,tax_exempt_from,tax_exempt_until"
    shown = team.ask("GET", f"/crm/v3/objects/companies/{entered}", properties=names).json["properties"]
    assert shown["tax_exempt_jurisdictions"] == "US-CA;US-TX-AUS"
    assert (shown["tax_exempt_from"], shown["tax_exempt_until"]) == ("2026-01-01", None)


def test_a_company_changes_only_where_told(team: SalesTeam) -> None:
    entered = team.company("Globex", region="US-OR", certificates=(PERMIT,))
    team.act(acts.ChangeCompany(company_id=entered, name="Globex Inc"))
    (company,) = team.snapshot().companies
    assert (company.name, company.region, company.certificates) == ("Globex Inc", "US-OR", (PERMIT,))
    team.act(acts.ChangeCompany(company_id=entered, certificates=()))
    assert team.snapshot().companies[0].certificates == ()
    with pytest.raises(ActRefused):
        team.act(acts.ChangeCompany(company_id=entered, certificates=(PERMIT, PERMIT)))
    with pytest.raises(ActRefused):
        team.act(acts.ChangeCompany(company_id="7", name="Nobody"))


def test_what_recurs_yearly_is_called_as_the_portal_calls_it(team: SalesTeam) -> None:
    saved = team.deal(team.company(), line("Subscription seat", 1, "1200.00", recurring="yearly"))
    path = f"/crm/v3/objects/line_items/{saved.line_ids[0]}"
    shown = team.ask("GET", path, properties="recurringbillingfrequency").json["properties"]
    assert shown["recurringbillingfrequency"] == "annually"
    assert the_deal(team).lines[0].recurring == "yearly"


def test_a_deal_is_canonical_as_it_was_entered(team: SalesTeam) -> None:
    company = team.company()
    lines = (
        line("Badge printer", 3, "4000.00", discount_amount=Money("100.00", "USD"), cost_centre="CC-10"),
        line("Badge roll", 8, "12.50", discount_amount=Money("2.00", "USD"), revenue_type="Hardware"),
        line(
            "Subscription seat", "2.5", "99.9", discount_percent=Decimal("12.5"), recurring="monthly",
            service_from=date(2026, 2, 1), service_to=date(2027, 1, 31),
        ),
    )  # fmt: skip
    saved = team.deal(company, *lines, discount_percent=Decimal(5), cost_centre="CC-20", location="SF", entity="main")
    deal = the_deal(team)
    assert (deal.id, deal.company_id, deal.stage, deal.currency) == (saved.deal_id, company, "open", "USD")
    assert (deal.discount_percent, deal.discount_amount) == (Decimal(5), None)
    assert (deal.cost_centre, deal.location, deal.entity) == ("CC-20", "SF", "main")
    assert tuple(one.id for one in deal.lines) == saved.line_ids
    for entered, kept in zip(lines, deal.lines, strict=True):
        assert (kept.product, kept.quantity, kept.unit_price) == (entered.product, entered.quantity, entered.unit_price)
        assert (kept.discount_percent, kept.discount_amount) == (entered.discount_percent, entered.discount_amount)
        assert (kept.revenue_type, kept.recurring, kept.cost_centre) == (
            entered.revenue_type, entered.recurring, entered.cost_centre,
        )  # fmt: skip
        assert (kept.service_from, kept.service_to) == (entered.service_from, entered.service_to)
    names = "discount,line_discount_amount"
    shown = [
        team.ask("GET", f"/crm/v3/objects/line_items/{one}", properties=names).json["properties"]
        for one in saved.line_ids[:2]
    ]
    # 100 over three pieces is no exact discount a unit; 2 over eight is 0.25.
    assert (shown[0]["discount"], shown[0]["line_discount_amount"]) == (None, "100.00")
    assert (shown[1]["discount"], shown[1]["line_discount_amount"]) == ("0.25", None)


def test_the_amount_of_a_deal_is_what_was_said_or_the_sum_of_its_lines(team: SalesTeam) -> None:
    company = team.company()
    team.deal(company, line("Badge printer", 2, "100.00"), line("Badge roll", 1, "5.00", discount_percent=Decimal(10)))
    team.deal(company, line("Badge printer", 2, "100.00"), amount=Money("150.00", "USD"))
    # 200.00 + 4.50
    assert [deal.amount for deal in team.snapshot().deals] == [Money("204.50", "USD"), Money("150.00", "USD")]


def test_a_deposit_and_the_day_of_delivery_are_canonical_as_they_were_entered(team: SalesTeam) -> None:
    share = team.deal(team.company(), deposit_percent=Decimal("12.5"))
    team.deal(team.company(), deposit_amount=Money("900.00", "USD"))
    team.act(acts.DeliverDeal(deal_id=share.deal_id, day=date(2026, 7, 15)))
    first, second = team.snapshot().deals
    assert (first.deposit_percent, first.deposit_amount, first.delivered_on) == (
        Decimal("12.5"),
        None,
        date(2026, 7, 15),
    )
    assert (second.deposit_percent, second.deposit_amount, second.delivered_on) == (None, Money("900.00", "USD"), None)
    shown = team.ask("GET", f"/crm/v3/objects/deals/{share.deal_id}", properties="delivered_on").json["properties"]
    assert shown["delivered_on"] == "2026-07-15"


def test_a_deposit_is_in_percent_or_in_money(team: SalesTeam) -> None:
    with pytest.raises(acts.ActRefused):
        team.deal(team.company(), deposit_percent=Decimal(10), deposit_amount=Money("900.00", "USD"))


def test_winning_reopening_and_winning_again(team: SalesTeam) -> None:
    saved = team.deal(team.company())
    team.later(days=1)
    team.act(acts.WinDeal(deal_id=saved.deal_id))
    won = the_deal(team)
    assert (won.stage, won.won_at, won.close_date) == ("won", team.clock.now, date(2026, 1, 6))
    team.later(days=1)
    team.act(acts.WinDeal(deal_id=saved.deal_id))
    again = the_deal(team)
    assert (again.won_at, again.updated_at) == (won.won_at, team.clock.now)
    team.act(acts.ReopenDeal(deal_id=saved.deal_id))
    assert the_deal(team).stage == "open"
    with pytest.raises(ActRefused):
        team.act(acts.ReopenDeal(deal_id=saved.deal_id))
    team.later(days=1)
    team.act(acts.WinDeal(deal_id=saved.deal_id))
    last = the_deal(team)
    assert (last.won_at, last.close_date) == (team.clock.now, date(2026, 1, 6))


def test_the_close_date_is_a_day_of_the_portals_own_zone(team: SalesTeam) -> None:
    saved = team.deal(team.company())
    team.later(hours=14, minutes=30)  # 23:30 on the fifth in Los Angeles, the sixth in UTC
    team.act(acts.WinDeal(deal_id=saved.deal_id))
    assert the_deal(team).close_date == date(2026, 1, 5)
    team.act(acts.WinDeal(deal_id=saved.deal_id, close_date=date(2026, 1, 31)))
    assert the_deal(team).close_date == date(2026, 1, 31)


def test_lines_keep_their_ids_by_position_and_nothing_of_the_old_line(team: SalesTeam) -> None:
    saved = team.deal(
        team.company(), line("Badge printer", 1, "10.00", discount_percent=Decimal(10)), line("Badge roll", 1, "5.00")
    )
    changed = (
        line("Visitor kiosk", 2, "20.00"), line("Badge roll", 1, "5.00"), line("Consulting hour", 1, "1.00"),
    )  # fmt: skip
    team.later(hours=1)
    team.act(acts.ChangeDeal(deal_id=saved.deal_id, lines=changed))
    deal = the_deal(team)
    assert [one.id for one in deal.lines[:2]] == list(saved.line_ids)
    assert [(one.product, one.discount_percent) for one in deal.lines] == [
        ("Visitor kiosk", None), ("Badge roll", None), ("Consulting hour", None),
    ]  # fmt: skip
    assert (deal.amount, deal.updated_at) == (Money("46.00", "USD"), team.clock.now)
    team.act(acts.ChangeDeal(deal_id=saved.deal_id, lines=changed[:1]))
    assert [one.id for one in the_deal(team).lines] == [saved.line_ids[0]]
    assert team.ask("GET", f"/crm/v3/objects/line_items/{saved.line_ids[1]}").status == 404


def test_a_deal_amount_that_was_never_the_sum_does_not_follow_the_lines(team: SalesTeam) -> None:
    saved = team.deal(team.company(), amount=Money("1.00", "USD"))
    team.act(acts.ChangeDeal(deal_id=saved.deal_id, lines=(line("Badge roll", 7, "5.00"),)))
    assert the_deal(team).amount == Money("1.00", "USD")


def test_a_document_discount_is_replaced_by_the_other_kind(team: SalesTeam) -> None:
    saved = team.deal(team.company(), discount_percent=Decimal(5))
    team.act(acts.ChangeDeal(deal_id=saved.deal_id, discount_amount=Money("10.00", "USD")))
    deal = the_deal(team)
    assert (deal.discount_percent, deal.discount_amount) == (None, Money("10.00", "USD"))
    assert len(deal.lines) == 1
    with pytest.raises(ActRefused):
        team.act(acts.ChangeDeal(deal_id=saved.deal_id, discount_amount=Money("1", "USD"), discount_percent=Decimal(1)))


@pytest.mark.parametrize(
    "wrong", [line("No such thing", 1, "1.00"), line("Badge roll", 1, "1.00", recurring="fortnightly")]
)
def test_a_line_the_portal_would_refuse_leaves_no_deal_behind(team: SalesTeam, wrong: acts.LineSpec) -> None:
    company = team.company()
    with pytest.raises(ActRefused):
        team.deal(company, line("Badge roll", 1, "1.00"), wrong)
    assert team.snapshot().deals == ()


def test_acts_of_other_families_are_refused(team: SalesTeam) -> None:
    with pytest.raises(ActRefused):
        team.act(acts.ClosePeriod(until=date(2026, 1, 31)))


def test_what_a_connector_writes_back_is_canonical(team: SalesTeam) -> None:
    saved = team.deal(team.company())
    values = {"billing_status": "partly paid", "outstanding_amount": "12.50", "invoice_number": "1001"}
    team.ask("PATCH", f"/crm/v3/objects/deals/{saved.deal_id}", {"properties": values})
    assert (the_deal(team).billing_status, the_deal(team).outstanding) == ("partly paid", Money("12.50", "USD"))


@pytest.mark.parametrize("locale", ["en_US", "de_DE", "ar_AA", "ja_JP"])
def test_a_company_comes_with_somebody_to_talk_to(locale: str) -> None:
    team = SalesTeam(locale=locale)
    companies = [team.company(f"Company {n}") for n in range(12)]
    contacts = team.ask("GET", "/crm/v3/objects/contacts", limit=100, associations="companies").json["results"]
    assert [c["associations"]["companies"]["results"][0]["id"] for c in contacts] == companies
    names = {c["properties"]["lastname"] for c in contacts}
    assert len(names) > 6
    assert "O’Brien-D'Arcy" in names  # every fifth person has an awkward name
    assert SalesTeam(options={"invent_contacts": "false"}).company() == companies[0]


def test_a_snapshot_shows_every_change_of_deals_lines_and_companies(team: SalesTeam) -> None:
    one, two = team.company("One"), team.company("Two")
    saved = team.deal(one)
    before = team.snapshot()
    assert team.snapshot() == before
    path = f"/crm/v3/objects/line_items/{saved.line_ids[0]}"
    team.ask("PATCH", path, {"properties": {"quantity": "7"}})
    assert the_deal(team).lines[0].quantity == 7
    put = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 5}]
    team.ask("PUT", f"/crm/v4/objects/deals/{saved.deal_id}/associations/companies/{two}", put)
    assert the_deal(team).company_id == two
    team.ask("DELETE", path)
    assert the_deal(team).lines == ()
    stranger = team.ask("POST", "/crm/v3/objects/line_items", {"properties": {"name": "x", "price": "1"}}).json["id"]
    team.ask("PUT", f"/crm/v4/objects/deals/{saved.deal_id}/associations/default/line_items/{stranger}")
    assert [line.id for line in the_deal(team).lines] == [stranger]
    gone = [
        {"from": {"id": saved.deal_id}, "to": {"id": stranger},
         "types": [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 19}]}
    ]  # fmt: skip
    team.ask("POST", "/crm/v4/associations/deals/line_items/batch/labels/archive", {"inputs": gone})
    assert the_deal(team).lines == ()


def test_a_merged_company_names_the_survivor_which_gets_its_deals_and_what_it_lacked(team: SalesTeam) -> None:
    gone, survivor = team.company("Initech West", region="US-OR"), team.company("Initech", region="")
    team.deal(gone, line("Badge printer", 1, "100.00"))
    assert team.act(acts.MergeCompanies(company_id=gone, into_id=survivor)) == (CompanySaved(company_id=survivor),)
    assert {one.id: (one.merged_into, one.region) for one in team.snapshot().companies} == {
        gone: (survivor, "US-OR"),
        survivor: ("", "US-OR"),
    }
    assert the_deal(team).company_id == survivor
    with pytest.raises(ActRefused):
        team.act(acts.MergeCompanies(company_id=gone, into_id=survivor))
