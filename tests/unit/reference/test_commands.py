"""The commands an operator has: what is wrong is told in a line, and the exit code says it too."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet

from simharness.reference.__main__ import main
from simharness.reference.errors import ConfigurationError
from simharness.reference.memory import store as tables
from simharness.reference.memory.evidence import Evidence
from simharness.reference.memory.store import Store
from simharness.reference.settings import Settings
from simharness.reference.vault.vault import Vault

_NEEDED = {
    "HUBSPOT_BASE_URL": "https://crm.test",
    "HUBSPOT_ACCESS_TOKEN": "t",
    "QUICKBOOKS_BASE_URL": "https://ledger.test",
    "QUICKBOOKS_REALM_ID": "1",
    "STRIPE_BASE_URL": "https://gateway.test",
    "STRIPE_API_KEY": "k",
    "CONNECTOR_MAPPING": str(Path(__file__).parents[3] / "src/simharness/reference/mappings/us-saas"),
}


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    for name, value in {**_NEEDED, "CONNECTOR_STATE_DIR": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)
    store = Store(f"sqlite:///{tmp_path / 'connector.db'}")
    evidence = Evidence(store, tmp_path / "evidence.ndjson", currency="USD", owner="finance")
    evidence.log("deal:1", "invoice:1", "create", "posted")
    evidence.reject("stripe:charge:ch_1", "unknown_payer", "charge ch_1 names nobody")
    return store


def test_a_log_that_holds_is_said_to_with_its_last_digest(state: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify-log"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("3 rows hold; the last digest is ")
    assert len(said.split()[-1]) == 64
    state.close()


def test_a_changed_row_is_named_and_the_exit_code_is_1(state: Store, capsys: pytest.CaptureFixture[str]) -> None:
    table = tables.log
    row = state.row(sa.select(table.c.row).where(table.c.sequence == 2))
    assert row is not None
    with state.transaction():
        forged = bytes(row["row"]).replace(b"ch_1", b"ch_9")
        state.connection.execute(sa.update(table).where(table.c.sequence == 2).values(row=forged))
    assert main(["verify-log"]) == 1
    assert capsys.readouterr().out == "row 2 does not hold: its content was changed (1 rows hold)\n"
    state.close()


def test_a_log_that_is_not_there_does_not_hold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CONNECTOR_STATE_URL", f"sqlite:///{tmp_path / 'elsewhere.db'}")
    assert main(["verify-log"]) == 2
    assert "there is no state database" in capsys.readouterr().err
    assert not (tmp_path / "elsewhere.db").exists()


def test_what_waits_is_listed_a_line_each(state: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["waiting"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert line.split("\t")[:4] == ["quarantine", "stripe:charge:ch_1", "-", "unknown_payer: charge ch_1 names nobody"]
    state.close()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["replay", "deal:9"], "nothing waits under 'deal:9'"),
        (["accept", "hubspot:deal:9"], "no rejected deal 'hubspot:deal:9'"),
        (["serve", "often"], "'often' is not a whole number of seconds"),
        (["dance"], "usage: python -m simharness.reference COMMAND"),
        ([], "usage: python -m simharness.reference COMMAND"),
        (["sync", "now", "please"], "usage: python -m simharness.reference COMMAND"),
    ],
)
def test_what_cannot_be_done_is_told_and_the_exit_code_is_2(
    state: Store, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert main(arguments) == 2
    assert said in capsys.readouterr().err
    state.close()


def test_a_replay_of_all_is_logged_with_who_did_it(state: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay"]) == 0
    assert capsys.readouterr().err == ""
    assert main(["verify-log"]) == 0
    assert capsys.readouterr().out.startswith("4 rows hold")
    state.close()


@pytest.mark.parametrize("missing", ["ALERTS_BASE_URL", "ALERTS_ROUTING_KEY"])
def test_half_an_alert_system_is_named(tmp_path: Path, missing: str) -> None:
    both = {"ALERTS_BASE_URL": "https://alerts.test", "ALERTS_ROUTING_KEY": "k"}
    assert Settings.from_env({**_NEEDED, **both}, tmp_path).alerts_routing_key == "k"
    with pytest.raises(ConfigurationError, match=missing):
        Settings.from_env({**_NEEDED, **both, missing: ""}, tmp_path)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"CONNECTOR_LISTENS": "webhook"}, "CONNECTOR_LISTENS: 'webhook' is no way to listen"),
        ({"CONNECTOR_LISTENS": "both"}, "CONNECTOR_WEBHOOK_URL: is not set"),
    ],
)
def test_a_way_to_listen_that_cannot_be_is_told(tmp_path: Path, given: dict[str, str], says: str) -> None:
    with pytest.raises(ConfigurationError, match=says):
        Settings.from_env({**_NEEDED, **given}, tmp_path)


def test_a_connector_polls_unless_it_is_told_to_listen(tmp_path: Path) -> None:
    assert Settings.from_env(_NEEDED, tmp_path).listens == "poll"
    told = {"CONNECTOR_LISTENS": "webhooks", "CONNECTOR_WEBHOOK_URL": "https://hooks.test/"}
    assert Settings.from_env({**_NEEDED, **told}, tmp_path).webhook_url == "https://hooks.test"


def test_the_vault_is_encrypted_anew_and_the_old_key_can_be_given_up(
    state: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    Vault(state, old).keep("e-1", "pay_cheque:1", {"net": "1.00"}, None)
    monkeypatch.setenv("CONNECTOR_VAULT_KEY", f"{new},{old}")
    assert main(["rekey"]) == 0
    assert capsys.readouterr().out == "1 entries of the vault are encrypted with the first key now\n"
    assert Vault(state, new).read("e-1", "pay_cheque:1") == {"net": "1.00"}


def test_without_a_key_nothing_is_encrypted_anew(state: Store, capsys: pytest.CaptureFixture[str]) -> None:
    Vault(state, Fernet.generate_key().decode()).keep("e-1", "pay_cheque:1", {"net": "1.00"}, None)
    assert main(["rekey"]) == 2
    assert capsys.readouterr().err.startswith("CONNECTOR_VAULT_KEY: is not set")
