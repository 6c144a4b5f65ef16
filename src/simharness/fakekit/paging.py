"""Opaque page cursors that a client cannot usefully invent."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


def cursor(position: str) -> str:
    """An opaque cursor for a position (an id or an offset)."""
    return base64.urlsafe_b64encode(position.encode()).decode().rstrip("=")


def position(text: str) -> str | None:
    """The position of a cursor made by `cursor`; None if it is none."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError, UnicodeDecodeError):
        return None


def page(items: Sequence[T], start: int, size: int) -> tuple[Sequence[T], int | None]:
    """The items from `start`, at most `size`, and the start of the next page or None on the last."""
    end = start + size
    return items[start:end], end if end < len(items) else None
