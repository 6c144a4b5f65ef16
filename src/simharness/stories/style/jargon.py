"""Words of screens and of the wire, which have no place in what finance says."""

from __future__ import annotations

import re

_QUOTED = re.compile(r'"[^"]*"')
_SCREEN = re.compile(
    r"\b(?:click(?:s|ed|ing)?|buttons?|screens?|pages?|browser|drop-?downs?|menus?|check ?box(?:es)?|"
    r"log(?:s|ged)? in(?:to)?|log ?in|types? in|scrolls?|pop-?ups?|dialogs?|navigates?)\b",
    re.IGNORECASE,
)
_WIRE = re.compile(
    r"\b(?:(?:GET|POST|PUT|PATCH|DELETE)\b|HTTPS?|API|JSON|XML|URLs?|REST|SQL|endpoints?|payloads?|webhooks? body|"
    r"status code|response (?:code|body)|headers?|database tables?|null|"
    r"(?:[2-5]\d\d) (?:OK|Created|Not Found|Bad Request|Internal Server Error))\b|https?://\S+",
)
_WIRE_ANY_CASE = re.compile(
    r"\b(?:https?|api|json|xml|urls?|endpoints?|payloads?|status codes?|response (?:code|body)|"
    r"(?:sends?|makes?|issues?) an? (?:get|post|put|patch|delete))\b",
    re.IGNORECASE,
)
#: What all of the above begin with, in small letters. Most texts have no such word, and comparing forms is slow.
_BEGINNINGS = (
    "click", "button", "screen", "page", "browser", "drop", "menu", "check", "log", "type", "scroll", "pop", "dialog",
    "navigate", "get", "post", "put", "patch", "delete", "http", "api", "json", "xml", "url", "rest", "sql",
    "endpoint", "payload", "webhook", "status", "response", "header", "database", "null", "send", "make", "issue",
    "2", "3", "4", "5",
)  # fmt: skip
_WORD = re.compile(r"[a-z]+|(?<!\d)[2-5]\d\d (?:ok|created|not found|bad request|internal)")


def technical_word(step: str) -> tuple[str, str] | None:
    """The first technical word of a step outside quotes, with how to say it instead; None where there is none."""
    plain = _QUOTED.sub('""', step)
    if not any(word.startswith(_BEGINNINGS) for word in _WORD.findall(plain.lower())):
        return None
    screen = _SCREEN.search(plain)
    if screen is not None:
        return screen[0], 'say what happens in the business, not on a screen: the deal "D-1" is won'
    wire = _WIRE.search(plain) or _WIRE_ANY_CASE.search(plain)
    if wire is not None:
        return wire[0], "say what must be true in the books; how systems talk is tested in stories in YAML"
    return None
