"""Who the people of a portal are: contacts at customers and the team's own users."""

from __future__ import annotations

from collections.abc import Iterator

from simharness.domain.personal import Personal
from simharness_fakes.hubspot.kinds import CONTACTS
from simharness_fakes.hubspot.state.portal import Portal

#: A contact may rightly be written to by whoever bills the customer, and be known to a connector between the two.
_BILLED = ("accounting", "payments", "files")
#: What the CRM tells of its users a connector may keep.
_READ = ("files",)


def persons(portal: Portal) -> Iterator[Personal]:
    """Names, mail addresses and telephone numbers; a company's own address is nobody's."""
    for contact in portal.shelf(CONTACTS):
        name = f"{contact.get('firstname')} {contact.get('lastname')}".strip()
        for field, text in (("name", name), ("email", contact.get("email")), ("phone", contact.get("phone"))):
            if text:
                yield Personal(subject=contact.id, field=field, text=text, known_to=_BILLED)
    for owner in portal.owners:
        name = f"{owner.first_name} {owner.last_name}"
        yield Personal(subject=owner.id, field="name", text=name, known_to=_READ)
        yield Personal(subject=owner.id, field="email", text=owner.email, known_to=_READ)
