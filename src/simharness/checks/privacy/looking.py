"""The search itself: which canaries stand in which items of which sinks. Made while the run is still in memory, since
the texts that are looked for are in no record.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote_plus

from simharness.checks.privacy.canaries import Canary, contains
from simharness.domain.personal import Sighting, Watch

_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
#: The sink that is a connector's own folder.
FILES = "files"


@dataclass(frozen=True, slots=True)
class Item:
    """A text that somebody may read: a record, a row, a request, a file, and in which sink it stands."""

    sink: str
    place: str
    data: bytes | Path


def look(watched: Sequence[Canary], items: Iterable[Item]) -> Watch:
    """Search the items for the canaries; each field of a person is told once a place."""
    by_sink: dict[str, list[Item]] = {}
    for item in items:
        by_sink.setdefault(item.sink, []).append(item)
    seen: dict[Sighting, None] = {}
    for sink, found in by_sink.items():
        # A whole database is no item: that somebody's pay and name both stand in it says nothing.
        sought = [one for one in watched if not (one.may_be_in(sink) or (one.beside and sink == FILES))]
        texts = [(item.place, plain(item.data)) for item in found] if sought else []
        everything = "\n".join(text for _, text in texts)
        for canary in sought:
            if not any(wanted in everything for wanted in canary.texts):
                continue
            for place, text in texts:
                if _stands_in(canary, text):
                    seen[Sighting(subject=canary.subject, field=canary.field, sink=sink, place=place)] = None
    return Watch(
        canaries=tuple(sorted(Counter(canary.field for canary in watched).items())),
        # How many files a database of the connector's is made of is no property of the run.
        sinks=tuple((sink, 1 if sink == FILES else len(found)) for sink, found in sorted(by_sink.items())),
        sightings=tuple(seen),
    )


def plain(data: bytes | Path) -> str:
    """Bytes, or those of a file, as a text in lower case, with the escapes of JSON and of forms undone."""
    if isinstance(data, Path):
        return data.read_bytes().decode("utf-8", "replace").lower()
    text = data.decode("utf-8", "replace")
    if "\\u" in text:
        text = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
    text = text.replace('\\"', '"')
    if "%" in text and "=" in text:
        text = f"{text}\n{unquote_plus(text)}"
    return text.lower()


def _stands_in(canary: Canary, text: str) -> bool:
    if not any(contains(text, wanted) for wanted in canary.texts):
        return False
    return not canary.beside or any(contains(text, other) for other in canary.beside)
