"""Files that are either complete or not there: written under another name beside their place, then renamed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from simharness.core.errors import HarnessFault, UsageError


class Aside:
    """One file under way. `path` is where to write; `keep` puts it in place, `drop` leaves no trace."""

    def __init__(self, target: Path) -> None:
        self.target = target
        self.path = target.with_name(f".{target.name}.part")
        make_folder(target.parent)
        try:
            self.path.unlink(missing_ok=True)
            self.path.touch()
        except OSError as error:
            raise _unwritable(target, error) from error
        if target.is_dir():
            self.path.unlink()
            raise UsageError(f"{target} is a folder and cannot be replaced by a file", mend="name another place")

    def keep(self) -> None:
        """Put the complete file in its place, replacing an older one."""
        try:
            self.path.replace(self.target)
        except OSError as error:
            raise HarnessFault(f"{self.target} could not be put in place: {error.strerror}") from error

    def drop(self) -> None:
        """Remove what was written so far; what stood in its place before stays."""
        for leftover in (self.path, self.path.with_name(f"{self.path.name}.wal")):
            leftover.unlink(missing_ok=True)


def make_folder(folder: Path) -> None:
    """Make a folder with its parents; raises `UsageError` when that is not possible."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(folder, error) from error


@contextmanager
def claimed(folder: Path) -> Iterator[None]:
    """Have a folder, made if need be, to oneself; raises `UsageError` while another run has it.

    The system lets go of the claim when a process ends, however it ends, and nothing is left in the folder.
    """
    make_folder(folder)
    try:
        import fcntl
    except ImportError:  # where the system knows no such locks, people keep their runs apart
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UsageError(
                f"another run is writing into {folder}", mend="wait until it is over, or name another folder with --out"
            ) from None
        yield
    finally:
        os.close(handle)


def _unwritable(place: Path, error: OSError) -> UsageError:
    return UsageError(
        f"{place} cannot be written: {error.strerror}",
        mend="name a place you may write to",
    )
