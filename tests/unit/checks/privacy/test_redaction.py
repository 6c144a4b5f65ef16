"""A record that is kept shows nobody, loads as it was saved, and is judged as before."""

from __future__ import annotations

from msgspec import structs

from simharness.checks.judge import judge
from simharness.checks.privacy.canaries import canaries
from simharness.checks.privacy.redaction import WITHHELD, Blots
from simharness.domain.evidence import LogRow
from simharness.domain.exchange import Response
from simharness.domain.finding import Judgement, Severity
from simharness.domain.personal import Personal, Sighting, Watch
from simharness.domain.record import RunRecord, lines, read
from tests.unit.checks import builders as b

NAME = 'Robert "Bob" Smith'
HELD = [
    ("payroll", Personal(subject="e1", field="name", text=NAME)),
    ("payroll", Personal(subject="e1", field="ssn", text="512-33-9876")),
]
SEEN = Watch(canaries=(("name", 1),), sinks=(("log", 1),), sightings=(Sighting(
    subject="e1", field="name", sink="log", place="row 1"),))  # fmt: skip


def leaking() -> RunRecord:
    body = b'{"note": "Robert \\"Bob\\" Smith, 512339876"}'
    asked = b.exchange(8, "journalentry", body)
    told = b.exchange(9, "payrolls", b"", vendor="gusto", response=Response(status=200, body=b'{"anything": 1}'))
    row = b.log("gusto:payroll:1", "quickbooks:journal:1", "10.00", "k", detail=f"paid {NAME}")
    return structs.replace(
        b.record(), exchanges=(*b.exchanges(), asked, told), evidence=(*b.evidence(), row), watches=(SEEN,)
    )


def blotted() -> RunRecord:
    return Blots(canaries(HELD, ""), frozenset({"gusto"})).record(leaking())


def saved(record: RunRecord) -> bytes:
    return b"".join(lines(record))


def test_nothing_of_a_person_is_left_and_the_field_is_named() -> None:
    record = blotted()
    assert record.exchanges[-2].request.body == b'{"note": "[name], [ssn]"}'
    told = record.evidence[-1]
    assert isinstance(told, LogRow)
    assert told.detail == "paid [name]"
    assert record.exchanges[-1].response is not None
    assert record.exchanges[-1].response.body == WITHHELD
    assert record.exchanges[:-2] == b.exchanges()


def test_a_saved_record_is_judged_like_the_one_in_memory() -> None:
    record = blotted()
    again = read(saved(record).splitlines(keepends=True))
    assert again == record
    assert judge(again) == judge(record)


def test_c8_names_field_place_and_person_by_id() -> None:
    found = b.the_finding("C8", blotted())
    assert found.message == "the name of a person stands in the connector's log: row 1"
    assert (found.key, found.objects, found.severity) == ("C8:name:log", ("person:e1",), Severity.CONDUCT)


def test_c8_passes_where_a_search_saw_nothing_and_says_where_none_was_made() -> None:
    searched = structs.replace(b.record(), watches=(structs.replace(SEEN, sightings=()),))
    assert b.passes("C8", searched)
    assert b.result("C8", structs.replace(b.record(), watches=(Watch(),))).judgement is Judgement.NOT_EXERCISED
    assert b.result("C8", b.record()).judgement is Judgement.NOT_APPLICABLE
