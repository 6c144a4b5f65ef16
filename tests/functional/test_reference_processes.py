"""Two processes of the reference connector on one database, over sockets: each fact is in the books once."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from simharness.connectors.manifest import builtin_manifest, load_manifest
from simharness.core.content import content_folder
from simharness.domain import acts
from simharness.reference.memory.chain import Chain
from simharness.reference.memory.store import Store
from simharness.stories.dictionaries import load_dictionary
from simharness.world.doors.host import WorldHost
from simharness.world.doors.server import Served
from simharness.world.world import World
from tests.functional.test_reference_faults import NOON, PRINTER, usd
from tests.postgres import Server

CUSTOMERS, ROUNDS = 6, 12


@pytest.fixture
def world() -> World:
    world = World(now=NOON)
    world.furnish(load_dictionary(content_folder("scenarios") / "dictionaries" / "us-saas.yaml"))
    return world


@pytest.fixture
def served(world: World) -> Iterator[Served]:
    with Served(WorldHost(lambda: world)) as doors:
        yield doors


def environment(world: World, served: Served, folder: Path, url: str) -> dict[str, str]:
    """What the manifest gives a connector, with the addresses of the sockets and one database for all."""
    attachment = load_manifest(builtin_manifest())
    values = {
        f"{fake.vendor}.{name}": value
        for fake in world.fakes.values()
        for name, value in fake.connection(served.urls[fake.vendor]).items()
    }
    values |= {"mapping": str(attachment.mapping_for("us-saas", None)), "state_dir": str(folder), "bi.url": ""}
    env = {name: attachment.render(template, values) for name, template in attachment.manifest.env.items()}
    return {**os.environ, **env, "CONNECTOR_STATE_URL": url}


def start(env: dict[str, str], folder: Path, number: int) -> subprocess.Popen[bytes]:
    own = {"CONNECTOR_STATE_DIR": str(folder), "CONNECTOR_EVIDENCE": str(folder / f"evidence-{number}.ndjson")}
    command = [sys.executable, "-m", "simharness.reference", "sync"]
    return subprocess.Popen(command, env={**env, **own}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def test_two_processes_bill_and_post_everything_once(
    world: World, served: Served, tmp_path: Path, database: str, request: pytest.FixtureRequest
) -> None:
    url = f"sqlite:///{tmp_path / 'shared.db'}"
    if database == "postgresql":
        server: Server = request.getfixturevalue("postgres")
        url = server.database()
    env = environment(world, served, tmp_path, url)
    for number in range(CUSTOMERS):
        company = acts.CreateCompany(name=f"Globex {number}", region="US-CA-SF", terms="Net 30", email="ap@globex.test")
        (saved,) = world.operate("crm", company, "sales")
        company_id = saved.company_id  # type: ignore[union-attr]  # what this act answers with
        deal = acts.CreateDeal(name="Rollout", company_id=company_id, currency="USD", lines=(PRINTER,))
        (made,) = world.operate("crm", deal, "sales")
        world.operate("crm", acts.WinDeal(deal_id=made.deal_id), "sales")  # type: ignore[union-attr]  # the same
        pay = acts.TakePayment(amount=usd("42.00"), customer_name="Globex", customer_reference=company_id)
        world.operate("payments", pay, "customer")
    for _ in range(ROUNDS):
        pair = [start(env, tmp_path, number) for number in (1, 2)]
        told = [process.communicate(timeout=120)[0].decode() for process in pair]
        assert all(process.returncode in (0, 1) for process in pair), told
        ledger = world.snapshot().ledger()
        assert ledger is not None
        if len(ledger.documents) == len(ledger.payments) == CUSTOMERS:
            break
    notes = Counter(each.note for each in (*ledger.documents, *ledger.payments, *ledger.parties))
    assert {note.partition(":")[0] for note in notes} == {"hubspot", "stripe"}
    assert len(notes) == 3 * CUSTOMERS
    assert set(notes.values()) == {1}
    assert {str(document.total) for document in ledger.documents} == {"USD 1,086.25"}
    store = Store(url)
    verdict = Chain(store).verify()
    assert verdict.rows > 3 * CUSTOMERS
    assert verdict.broken is None
    store.close()
