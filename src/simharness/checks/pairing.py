"""Which ledger document answers to which expected document: by deal, kind and version, never by amount.

A deposit invoice answers to the deposit alone, whatever versions a connector counts.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import groupby

from simharness.checks.oracle.model import ExpectedBooks, ExpectedDocument
from simharness.checks.references import LinkedDocument, Links


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing:
    """The outcome: pairs; expected without document; documents without expectation; further documents of one event."""

    pairs: tuple[tuple[ExpectedDocument, LinkedDocument], ...]
    missing: tuple[ExpectedDocument, ...]
    unexpected: tuple[LinkedDocument, ...]
    duplicates: tuple[tuple[LinkedDocument, LinkedDocument], ...]


def pair(expected: ExpectedBooks, links: Links, *, leave_out: Collection[str] = ()) -> Pairing:
    """Pair every expected document; `duplicates` give (first, further) documents of one deal, kind and version.

    What names a deal to `leave_out` answers to nothing.
    """
    wanted: dict[tuple[str, str, bool], list[ExpectedDocument]] = {}
    for document in expected.documents:
        wanted.setdefault((document.deal_id, document.kind, document.is_deposit), []).append(document)
    found: dict[tuple[str, str, bool], list[LinkedDocument]] = {}
    for deal_id, linked in links.documents_of.items():
        for item in linked if deal_id not in leave_out else ():
            found.setdefault((deal_id, item.document.kind, item.is_deposit), []).append(item)
    pairs: list[tuple[ExpectedDocument, LinkedDocument]] = []
    missing: list[ExpectedDocument] = []
    unexpected: list[LinkedDocument] = []
    duplicates: list[tuple[LinkedDocument, LinkedDocument]] = []
    for key in dict.fromkeys([*wanted, *found]):
        firsts, further = _firsts(found.get(key, []), len(wanted.get(key, ())))
        duplicates += further
        matched, absent, extra = _match(wanted.get(key, []), firsts)
        pairs += matched
        missing += [document for document in absent if not document.optional]
        unexpected += extra
    return Pairing(
        pairs=tuple(pairs), missing=tuple(missing), unexpected=tuple(unexpected), duplicates=tuple(duplicates)
    )


def _firsts(
    found: list[LinkedDocument], wanted: int
) -> tuple[list[LinkedDocument], list[tuple[LinkedDocument, LinkedDocument]]]:
    """The first document of each version, and the further ones; without versions as many firsts as are wanted.

    Where others of the deal bear versions, one without is by another program, which bills a deal once: the first.
    """
    unversioned = 1 if any(item.version for item in found) else 0
    ordered = sorted(found, key=lambda item: item.version or unversioned)
    firsts: list[LinkedDocument] = []
    further: list[tuple[LinkedDocument, LinkedDocument]] = []
    for version, group in groupby(ordered, key=lambda item: item.version or unversioned):
        items = list(group)
        keep = max(wanted, 1) if version == 0 else 1
        firsts += items[:keep]
        further += [(items[keep - 1], item) for item in items[keep:]]
    return firsts, further


def _match(
    wanted: list[ExpectedDocument], found: list[LinkedDocument]
) -> tuple[list[tuple[ExpectedDocument, LinkedDocument]], list[ExpectedDocument], list[LinkedDocument]]:
    """Same version first; what is left pairs in order, because connectors may count versions in their own way."""
    by_version = {item.version: item for item in found}
    pairs = [(document, by_version.pop(document.version)) for document in wanted if document.version in by_version]
    done = {document.version for document, _ in pairs}
    rest = [document for document in wanted if document.version not in done]
    over = [item for item in found if item.version not in done] if by_version else []
    pairs += zip(rest, over, strict=False)
    return pairs, rest[len(over) :], over[len(rest) :]
