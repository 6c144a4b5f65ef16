"""Stories read from YAML files: one story a document, or one a row of its examples."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from simharness.core.errors import ContentError
from simharness.stories.dictionaries import Shelf
from simharness.stories.examples import expand
from simharness.stories.positions import Node, read_documents
from simharness.stories.telling import BODY, Reading


def read_file(path: Path, shelf: Shelf, own_metrics: Collection[str] = ()) -> Reading:
    """Read a file of stories (one a YAML document); a story with a problem is not among the stories."""
    reading = Reading()
    try:
        documents = read_documents(path)
    except ContentError as error:
        reading.add_problems([error])
        return reading
    for document in documents:
        _read_document(document, shelf, reading, path.parent, own_metrics)
    return reading


def _read_document(document: Node, shelf: Shelf, reading: Reading, folder: Path, own_metrics: Collection[str]) -> None:
    if document.kind == "map" and not {"story", *BODY} & set(document.keys()):
        what = "this is no story: it has neither story: nor given:, when: and then:"
        mend = "name the files of stories only, or begin with story: and its name"
        reading.add_problems([document.problem(what, mend)])
        return
    try:
        for told in expand(document):
            reading.tell(told, shelf, folder, own_metrics)
    except ContentError as error:
        name = document.get("story") if document.kind == "map" else None
        reading.add_problems([error], name if name is not None and name.kind == "text" else None)
