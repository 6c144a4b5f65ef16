"""What a record shows of people: nothing. Canaries are blotted out wherever they stand in it, so that whatever is made
of a record (tables, reports, findings) shows none either.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeVar

import msgspec

from simharness.checks.privacy.canaries import Canary
from simharness.domain.base import Record, decode, encode
from simharness.domain.exchange import Exchange
from simharness.domain.record import RunRecord

_T = TypeVar("_T", bound=Record)
#: Pay is amounts, which checks need, and ids stand for persons in facts and snapshots: neither names anybody.
_KEPT = frozenset({"pay", "id"})
WITHHELD = b"[withheld: what the payroll says of people; --show-personal shows it]"


class Blots:
    """The texts to be blotted out. A mark names the field."""

    def __init__(self, watched: Sequence[Canary], withheld: frozenset[str]) -> None:
        fields = {text: canary.field for canary in watched if canary.field not in _KEPT for text in canary.texts}
        longest_first = sorted(fields, key=lambda text: (-len(text), text))
        self._fields = fields
        self._texts = tuple(text.replace('"', '\\"').encode() for text in longest_first)
        # In JSON a quotation mark within a name is written with a backslash.
        words = "|".join(_pattern(text.replace('"', '\\"')) for text in longest_first)
        self._search = re.compile(words.encode(), re.IGNORECASE) if words else None
        self._withheld = withheld

    def record(self, record: RunRecord) -> RunRecord:
        """The record as it may be kept."""
        if self._search is None:
            return record
        record = msgspec.structs.replace(
            record,
            exchanges=tuple(self._exchange(each) for each in record.exchanges),
            deliveries=tuple(self._exchange(each) for each in record.deliveries),
        )
        if not any(watch.sightings for watch in record.watches):
            return record  # what vendors answered is the one place that was not searched
        return msgspec.structs.replace(
            record,
            facts=tuple(self._item(each) for each in record.facts),
            checkpoints=tuple(self._item(each) for each in record.checkpoints),
            evidence=tuple(self._item(each) for each in record.evidence),
            bi=tuple(self._item(each) for each in record.bi),
            steps=tuple(self._item(each) for each in record.steps),
        )

    def _item(self, item: _T) -> _T:
        data = encode(item)
        blotted = self._blotted(data)
        return item if blotted is data else decode(blotted, type(item))

    def _exchange(self, exchange: Exchange) -> Exchange:
        asked, answered = exchange.request, exchange.response
        both = asked.body + (answered.body if answered is not None else b"") + asked.query.encode()
        if exchange.vendor not in self._withheld and self._blotted(both) is both:
            return exchange
        response = answered and msgspec.structs.replace(answered, body=self._body(exchange.vendor, answered.body))
        return msgspec.structs.replace(
            exchange,
            request=msgspec.structs.replace(
                asked,
                body=self._body(exchange.vendor, asked.body),
                path=self._blotted(asked.path.encode()).decode(),
                query=self._blotted(asked.query.encode()).decode(),
            ),
            response=response,
        )

    def _body(self, vendor: str, body: bytes) -> bytes:
        if vendor in self._withheld:
            return WITHHELD if body else body
        return self._blotted(body)

    def _blotted(self, data: bytes) -> bytes:
        lower = data.lower()
        if self._search is None or not any(text in lower for text in self._texts):
            return data
        return self._search.sub(self._mark, data)

    def _mark(self, found: re.Match[bytes]) -> bytes:
        text = found[0].decode("utf-8", "replace").lower().replace('\\"', '"')
        field = self._fields.get(text, "personal data")
        return f"[{field}]".encode()


def _pattern(text: str) -> str:
    """The text as a whole, in UTF-8 and not as a part of a longer word or number."""
    before = r"(?<![0-9A-Za-z])" if text[0].isalnum() else ""
    after = r"(?![0-9A-Za-z])" if text[-1].isalnum() else ""
    return f"{before}{re.escape(text)}{after}"
