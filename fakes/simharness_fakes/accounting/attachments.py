"""Notes and files attached to records. Only what is said of a file is kept, not its content."""

from __future__ import annotations

import msgspec

from simharness_fakes.accounting.chart import Attachment, Stamp
from simharness_fakes.accounting.lookup import Reading
from simharness_fakes.accounting.refusals import Missing
from simharness_fakes.accounting.state import State


class Attachments(Reading[Attachment]):
    """The attachments of a company. What they are attached to is the dialect's to say and to check."""

    kind = "attachment"

    def __init__(self, state: State) -> None:
        self._state = state
        self._table = state.attachments

    def create(self, attachment: Attachment, by: Stamp) -> Attachment:
        """Keep a new attachment: a note, a file's name, or both."""
        _check(attachment)
        return self._table.put(msgspec.structs.replace(attachment, **self._state.created(by, self.kind, self.kind)))

    def update(self, id: str, attachment: Attachment, by: Stamp) -> Attachment:
        """Replace an attachment as a whole."""
        old = self.get(id)
        _check(attachment)
        return self._table.put(msgspec.structs.replace(attachment, **self._state.changed(by, self.kind, old)))

    def delete(self, id: str, by: Stamp) -> Attachment:
        """Remove an attachment and return its last version."""
        old = self.get(id)
        self._table.remove(id)
        self._state.log(by, self.kind, id, "delete")
        return old


def _check(attachment: Attachment) -> None:
    if not attachment.note.strip() and not attachment.file_name.strip():
        raise Missing("an attachment", "a note or a file name")
