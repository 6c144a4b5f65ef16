"""The exchange log: every exchange of a run, never dropped. Past a stated size bodies move to a file in the run
folder.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec

from simharness.core.errors import HarnessFault
from simharness.domain.exchange import Exchange

#: Bytes of bodies kept in memory before the further ones are written to the spill file.
SPILL_AFTER = 64 * 1024 * 1024


class ExchangeLog:
    """Exchanges in sequence. Without a spill file everything stays in memory."""

    def __init__(self, spill_file: Path | None = None, *, spill_after: int = SPILL_AFTER) -> None:
        self._items: list[Exchange] = []
        self._spill_file = spill_file
        self._spill_after = spill_after
        self._held = 0
        self._stream: BinaryIO | None = None

    def append(self, exchange: Exchange, *, in_memory: bool = False) -> None:
        """Add the next exchange; its bodies go to the spill file once memory holds the stated size, unless they are to
        stay `in_memory`: nobody could blot out on disk what they say of people.
        """
        if self._spill_file is not None and not in_memory:
            size = len(exchange.request.body) + (len(exchange.response.body) if exchange.response else 0)
            if self._held + size > self._spill_after:
                exchange = self._spill(exchange)
            else:
                self._held += size
        self._items.append(exchange)

    def bodies(self, exchange: Exchange) -> tuple[bytes, bytes]:
        """Request and response body of an exchange, read back from the spill file where they were moved."""
        response_body = exchange.response.body if exchange.response else b""
        if not exchange.spilled or self._spill_file is None:
            return exchange.request.body, response_body
        offset, asked, answered = (int(part) for part in exchange.spilled.rpartition("@")[2].split("+"))
        if self._stream is not None:
            self._stream.flush()
        with self._spill_file.open("rb") as stream:
            stream.seek(offset)
            return stream.read(asked), stream.read(answered)

    def close(self) -> None:
        """Close the spill file; the log stays readable."""
        if self._stream is not None:
            self._stream.close()
            self._stream = None

    def clear(self) -> None:
        """Forget everything (control plane reset)."""
        self._items.clear()
        self._held = 0

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[Exchange]:
        return iter(self._items)

    def __getitem__(self, position: int) -> Exchange:
        return self._items[position]

    def _spill(self, exchange: Exchange) -> Exchange:
        assert self._spill_file is not None  # noqa: S101 - the caller asked
        try:
            if self._stream is None:
                self._spill_file.parent.mkdir(parents=True, exist_ok=True)
                self._stream = self._spill_file.open("ab")
            offset = self._stream.tell()
            asked, response = exchange.request.body, exchange.response
            answered = response.body if response else b""
            self._stream.write(asked)
            self._stream.write(answered)
        except OSError as error:
            raise HarnessFault(
                f"bodies of exchanges cannot be written to {self._spill_file}: {error.strerror}"
            ) from error
        return msgspec.structs.replace(
            exchange,
            request=msgspec.structs.replace(exchange.request, body=b""),
            response=msgspec.structs.replace(response, body=b"") if response else None,
            spilled=f"{self._spill_file.name}@{offset}+{len(asked)}+{len(answered)}",
        )
