"""A team's own transform of the curated tables, such as `dbt run`: a command with the tables' address in its
environment.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from simharness.core.errors import HarnessFault, UsageError

#: A transform that takes longer hangs.
_LIMIT_S = 600
#: Of a failed command's output so many of the last lines are told.
_TOLD_LINES = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Transform:
    """A command, split as a shell would but run without one, in `folder`.

    It finds the tables by `SIMHARNESS_BI_URL`; for DuckDB by `SIMHARNESS_BI_FILE` as well, for PostgreSQL by
    `SIMHARNESS_BI_SCHEMA` and the variables of its own clients (PGHOST, PGDATABASE, …). What it says, and with which
    exit code it ended, is added to the file `log`.
    """

    command: tuple[str, ...]
    folder: Path
    log: Path | None = None

    @classmethod
    def parse(cls, text: str, folder: Path, log: Path | None = None) -> Transform:
        """Read a command line; raises `UsageError` when it is none, or when there is no such program."""
        try:
            command = tuple(shlex.split(text))
        except ValueError as error:
            raise UsageError(f"the transform {text!r} is no command: {error}", mend="close its quotes") from error
        if not command:
            raise UsageError("the transform is empty", mend='write a command, for example "dbt run"')
        # A bare name is looked up on the search path; with a slash it is a file, seen from the folder.
        if shutil.which(str(folder / command[0]) if "/" in command[0] else command[0]) is None:
            what = f"the transform {text!r} cannot be started: there is no program {command[0]!r}"
            raise UsageError(what, mend="install it, or give its path; it is started without a shell")
        return cls(command=command, folder=folder, log=log)

    def run(self, tables: Mapping[str, str]) -> None:
        """Run the command to its end; raises `HarnessFault` with its exit code and the end of its output."""
        told = shlex.join(self.command)
        try:
            done = subprocess.run(  # noqa: S603 - the user's own command, from the command line or the manifest
                self.command,
                env={**os.environ, **tables},
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=_LIMIT_S,
                check=False,
            )
        except OSError as error:
            mend = "install it, or give its path; it is started without a shell"
            raise HarnessFault(f"the transform {told!r} cannot be started: {error.strerror}", mend=mend) from error
        except subprocess.TimeoutExpired as error:
            what = f"the transform {told!r} had not ended after {_LIMIT_S} seconds"
            raise HarnessFault(what, mend="let it work on these tables only") from error
        text = done.stdout.decode("utf-8", "replace").strip()
        if self.log is not None:
            with self.log.open("a", encoding="utf-8") as log:
                log.write("\n".join([f"$ {told}", *([text] if text else []), f"exit code {done.returncode}", "", ""]))
        if done.returncode:
            lines = text.splitlines()[-_TOLD_LINES:]
            output = "\n".join(["", *(f"    {line}" for line in lines)]) if lines else " without any output"
            raise HarnessFault(f"the transform {told!r} ended with exit code {done.returncode}:{output}")
