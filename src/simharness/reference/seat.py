"""Whose books a connector keeps among entities that share a CRM, a gateway and a bank.

The entity of a record comes from a field that the mapping names, never from a default: what names an entity of the
group is that entity's, and what names nobody is refused by the owner of the gateway, so that one person is told once.
"""

from __future__ import annotations

from dataclasses import dataclass

from simharness.reference.errors import Rejected


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """The place of `entity` in its `group` (all names; empty where it keeps books alone). `owner` has the gateway."""

    entity: str = ""
    group: tuple[str, ...] = ()
    owner: str = ""

    @property
    def is_alone(self) -> bool:
        """Whether nobody else keeps books beside this entity."""
        return not self.group

    @property
    def has_gateway(self) -> bool:
        """Whether fees, payouts and the clearing account are this entity's."""
        return self.is_alone or self.entity == self.owner

    def keeps(self, entity: str) -> bool:
        """Whether what names an entity is to be looked at here: it is this one's, or nobody's and this is the owner."""
        return self.is_alone or entity == self.entity or (self.has_gateway and entity not in self.group)

    def check(self, what: str, entity: str, *, billed: bool = False) -> None:
        """Raise `Rejected` for what names no entity of the group, or (`billed`) another one once it is billed here."""
        if self.is_alone or entity == self.entity:
            return
        if billed:
            raise Rejected("entity_changed", f"{what} is billed by {self.entity}, and names {entity or 'nobody'} now")
        if entity not in self.group:
            named = f"the entity {entity!r}, which keeps no books here" if entity else "no entity"
            raise Rejected("unknown_entity", f"{what} names {named}: say whose it is, one of {', '.join(self.group)}")


#: The seat of a connector that keeps the books of one entity and knows of no other.
ALONE = Seat()
