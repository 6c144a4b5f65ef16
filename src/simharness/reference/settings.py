"""The connector's settings: everything comes from the environment, nothing from defaults that point at a live
company.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from simharness.reference.errors import ConfigurationError

POLL, WEBHOOKS, BOTH = "poll", "webhooks", "both"
LISTENS = (POLL, WEBHOOKS, BOTH)


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """A further entity's company at the ledger or at the payroll provider, by the vendor's id, with its credentials."""

    entity: str
    id: str
    access_token: str = ""
    refresh_token: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where the vendors are, with which credentials, which mapping, and where state, evidence and BI go.

    Without `plaid_base_url` the bank side rests, without `gusto_base_url` the people side. `bi_url` is
    `duckdb:///absolute/folder`, or "" for none.
    `key_lifetime_s`: how long the ledger is trusted to remember an idempotency key; after that an uncertain posting is
    looked up first. `lease_s`: how long a posting
    stays a worker's own once it has claimed it. `log_days`: rows of the integration log older than so many days are
    given up, 0 keeps all. Alerts go to an alert system where both its address and its routing key are given.
    `listens`: what is read in a pass, feeds by polling, records that webhooks named, or both; `webhook_url` is where
    this program's own receiver is reached from outside. `gusto_entity`: of a group whose company the first is, "" the
    first entity's. `vault_key`: what is kept of people is encrypted with it (see
    vault/); it may be empty where nothing is.
    """

    hubspot_base_url: str
    hubspot_access_token: str
    hubspot_refresh_token: str = ""
    hubspot_client_id: str = ""
    hubspot_client_secret: str = ""
    quickbooks_base_url: str
    quickbooks_oauth_url: str = ""
    quickbooks_realm_id: str
    quickbooks_access_token: str = ""
    quickbooks_refresh_token: str = ""
    quickbooks_client_id: str = ""
    quickbooks_client_secret: str = ""
    stripe_base_url: str
    stripe_api_key: str
    plaid_base_url: str = ""
    plaid_client_id: str = ""
    plaid_secret: str = ""
    plaid_access_token: str = ""
    gusto_base_url: str = ""
    gusto_entity: str = ""
    gusto_company_id: str = ""
    gusto_access_token: str = ""
    gusto_refresh_token: str = ""
    gusto_client_id: str = ""
    gusto_client_secret: str = ""
    gusto_verification_token: str = ""
    mapping: Path
    state_url: str
    sqlite_synchronous: str = "NORMAL"
    evidence_file: Path
    bi_url: str = ""
    alert_owner: str = "finance-operations"
    timeout_s: int = 30
    attempts: int = 5
    overlap_s: int = 300
    settle_s: int = 60
    key_lifetime_s: int = 86_400
    lease_s: int = 60
    log_days: int = 0
    listens: str = POLL
    webhook_url: str = ""
    stripe_webhook_secret: str = ""
    quickbooks_verifier_token: str = ""
    alerts_base_url: str = ""
    alerts_routing_key: str = ""
    vault_key: str = ""
    signon_base_url: str = ""
    signon_issuer: str = ""
    signon_client_id: str = ""
    further: tuple[Company, ...] = ()
    payers: tuple[Company, ...] = ()

    @classmethod
    def from_env(cls, env: Mapping[str, str], state_dir: Path) -> Settings:
        """Read the environment; raises `ConfigurationError` naming the variable."""
        values: dict[str, object] = {}
        for name in _TEXTS:
            if text := env.get(name.upper(), ""):
                values[name] = text
        for name in _NUMBERS:
            if text := env.get(f"CONNECTOR_{name.upper()}", ""):
                values[name] = _number(f"CONNECTOR_{name.upper()}", text)
        for name in _REQUIRED:
            if name not in values:
                raise ConfigurationError("is not set", where=name.upper(), mend="set it in the environment")
        mapping = env.get("CONNECTOR_MAPPING", "")
        if not mapping:
            raise ConfigurationError("is not set", where="CONNECTOR_MAPPING", mend="name the mapping folder")
        values["mapping"] = Path(mapping)
        values["state_url"] = state_url(env, state_dir)
        values["sqlite_synchronous"] = env.get("CONNECTOR_SQLITE_SYNCHRONOUS") or "NORMAL"
        values["evidence_file"] = Path(env.get("CONNECTOR_EVIDENCE") or state_dir / "evidence.ndjson")
        values["bi_url"] = env.get("CONNECTOR_BI_URL", "")
        values["alert_owner"] = env.get("CONNECTOR_ALERT_OWNER") or "finance-operations"
        values["listens"] = env.get("CONNECTOR_LISTENS") or POLL
        if values["listens"] not in LISTENS:
            raise ConfigurationError(
                f"{values['listens']!r} is no way to listen",
                where="CONNECTOR_LISTENS",
                mend=f"use one of {', '.join(LISTENS)}",
            )
        values["webhook_url"] = env.get("CONNECTOR_WEBHOOK_URL", "").rstrip("/")
        if values["listens"] != POLL and not values["webhook_url"]:
            raise ConfigurationError(
                "is not set", where="CONNECTOR_WEBHOOK_URL", mend="name the address at which webhooks reach you"
            )
        if ("alerts_base_url" in values) != ("alerts_routing_key" in values):
            missing = next(name for name in ("alerts_base_url", "alerts_routing_key") if name not in values)
            raise ConfigurationError("is not set", where=missing.upper(), mend="set both of them, or neither")
        values["vault_key"] = env.get("CONNECTOR_VAULT_KEY", "")
        values["further"] = tuple(_companies(env, "QUICKBOOKS", "REALM_ID"))
        values["payers"] = tuple(_companies(env, "GUSTO", "COMPANY_ID"))
        return cls(**values)  # type: ignore[arg-type]  # the names above are the fields, checked by the tests


