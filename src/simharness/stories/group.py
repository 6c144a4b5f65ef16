"""What must hold between the dictionaries of entities that share a world: one gateway, accounts for what is owed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from simharness.domain.dictionary import Dictionary

#: The role of the account that only the owner of the gateway keeps.
_GATEWAY = "gateway_clearing"


def group_problems(dictionaries: Sequence[Dictionary]) -> Iterator[tuple[str, str]]:
    """What is wrong with a group, with the way to mend it; nothing for an entity alone."""
    if len(dictionaries) < 2:
        return
    for entity, count in Counter(each.entity for each in dictionaries).items():
        if count > 1:
            yield f"two dictionaries are of the entity {entity!r}", "give each entity one dictionary"
    for number, count in Counter(_bank_name(each) for each in dictionaries).items():
        if count > 1 and number:
            yield f"two entities call their bank account {number!r}", "name each account by its entity"
    owners = [each for each in dictionaries if each.account_by_role(_GATEWAY) is not None]
    if len(owners) != 1:
        names = " and ".join(repr(each.entity) for each in owners)
        said = f"{names} each keep" if owners else "nobody keeps"
        yield f"{said} an account for gateway clearing", "give it to the one entity that owns the gateway"
        return
    owner = owners[0]
    for each in dictionaries:
        if each is owner:
            continue
        if each.currency not in (owner.currency, *owner.policy.currencies):
            what = (
                f"{each.entity!r} keeps books in {each.currency}, and {owner.entity!r}, who owns the gateway, has none"
            )
            yield what, f"add {each.currency} to the currencies of its policy: it owes what customers paid"
        for books, role, other in ((owner, "due_to", each), (each, "due_from", owner)):
            if books.account_between(role, other.entity) is None:
                what = f"{books.entity!r} has no account with the role {role!r} and the counterpart {other.entity!r}"
                yield what, "add it to the accounts of its dictionary"


def _bank_name(dictionary: Dictionary) -> str:
    spec = dictionary.account_by_role("bank")
    return spec.name if spec is not None else ""
