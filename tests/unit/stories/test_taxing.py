"""What is said about tax and discounts by rule reaches the systems, and the record holds the truth it makes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from simharness.core.errors import HarnessFault
from simharness.domain import acts, fact
from simharness.domain.record import RunRecord
from simharness.stories import discovery
from simharness.stories.rates import rate_on
from tests.unit.stories.company import DICTIONARY, STORY, folder, problems
from tests.unit.stories.offices import Clerk, Office, new_world, play
from tests.unit.stories.test_selling import given, only
from tests.unit.stories.test_session import with_acts

BOOKS = DICTIONARY.replace(
    "regions:", '  - {name: NV, account: "2200", components: [{authority: Nevada, percent: 6.85}]}\nregions:'
) + (
    "discount_rules:\n"
    "  - {name: Partner, percent: 15}\n"
    "  - {name: Volume, percent: 10, products: [Badge printer], from_quantity: 10}\n"
)
GLOBEX = "{customer_exists: Globex}"


def played(root: Path, text: str) -> tuple[RunRecord, Clerk]:
    (story,) = discovery.load([folder(root, text, BOOKS)])
    clerk = Clerk(new_world())
    return play(story, clerk), clerk


def sold(quantity: int) -> str:
    line = f"{{product: Badge printer, quantity: {quantity}, unit_price: USD 10.00}}"
    return f"{{deal: Rollout, customer: Globex, lines: [{line}]}}"


def certificate(record: RunRecord) -> Any:
    (found,) = only(record, fact.CustomerChanged).certificates
    return found


def test_an_exemption_of_which_nothing_more_is_said_is_valid_where_the_customer_is(tmp_path: Path) -> None:
    record, _ = played(tmp_path, given(GLOBEX, "{exempt: Globex}", sold(1)))
    found = certificate(record)
    assert (found.jurisdictions, found.number, found.valid_until) == (("US-CA-SF",), "on file", None)


def test_a_customer_without_a_region_is_exempt_nowhere(tmp_path: Path) -> None:
    lost = (GLOBEX, "{customer_without: Globex, lacks: region}", "{exempt: Globex}", sold(1))
    with pytest.raises(HarnessFault, match="has no region in which it could be exempt"):
        played(tmp_path, given(*lost))


def test_a_rate_that_changes_is_the_rate_of_the_record_and_told_to_the_ledger(tmp_path: Path) -> None:
    record, clerk = played(tmp_path, with_acts("{tax_code_changes: NV, to: 7.5%, from: 2026-02-01}"))
    code = next(each for each in record.header.dictionary.tax_codes if each.name == "NV")
    assert [rate_on(code, day) for day in (date(2026, 1, 31), date(2026, 2, 1))] == [Decimal("6.85"), Decimal("7.5")]
    told = only(record, fact.TaxRateChanged)
    assert (told.code, told.percent, told.since) == ("NV", Decimal("7.5"), date(2026, 2, 1))
    office = clerk.world.fake("accounting")
    assert isinstance(office, Office)
    last = [(by, act) for _, by, act in office.done if isinstance(act, acts.Furnish)][-1]
    assert last == ("controller", acts.Furnish(dictionary=record.header.dictionary))


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("{tax_code_changes: NV, to: 7.5%, from: 2026-01-11}", "2026-01-11 is over"),
        ("{tax_code_changes: CA San Francisco, to: 9%, from: 2026-02-01}", "made of those of California, San Franc"),
    ],
)
def test_a_rate_that_cannot_change_so_is_a_step_that_could_not_happen(tmp_path: Path, change: str, what: str) -> None:
    record, _ = played(tmp_path, with_acts(change))
    assert what in only(record, fact.StepImpossible).what
    assert all(each.name != "NV" or len(each.components) == 1 for each in record.header.dictionary.tax_codes)


def test_a_rule_of_the_document_discounts_the_deal(tmp_path: Path) -> None:
    record, _ = played(tmp_path, given(GLOBEX, sold(1), "{discount_rule: Partner, deal: Rollout}"))
    assert only(record, fact.DealChanged).discount_percent == Decimal(15)


def test_a_rule_of_products_discounts_the_lines_that_have_enough_of_them(tmp_path: Path) -> None:
    record, _ = played(tmp_path, given(GLOBEX, sold(10), "{discount_rule: Volume, deal: Rollout}"))
    (line,) = only(record, fact.DealChanged).lines
    assert line.discount_percent == Decimal(10)
    with pytest.raises(HarnessFault, match="no line of 'Rollout' is one that the rule 'Volume' is for"):
        played(tmp_path, given(GLOBEX, sold(9), "{discount_rule: Volume, deal: Rollout}"))


@pytest.mark.parametrize(
    ("step", "what"),
    [
        ("{discount_rule: Patner, deal: Rollout}", "unknown discount rule 'Patner'"),
        ("{tax_code_changes: XX, to: 5%, from: 2026-02-01}", "unknown tax code 'XX'"),
        ("{tax_code_changes: NV, to: 5, from: 2026-02-01}", "is not a percentage"),
    ],
)
def test_a_wrong_word_is_told(tmp_path: Path, step: str, what: str) -> None:
    text = STORY.replace("  - connector_finishes\n", f"  - {step}\n  - connector_finishes\n")
    assert what in str(problems(tmp_path, text, BOOKS)[0])


def test_a_rule_names_products_that_there_are(tmp_path: Path) -> None:
    wrong = BOOKS.replace("products: [Badge printer], from", "products: [Badge drinker], from")
    assert "unknown product 'Badge drinker'" in str(problems(tmp_path, STORY, wrong)[0])
