"""Words of screens and of the wire are found outside quotes, and words of business are left alone."""

from __future__ import annotations

import pytest

from simharness.stories.style.jargon import technical_word

SCREEN = (
    "she clicks", "the button", "a screen", "the page", "in the browser", "the drop-down", "a dropdown", "the menu",
    "the checkbox", "a check box", "he logs in", "logged into", "log in", "login", "she types in", "scrolls", "a popup",
    "the pop-up", "a dialog", "navigates",
)  # fmt: skip
WIRE = (
    "GET", "POST", "PUT", "PATCH", "DELETE", "http", "HTTPS", "the Api", "as json", "XML", "the url", "a REST call",
    "SQL", "endpoints", "payload", "webhook body", "status code", "response body", "headers", "database table", "null",
    "200 OK", "404 Not Found", "500 Internal Server Error", "https://example.com", "sends a post",
)  # fmt: skip


@pytest.mark.parametrize("word", [*SCREEN, *WIRE])
def test_a_word_of_screens_and_of_the_wire_is_found(word: str) -> None:
    assert technical_word(f"then {word} of it") is not None
    assert technical_word(f'then "{word}" of it') is None


@pytest.mark.parametrize("text", ["Pay is posted", "The rest stays open", "A cheque of 200.00", "Ann pays 500"])
def test_words_of_business_are_left_alone(text: str) -> None:
    assert technical_word(text) is None
