"""group.yaml: the entities that share a CRM, a gateway and a bank, each with a mapping of its own."""

from __future__ import annotations

from pathlib import Path

import msgspec

from simharness.reference.errors import ConfigurationError
from simharness.reference.mapping.loader import load, read
from simharness.reference.mapping.model import Part

FILE = "group.yaml"


class GroupMap(Part, frozen=True, kw_only=True):
    """Which folder beside group.yaml holds the mapping of each entity, and which entity owns the gateway.

    The first entity's ledger company is that of the settings without a number.
    """

    group: str
    gateway: str
    entities: dict[str, str]


def is_group(folder: Path) -> bool:
    """Whether a mapping folder is that of a group."""
    return (folder / FILE).is_file()


def load_group(folder: Path) -> GroupMap:
    """The group of a folder, every mapping in it checked. Raises `ConfigurationError` with the way to mend it."""
    where = folder / FILE
    try:
        found = msgspec.convert(read("group", where), GroupMap)
    except msgspec.ValidationError as error:
        raise ConfigurationError(str(error), where=str(where), mend="see mapping_schema/group.json") from error
    if found.gateway not in found.entities:
        raise ConfigurationError(
            f"the gateway belongs to {found.gateway!r}, which is no entity of the group",
            where=str(where),
            mend=f"name one of {', '.join(found.entities)}",
        )
    for entity, name in found.entities.items():
        mapping = load(folder / name)
        if mapping.company.entities != (entity,):
            raise ConfigurationError(
                f"the mapping {name!r} is of the entities {', '.join(mapping.company.entities)}, not of {entity!r}",
                where=str(folder / name / "company.yaml"),
                mend=f"write entities: [{entity}]",
            )
        _accounts(folder / name, set(mapping.accounts), entity, found)
    return found


def _accounts(folder: Path, roles: set[str], entity: str, group: GroupMap) -> None:
    """The owner of the gateway owes every other entity, and is owed by none."""
    others = [other for other in group.entities if other != entity]
    wanted = [f"due_to_{each}" for each in others] if entity == group.gateway else [f"due_from_{group.gateway}"]
    for role in wanted:
        if role not in roles:
            raise ConfigurationError(
                f"{entity!r} has no account with the role {role}", where=str(folder / "accounts.yaml"), mend="add it"
            )
