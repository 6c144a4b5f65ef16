"""The ledger's own ids of what the mapping names: items, accounts, classes, departments, terms, tax codes and rates.

Read by query when first needed and remembered in the state database; a name that is not found is looked for once more
in the ledger in every pass, because somebody may have added it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from simharness.reference.errors import Rejected
from simharness.reference.mapping.model import Account
from simharness.reference.memory import store as tables
from simharness.reference.memory.store import Store
from simharness.reference.vendors.http import Json
from simharness.reference.vendors.quickbooks import QuickBooks

#: The code of what is refused because the ledger has nothing of a name.
UNKNOWN = "unknown_in_ledger"

KINDS = ("Account", "Item", "Class", "Department", "Term", "TaxCode", "TaxRate")


class Catalogue:
    """Names to ids of one company. `refresh_misses` is called at the start of a pass."""

    def __init__(self, store: Store, quickbooks: QuickBooks) -> None:
        self._store, self._quickbooks = store, quickbooks
        self._known: dict[str, dict[str, tuple[str, str]]] = {}
        self._read_now: set[str] = set()
        for row in store.rows(sa.select(tables.catalogue)):
            self._known.setdefault(row["kind"], {})[row["name"]] = (row["ledger_id"], row["detail"])

    def refresh_misses(self) -> None:
        """From now on an unknown name is worth another look at the ledger."""
        self._read_now.clear()

    def begin(self) -> None:
        """Read the ledger's lists, unless they are known: before a transaction that will ask for names, for no call
        leaves while one is open.
        """
        if not self._known:
            self._read(KINDS)

    def id_of(self, kind: str, name: str) -> str:
        """The id of what the ledger calls `name`. Raises `Rejected` when it has nothing of that name."""
        return self._find(kind, name)[0]

    def item(self, name: str) -> tuple[str, str]:
        """An item's id and the id of its income account."""
        return self._find("Item", name)

    def knows(self, kind: str, name: str) -> bool:
        """Whether the ledger has something of that name."""
        return self._look(kind, name) is not None

    def remember(self, kind: str, name: str, ledger_id: str, detail: str) -> None:
        """Take in what this connector has just created."""
        key = name.casefold()
        self._known.setdefault(kind, {})[key] = (ledger_id, detail)
        self._store.put(tables.catalogue, {"kind": kind, "name": key, "ledger_id": ledger_id, "detail": detail})

    def account(self, account: Account) -> str:
        """An account's id, by number, or by name where the mapping gives no number or the ledger keeps none.

        Raises `Rejected` where the account of that name bears another number: one of the two is a mistake.
        """
        found = self._look("Account", f"#{account.number}") if account.number else None
        if found is None:
            found = self._find("Account", account.name)
            if account.number and found[1]:
                told = f"the ledger has no active account {account.number}; its {account.name!r} is {found[1]}"
                raise Rejected(UNKNOWN, told)
        return found[0]

    def receivable(self, currency: str) -> str:
        """The id of the account of what customers owe in a foreign currency. The ledger opens it with the first one;
        before that raises `Rejected`.
        """
        key = f"receivable:{currency}".casefold()
        found = self._known.get("Account", {}).get(key)
        if found is None:
            for row in self._quickbooks.query("Account", "AccountType = 'Accounts Receivable'"):
                if row.get("CurrencyRef", {}).get("value") == currency and row.get("Active") is not False:
                    self.remember("Account", key, str(row["Id"]), "")
                    return str(row["Id"])
            raise Rejected(UNKNOWN, f"the ledger has no account of what customers owe in {currency}")
        return found[0]

    def _find(self, kind: str, name: str) -> tuple[str, str]:
        found = self._look(kind, name)
        if found is None:
            raise Rejected(UNKNOWN, f"the ledger has no active {kind} called {name!r}")
        return found

    def _look(self, kind: str, name: str) -> tuple[str, str] | None:
        key = name.casefold()
        found = self._known.get(kind, {}).get(key)
        if found is None and kind not in self._read_now:
            self._read(KINDS if not self._known else (kind,))
            found = self._known[kind].get(key)
        return found

    def _read(self, kinds: Sequence[str]) -> None:
        """Read whole lists again: all of them in one call at first, later the one that lacked a name."""
        for kind, rows in self._quickbooks.tables(*kinds).items():
            names = _names(kind, rows)
            table = tables.catalogue
            with self._store.transaction():
                self._store.connection.execute(sa.delete(table).where(table.c.kind == kind))
                self._store.add(
                    table,
                    [{"kind": kind, "name": n, "ledger_id": found, "detail": d} for n, (found, d) in names.items()],
                )
            self._known[kind] = names
            self._read_now.add(kind)


def _names(kind: str, rows: Iterable[Json]) -> dict[str, tuple[str, str]]:
    """Active records by name (and accounts by number too), in any case; with an item's income account, an account's
    number.
    """
    names: dict[str, tuple[str, str]] = {}
    for row in rows:
        if row.get("Active") is False:
            continue
        detail = row.get("AcctNum", "") if kind == "Account" else row.get("IncomeAccountRef", {}).get("value", "")
        value = (str(row["Id"]), str(detail))
        names[str(row["Name"]).casefold()] = value
        if kind == "Account" and row.get("AcctNum"):
            names[f"#{row['AcctNum']}".casefold()] = value
    return names