_REQUIRED = (
    "hubspot_base_url",
    "hubspot_access_token",
    "quickbooks_base_url",
    "quickbooks_realm_id",
    "stripe_base_url",
    "stripe_api_key",
)
_TEXTS = (
    *_REQUIRED,
    "hubspot_refresh_token",
    "hubspot_client_id",
    "hubspot_client_secret",
    "quickbooks_oauth_url",
    "quickbooks_access_token",
    "quickbooks_refresh_token",
    "quickbooks_client_id",
    "quickbooks_client_secret",
    "plaid_base_url",
    "plaid_client_id",
    "plaid_secret",
    "plaid_access_token",
    "gusto_base_url",
    "gusto_entity",
    "gusto_company_id",
    "gusto_access_token",
    "gusto_refresh_token",
    "gusto_client_id",
    "gusto_client_secret",
    "gusto_verification_token",
    "stripe_webhook_secret",
    "quickbooks_verifier_token",
    "alerts_base_url",
    "alerts_routing_key",
    "signon_base_url",
    "signon_issuer",
    "signon_client_id",
)
_NUMBERS = ("timeout_s", "attempts", "overlap_s", "settle_s", "key_lifetime_s", "lease_s", "log_days")


def _companies(env: Mapping[str, str], vendor: str, id_name: str) -> Iterator[Company]:
    """The companies of further entities at a vendor, numbered from 2 (`GUSTO_ENTITY_2`, `GUSTO_COMPANY_ID_2`, ...)."""
    for number in count(2):
        entity, id = (env.get(f"{vendor}_{name}_{number}", "") for name in ("ENTITY", id_name))
        if not entity and not id:
            return
        if not entity or not id:
            missing = f"{vendor}_{id_name if entity else 'ENTITY'}_{number}"
            noun = "realm" if id_name == "REALM_ID" else "company"
            raise ConfigurationError("is not set", where=missing, mend=f"name the entity and its {noun}")
        yield Company(
            entity=entity,
            id=id,
            access_token=env.get(f"{vendor}_ACCESS_TOKEN_{number}", ""),
            refresh_token=env.get(f"{vendor}_REFRESH_TOKEN_{number}", ""),
        )


def state_url(env: Mapping[str, str], state_dir: Path) -> str:
    """Where the connector's memory is."""
    return env.get("CONNECTOR_STATE_URL") or f"sqlite:///{state_dir / 'connector.db'}"


def _number(where: str, text: str) -> int:
    if not text.isdecimal():
        raise ConfigurationError(f"{text!r} is not a whole number", where=where)
    return int(text)
