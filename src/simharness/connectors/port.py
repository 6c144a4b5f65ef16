"""The one port through which a run drives a connector, whatever it is written in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from simharness.core.errors import HarnessFault
from simharness.domain.connector import ConnectorInfo
from simharness.domain.evidence import Evidence
from simharness.domain.exchange import Request, Response


class ConnectorFailed(HarnessFault):
    """The connector raised out of its entry point: it would have died in production.

    `what` says so in words, `reason` is the connector's own part of them. `place` is where it says that something is
    wrong (a file and perhaps a line), "" where it does not say.
    """

    def __init__(self, connector: str, reason: str, place: str = "") -> None:
        self.reason, self.place = reason, place
        super().__init__(
            f"connector {connector} failed: {reason}",
            mend="a connector must survive what its vendors answer; its own log says more",
        )


class OperatorRefused(HarnessFault):
    """The connector did not let an operator do this; `reason` is what it said."""

    def __init__(self, connector: str, reason: str) -> None:
        self.reason = reason
        super().__init__(f"connector {connector} refused an operator: {reason}")


class Connector(Protocol):
    """A system under test: started with its settings, driven by triggers and webhooks, judged by its evidence."""

    @property
    def info(self) -> ConnectorInfo:
        """What the manifest declares, as far as checks may see it."""

    @property
    def running(self) -> bool:
        """Whether it runs: not before `start`, and not between `kill` or `stop` and `restart`."""

    def start(self, env: Mapping[str, str], state_dir: Path) -> None:
        """Start on a state folder of its own. `env` are the values for the manifest's templates (`hubspot.base_url`,
        …).
        """

    def trigger(self, name: str) -> None:
        """Let it do one pass of a named kind of work (`work`, `nightly`, `publish`) and return when it is over."""

    def deliver(self, webhook: Request) -> Response | None:
        """Hand it a webhook and return its answer; None if it takes none, or is not running."""

    def quiet(self) -> bool:
        """Whether it has nothing left to do that it knows of."""

    def operate(self, action: str, args: Mapping[str, str]) -> None:
        """An operator acts on it: replay a dead letter, approve, clear an alert. Raises `OperatorRefused`."""

    def renew(self, env: Mapping[str, str]) -> None:
        """Give it values of its manifest's templates anew, such as keys that were rotated, and start it again."""

    def kill(self) -> None:
        """End it at once without any chance to tidy up; its state folder stays as it was at this instant."""

    def restart(self) -> None:
        """Start it again on the state it left behind, after `kill` or in place of a running one."""

    def stop(self) -> None:
        """End it in good order."""

    def evidence(self) -> tuple[Evidence, ...]:
        """Everything it has declared about its work so far, in its own order."""
