"""The state folder of a connector kept as it was, so that what a child process did to it can be undone in place.

The running connector holds its files open and its database holds some in memory: so every file keeps its inode. Hard
links hold on to files that are taken away meanwhile; contents are written back only where they differ.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

#: Where a system tells a process which files it holds open; elsewhere offsets are left alone.
_DESCRIPTORS = Path("/proc/self/fd")


class Shelter:
    """Keeps one folder. `renew` takes an image, `restore` brings it back, `changed` compares without touching anything.

    The links lie in a folder beside it, on the same file system.
    """

    def __init__(self, folder: Path, links: Path | None = None) -> None:
        self._folder = folder
        self._links = links or folder.with_name(f"{folder.name}.shelter")
        self._links.mkdir()
        self._files: dict[str, tuple[int, bytes]] = {}
        self._folders: frozenset[str] = frozenset()
        self._offsets: dict[int, int] = {}
        #: Grows whenever an image differs from the one before.
        self.version = 0

    def within(self) -> Shelter:
        """Another shelter of the folder, for a child process that divides as well: what it keeps lies beside what
        this one does, and none of its images is taken for one of this. The one before it is given back.
        """
        links = self._links.with_name(f"{self._links.name}.within")
        shutil.rmtree(links, ignore_errors=True)
        inner = Shelter(self._folder, links)
        inner.version = self.version + 1
        return inner

    def renew(self) -> int:
        """Take the image of the folder as it is now; gives its number, which is that of the last one if nothing
        changed.
        """
        self._offsets = self._open_at()
        files, folders = self._present()
        found = {name: (inode, _content(self._folder / name)) for name, inode in files.items()}
        if found == self._files and folders == self._folders:
            return self.version
        for name, (inode, _) in found.items():
            if name not in self._files or self._files[name][0] != inode:
                self._link(name)
        for name in self._files.keys() - found.keys():
            self._linked(name).unlink()
        self._files, self._folders = found, frozenset(folders)
        self.version += 1
        return self.version

    def changed(self) -> bool:
        """Whether the folder differs from its image."""
        files, folders = self._present()
        if folders != self._folders or files.keys() != self._files.keys():
            return True
        return any(
            inode != self._files[name][0] or _content(self._folder / name) != self._files[name][1]
            for name, inode in files.items()
        )

    def restore(self) -> None:
        """Make the folder what it was, file by file in place."""
        files, folders = self._present()
        for name in sorted(folders - self._folders):
            shutil.rmtree(self._folder / name, ignore_errors=True)
        for name in files.keys() - self._files.keys():
            (self._folder / name).unlink(missing_ok=True)  # it went with its folder, perhaps
        for name in sorted(self._folders - folders):
            (self._folder / name).mkdir()
        for name, (inode, content) in self._files.items():
            path = self._folder / name
            if files.get(name) != inode:
                path.unlink(missing_ok=True)
                os.link(self._linked(name), path)
            _write_back(path, content)
        for descriptor, offset in self._offsets.items():
            os.lseek(descriptor, offset, os.SEEK_SET)

    def close(self) -> None:
        """Give the links back, and those of shelters within."""
        for links in self._links.parent.glob(f"{self._links.name}*"):
            shutil.rmtree(links, ignore_errors=True)

    def _present(self) -> tuple[dict[str, int], set[str]]:
        """Every file with its inode, and every folder below, by the path from the folder."""
        files: dict[str, int] = {}
        folders: set[str] = set()
        waiting = [""]
        while waiting:
            below = waiting.pop()
            with os.scandir(self._folder / below) as entries:
                for entry in entries:
                    name = f"{below}/{entry.name}" if below else entry.name
                    if entry.is_dir(follow_symlinks=False):
                        folders.add(name)
                        waiting.append(name)
                    else:
                        files[name] = entry.inode()
        return files, folders

    def _open_at(self) -> dict[int, int]:
        """How far this process has read or written each file of the folder that it holds open: a child shares that."""
        found: dict[int, int] = {}
        below = f"{self._folder}/"
        for descriptor in _DESCRIPTORS.iterdir() if _DESCRIPTORS.is_dir() else ():
            try:
                if str(descriptor.readlink()).startswith(below):
                    found[int(descriptor.name)] = os.lseek(int(descriptor.name), 0, os.SEEK_CUR)
            except OSError:  # it was the one by which the folder of descriptors was read
                continue
        return found

    def _linked(self, name: str) -> Path:
        return self._links / name.replace("%", "%25").replace("/", "%2F")

    def _link(self, name: str) -> None:
        link = self._linked(name)
        link.unlink(missing_ok=True)
        os.link(self._folder / name, link)


def _content(path: Path) -> bytes:
    # Without a buffer in between: the files are read very often.
    descriptor = os.open(path, os.O_RDONLY)
    try:
        return os.read(descriptor, os.fstat(descriptor).st_size)
    finally:
        os.close(descriptor)


def _write_back(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_RDWR)
    try:
        size = os.fstat(descriptor).st_size
        if size != len(content) or os.read(descriptor, size) != content:
            os.ftruncate(descriptor, len(content))
            os.pwrite(descriptor, content, 0)
    finally:
        os.close(descriptor)
