"""The connector as a process of its own: `python -m simharness.reference COMMAND`, as the table below lists them.

Settings come from the environment (see settings.py and connector.yaml). Exit codes: 0 done, 1 the pass left work
undone or the log does not hold, 2 the settings, the mapping or the arguments are wrong.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from types import MappingProxyType

from simharness.reference.app import build
from simharness.reference.connector import Connector
from simharness.reference.errors import ConfigurationError, StateError
from simharness.reference.group import Group, state_urls
from simharness.reference.mapping import load
from simharness.reference.mapping.group import is_group, load_group
from simharness.reference.memory.chain import Chain
from simharness.reference.memory.store import Store
from simharness.reference.settings import state_url
from simharness.reference.vault.vault import Vault
from simharness.reference.webhooks.server import listening

_INTERVAL_S = 60
_FILE = "sqlite:///"


def main(arguments: list[str]) -> int:
    """Run one command; every error a user can mend is one line on standard error."""
    name, *rest = arguments or [""]
    command = _COMMANDS.get(name)
    if command is None or len(rest) > 1:
        lines = (f"  {each} {known.argument}".rstrip().ljust(20) + known.meaning for each, known in _COMMANDS.items())
        sys.stderr.write("usage: python -m simharness.reference COMMAND\n" + "".join(f"{line}\n" for line in lines))
        return 2
    try:
        return command.run(rest[0] if rest else "")
    except (ConfigurationError, StateError) as error:
        sys.stderr.write(f"{error}\n")
        return 2


def _sync(_: str) -> int:
    with _Opened() as connector:
        connector.trigger("sync")
        return 0 if connector.settled() else 1


def _nightly(_: str) -> int:
    with _Opened() as connector:
        connector.trigger("nightly")
        return 0 if connector.settled() else 1


def _publish(_: str) -> int:
    with _Opened() as connector:
        connector.trigger("publish")
    return 0


def _serve(seconds: str) -> int:
    if seconds and not seconds.isdecimal():
        raise ConfigurationError(f"{seconds!r} is not a whole number of seconds")
    bell = threading.Event()
    with _Opened() as connector, _ears(connector, bell):
        try:
            while True:
                bell.clear()  # what is heard from here on is looked at in this pass or rings again
                connector.trigger("sync")
                if connector.quiet() or not connector.settled():
                    bell.wait(int(seconds or _INTERVAL_S))
        except KeyboardInterrupt:
            return 0


def _ears(connector: Connector | Group, bell: threading.Event) -> AbstractContextManager[object]:
    """The program's own receiver of webhooks, where it is told where to listen; what it hears rings the bell."""
    address = os.environ.get("CONNECTOR_WEBHOOK_BIND", "")
    return listening(address, connector.deliver, bell.set) if address else nullcontext()


def _waiting(_: str) -> int:
    with _Opened() as connector:
        for each in connector.waiting():
            sys.stdout.write("\t".join((each.kind, each.source, each.amount or "-", each.reason, each.detail)) + "\n")
    return 0


def _replay(source: str) -> int:
    with _Opened() as connector:
        connector.operate("replay", {"source": source} if source else {})
    return 0


def _accept(source: str) -> int:
    with _Opened() as connector:
        connector.operate("accept", {"source": source})
    return 0


def _verify_log(_: str) -> int:
    """Needs the state database and nothing else; of a group that of each entity, which the mapping names."""
    url, folder = state_url(os.environ, _state_dir()), Path(os.environ.get("CONNECTOR_MAPPING", ""))
    if not is_group(folder):
        return _verified(url)
    return max(_verified(each, f"{entity}: ") for entity, each in state_urls(folder, url).items())


def _verified(url: str, whose: str = "") -> int:
    if url.startswith(_FILE) and not Path(url.removeprefix(_FILE)).exists():
        raise StateError(f"there is no state database {url}; name it in CONNECTOR_STATE_URL")
    store = Store(url)
    try:
        verdict = Chain(store).verify()
    finally:
        store.close()
    before = f", {verdict.pruned} before them were given up" if verdict.pruned else ""
    if verdict.broken is None:
        sys.stdout.write(
            f"{whose}{verdict.rows} rows hold{before}; the last digest is {verdict.digest or 'none yet'}\n"
        )
        return 0
    sys.stdout.write(f"{whose}row {verdict.broken} does not hold: {verdict.why} ({verdict.rows} rows hold{before})\n")
    return 1


def _rekey(_: str) -> int:
    """Needs the state database and the keys: the new one first, the old ones behind it."""
    url, folder = state_url(os.environ, _state_dir()), Path(os.environ.get("CONNECTOR_MAPPING", ""))
    urls = state_urls(folder, url) if is_group(folder) else {"": url}
    for each in urls.values():
        store = Store(each)
        try:
            kept = Vault(store, os.environ.get("CONNECTOR_VAULT_KEY", "")).rotate()
        finally:
            store.close()
        sys.stdout.write(f"{kept} entries of the vault are encrypted with the first key now\n")
    return 0


def _check(folder: str) -> int:
    place = Path(folder or os.environ.get("CONNECTOR_MAPPING", ""))
    if is_group(place):
        group = load_group(place)
        sys.stdout.write(f"{group.group}: {', '.join(group.entities)}, the gateway is {group.gateway}'s\n")
        return max(_check(str(place / each)) for each in group.entities.values())
    mapping = load(place)
    sys.stdout.write(f"{mapping.company.company} {mapping.company.version}: {mapping.digest[:16]}\n")
    return 0


class _Command:
    """What a command does, what it may be given, and what it is for."""

    def __init__(self, run: Callable[[str], int], argument: str, meaning: str) -> None:
        self.run, self.argument, self.meaning = run, argument, meaning


_COMMANDS: Mapping[str, _Command] = MappingProxyType(
    {
        "sync": _Command(_sync, "", "one pass"),
        "nightly": _Command(_nightly, "", "one pass that reads every feed, whatever webhooks told"),
        "serve": _Command(_serve, "[SECONDS]", "a pass every so many seconds, 60 unless said, and after each webhook"),
        "publish": _Command(_publish, "", "bring BI up to date"),
        "waiting": _Command(_waiting, "", "list dead letters, quarantine, and alerts that could not be told"),
        "replay": _Command(_replay, "[SOURCE]", "take up what waits again: one by its source, or all"),
        "accept": _Command(_accept, "SOURCE", "take a deal that looks like another for one of its own"),
        "verify-log": _Command(_verify_log, "", "follow the hash chain of the log and name the first broken row"),
        "rekey": _Command(_rekey, "", "encrypt the vault anew with the first key, so that the others can be given up"),
        "check": _Command(_check, "MAPPING", "load a mapping folder and name what is wrong with it"),
    }
)


class _Opened:
    """A connector from the environment, closed at the end."""

    def __enter__(self) -> Connector | Group:
        folder = _state_dir()
        folder.mkdir(parents=True, exist_ok=True)
        self._connector = build(os.environ, folder)
        return self._connector

    def __exit__(self, *_: object) -> None:
        self._connector.close()


def _state_dir() -> Path:
    return Path(os.environ.get("CONNECTOR_STATE_DIR", "."))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
