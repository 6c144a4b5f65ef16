"""Where the content that ships with simharness lies: the story pack and the features.

Everything that reads shipped content asks here, so that an installed wheel and a checkout behave alike.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from simharness.core.errors import HarnessFault

Kind = Literal["scenarios", "features"]


def content_folder(kind: Kind, *, package: Path | None = None) -> Path:
    """The folder of shipped content of a kind: inside the installed package, else that of the checkout.

    `package` is the folder of the `simharness` package, by default the one that is running. Raises `HarnessFault` with
    both places that were tried when the installation holds no content.
    """
    home = package or Path(__file__).resolve().parents[1]
    packaged = home / "_content" / kind
    checkout = home.parents[1] / kind
    if packaged.is_dir():
        return packaged
    # A folder of that name beside a foreign package is not ours: the checkout is known by its pyproject.
    if checkout.is_dir() and (home.parents[1] / "pyproject.toml").is_file():
        return checkout
    raise HarnessFault(
        f"the content {kind!r} that ships with simharness is missing: tried {packaged} and {checkout}",
        mend="install simharness again, or name the folder of your own stories",
    )


def located(path: Path) -> Path:
    """A path as given, or inside the shipped content, where reproduction lines of shipped stories point."""
    if not path.exists() and not path.is_absolute():
        try:
            shipped = content_folder("scenarios").parent / path
        except HarnessFault:
            return path
        if shipped.exists():
            return shipped
    return path
