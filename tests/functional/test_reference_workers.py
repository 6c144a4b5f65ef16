"""Two workers of the reference connector on one database: nothing is posted twice, whoever is at it."""

from __future__ import annotations

from pathlib import Path

import pytest

from simharness.connectors.inprocess import frozen
from simharness.connectors.manifest import builtin_manifest, load_manifest
from simharness.domain.exchange import Outcome, Request
from simharness.fakekit.fake import Fake
from simharness.reference.app import build
from simharness.reference.connector import Connector
from simharness.reference.errors import StateError
from simharness.world.doors.transport import WorldTransport
from tests.functional.test_reference_faults import Company, play, writes


def worker(company: Company, folder: Path, number: int) -> Connector:
    """A worker as a process of its own would build it: the database shared, everything else its own."""
    attachment = load_manifest(builtin_manifest())
    values = {**company.world.connections(), "state_dir": str(folder / "shared"), "bi.url": ""}
    values["mapping"] = str(attachment.mapping_for("us-saas", None))
    env = {name: attachment.render(template, values) for name, template in attachment.manifest.env.items()}
    env["CONNECTOR_EVIDENCE"] = str(folder / f"evidence-{number}.ndjson")
    (folder / "shared").mkdir(exist_ok=True)
    return build(env, folder / "shared", WorldTransport(company.world))


class TwoWorkers(Company):
    """A company served by two workers: they take turns, and the second also tries in the middle of the first's
    writes.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        with frozen(self.world):
            self.workers = [worker(self, folder, number) for number in (1, 2)]
        self.met = 0
        self.port.counts, self.port.at, self.port.lasting, self.port.fault = writes, 1, 1_000, self._meanwhile

    def _meanwhile(self, fake: Fake, request: Request) -> Outcome:
        self.met += 1
        self.port.fault = None  # what the other one does is not interrupted again
        self.workers[1].trigger("sync")
        self.port.fault = self._meanwhile
        return Outcome(response=fake.handle(request))

    def rest(self) -> None:
        for _ in range(6):
            for each in self.workers:
                with frozen(self.world):
                    each.trigger("sync")
                self.port.fault = self._meanwhile if each is self.workers[1] else None
                self.workers.reverse()
            self.port.fault = self._meanwhile


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Company:
    company = Company(tmp_path_factory.mktemp("clean"))
    play(company)
    return company


def test_two_workers_post_nothing_twice(clean: Company, tmp_path: Path) -> None:
    two = TwoWorkers(tmp_path)
    play(two)
    assert two.met > 3, "the second worker tried while the first was writing"
    assert two.books() == clean.books()
    assert two.statuses() == clean.statuses()


def test_a_worker_finds_the_turn_taken_and_says_so_to_an_operator(tmp_path: Path) -> None:
    company = TwoWorkers(tmp_path)
    first, second = company.workers
    with frozen(company.world), first._turn() as mine:
        assert mine
        second.trigger("sync")
        assert not second.quiet()
        with pytest.raises(StateError, match="another worker is in the middle of its pass"):
            second.operate("replay", {})
    with frozen(company.world):
        second.operate("replay", {})


def test_a_turn_ends_with_the_worker_that_dies(tmp_path: Path) -> None:
    company = TwoWorkers(tmp_path)
    first, second = company.workers
    turn = first._turn()
    assert turn.__enter__()
    first.close()  # a process that ends gives its connection and its files back
    with frozen(company.world):
        second.trigger("sync")
        assert second.settled()
