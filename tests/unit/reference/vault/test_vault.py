"""What the vault keeps is unreadable in the folder, readable with its key, and gone after its day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet

from simharness.reference.errors import ConfigurationError, StateError
from simharness.reference.memory.store import Store
from simharness.reference.vault.table import kept
from simharness.reference.vault.vault import Vault

KEY, NEWER = Fernet.generate_key().decode(), Fernet.generate_key().decode()
CHEQUES = {"1042": "2310.55"}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    found = Store(f"sqlite:///{tmp_path / 'connector.db'}")
    yield found
    found.close()


def on_disk(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()))


def sealed(store: Store, subject: str) -> bytes:
    row = store.row(sa.select(kept).where(kept.c.subject == subject))
    assert row is not None
    return bytes(row["data"])


def test_what_is_kept_is_read_again_with_the_key_alone(store: Store, tmp_path: Path) -> None:
    Vault(store, KEY).keep("e-1", "cheques", CHEQUES, None)
    assert Vault(store, KEY).read("e-1", "cheques") == CHEQUES
    assert dict(Vault(store, KEY).each("cheques")) == {"e-1": CHEQUES}
    assert Vault(store, KEY).read("e-2", "cheques") is None
    assert b"2310.55" not in on_disk(tmp_path)
    with pytest.raises(StateError, match="no key of CONNECTOR_VAULT_KEY opens it"):
        Vault(store, NEWER).read("e-1", "cheques")


def test_after_its_last_day_nothing_is_left_in_any_file(store: Store, tmp_path: Path) -> None:
    vault = Vault(store, KEY)
    vault.keep("e-1", "cheques", CHEQUES, date(2026, 1, 31))
    vault.keep("e-2", "cheques", CHEQUES, None)
    ciphertext = sealed(store, "e-1")
    assert ciphertext in on_disk(tmp_path)
    assert vault.purge(date(2026, 1, 31)) == 0
    assert vault.read("e-1", "cheques") == CHEQUES
    assert vault.purge(date(2026, 2, 1)) == 1
    assert vault.read("e-1", "cheques") is None
    assert ciphertext not in on_disk(tmp_path)
    assert vault.read("e-2", "cheques") == CHEQUES


def test_a_day_said_later_counts_for_everything_of_a_person(store: Store) -> None:
    vault = Vault(store, KEY)
    vault.keep("e-1", "cheques", CHEQUES, None)
    vault.keep("e-1", "splits", {"CC-10": "1"}, date(2030, 1, 1))
    vault.keep_until("e-1", date(2026, 1, 31))
    assert vault.purge(date(2026, 2, 1)) == 2


def test_what_is_replaced_or_forgotten_is_gone_too(store: Store, tmp_path: Path) -> None:
    vault = Vault(store, KEY)
    vault.keep("e-1", "cheques", CHEQUES, None)
    vault.keep("e-1", "cheques", {"1043": "1.00"}, None)
    assert vault.read("e-1", "cheques") == {"1043": "1.00"}
    ciphertext = sealed(store, "e-1")
    assert vault.forget("e-1") == 1
    assert ciphertext not in on_disk(tmp_path)


def test_a_newer_key_takes_over_and_the_old_one_can_be_given_up(store: Store) -> None:
    Vault(store, KEY).keep("e-1", "cheques", CHEQUES, date(2026, 1, 31))
    assert Vault(store, f"{NEWER}, {KEY}").read("e-1", "cheques") == CHEQUES
    assert Vault(store, f"{NEWER},{KEY}").rotate() == 1
    assert Vault(store, NEWER).read("e-1", "cheques") == CHEQUES
    with pytest.raises(StateError):
        Vault(store, KEY).read("e-1", "cheques")


def test_a_row_moved_to_another_person_is_refused(store: Store) -> None:
    vault = Vault(store, KEY)
    vault.keep("e-1", "cheques", CHEQUES, None)
    vault.keep("e-2", "cheques", {"1043": "1.00"}, None)
    store.change(kept, {"subject": "e-2", "kind": "cheques", "data": sealed(store, "e-1")})
    with pytest.raises(StateError, match="is that of somebody else"):
        vault.read("e-2", "cheques")


@pytest.mark.parametrize(("keys", "said"), [("", "is not set"), ("short", "is no key of the vault")])
def test_nothing_is_kept_without_a_key_and_no_key_is_shown(store: Store, keys: str, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said) as told:
        Vault(store, keys).keep("e-1", "cheques", CHEQUES, None)
    assert "short" not in str(told.value)
