"""Why a portal does not do what was asked: raised by the state, worded by `errors`.

Refusal
├── PropertiesInvalid   values that no definition takes
├── AlreadyExists       a unique value that another object has
├── NoSuchObject        an id nobody has (any more)
├── NoSuchDefinition    a property, pipeline, stage or label that does not exist
├── DefinitionExists    a definition of that name exists
└── NotPossible         the request makes no sense in the state the portal is in
"""

from __future__ import annotations

from simharness_fakes.hubspot.values import Invalid


class Refusal(Exception):
    """The root: something a caller did is refused; the state is as it was."""


class PropertiesInvalid(Refusal):
    """At least one value was not taken."""

    def __init__(self, invalid: tuple[Invalid, ...]) -> None:
        self.invalid = invalid
        super().__init__("; ".join(one.message for one in invalid))


class AlreadyExists(Refusal):
    """Another object has this value in a unique property."""

    def __init__(self, singular: str, existing_id: str, name: str, value: str) -> None:
        self.singular = singular
        self.existing_id = existing_id
        self.name = name
        self.value = value
        super().__init__(f"{singular.capitalize()} already exists. Existing ID: {existing_id}")


class NoSuchObject(Refusal):
    """Nothing has this id."""

    def __init__(self, kind: str, thing_id: str) -> None:
        self.kind = kind
        self.thing_id = thing_id
        super().__init__(f"there is no {kind} {thing_id}")


class NoSuchDefinition(Refusal):
    """No property, pipeline, stage, label or subscription has this name."""


class DefinitionExists(Refusal):
    """A definition of this name exists already."""


class NotPossible(Refusal):
    """The request is readable and refused; the message says why, the category is the vendor's word for it."""

    def __init__(self, message: str, category: str = "VALIDATION_ERROR") -> None:
        self.category = category
        super().__init__(message)
