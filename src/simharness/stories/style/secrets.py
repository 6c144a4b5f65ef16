"""Keys, passwords and what identifies persons, wherever they stand in a file: a feature is read by many, for years.

What is found is never shown again in full: the message may end up in a build log.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

_PASSWORD = re.compile(
    r"""\b(?:password|passwd|pwd|passphrase|client[ _-]secret|api[ _-]?key|access[ _-]token)\b["']?"""
    r"""\s*(?:is\s+|[:=]\s*)["']?[^\s"'|{<]{4,}""",
    re.IGNORECASE,
)
#: What looks like a secret, its form, and the small letters of which some stand in every such text: most texts have
#: none of them, and comparing forms is slow.
_TOKENS: tuple[tuple[str, re.Pattern[str], tuple[str, ...]], ...] = (
    (
        "a key of a payment service",
        re.compile(r"\b(?:sk|rk|pk|whsec)_(?:(?:live|test)_)?[A-Za-z0-9]{10,}"),
        ("sk_", "rk_", "pk_", "whsec_"),
    ),
    ("a key of a cloud account", re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"), ("akia", "asia")),
    ("a signed token", re.compile(r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*"), ("eyj",)),
    ("a bearer token", re.compile(r"\b[Bb]earer\s+[\w.~+/-]{12,}=*"), ("bearer",)),
    ("a private key", re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY"), ("private key",)),
    (
        "a token of a code host",
        re.compile(r"\b(?:gh[opsur]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|glpat-[\w-]{16,})"),
        ("gho_", "ghp_", "ghs_", "ghu_", "ghr_", "github_pat_", "glpat-"),
    ),
    ("a token of a chat service", re.compile(r"\bxox[abprs]-[\w-]{10,}"), ("xox",)),
    ("a token of a CRM", re.compile(r"\bpat-(?:na|eu)\d-[0-9a-f-]{20,}"), ("pat-",)),
    ("a password", _PASSWORD, ("passw", "pwd", "passphrase", "secret", "key", "token")),
    ("a password in an address", re.compile(r"\b\w+://[^\s:/@]+:[^\s:/@]{3,}@"), ("://",)),
)
_SSN = re.compile(r"(?<![\w-])(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w-])")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b")
_CARD = re.compile(r"(?<![\w.,-])\d(?:[ -]?\d){12,18}(?![\w,-]|\.\d)")
_WORD = re.compile(r"[A-Za-z0-9+/_=-]{28,}")
_MENDS: Mapping[str, str] = MappingProxyType(
    {
        "secret": "take it out, and change it where it is used, for many have seen it; stories need no keys",
        "personal-data": "take it out: the fakes make up numbers of their own",
    }
)
#: Bits to a letter above which a long word is no word of a language: hexadecimal keys have about 3.7, base64 over 4.5.
_RANDOM_RATIO = 3.6
_SHORTEST_RANDOM = 28


@dataclass(frozen=True, slots=True)
class Leak:
    """Something that should not be there: its line and rule, and what it looks like, without the thing itself."""

    line: int
    rule: str
    what: str
    mend: str


def leaks_in(text: str) -> tuple[Leak, ...]:
    """What a text gives away, in order of the lines; of a line every rule once."""
    found: dict[tuple[int, str], Leak] = {}
    for start, _, rule, name in sorted(_found(text)):
        line = text.count("\n", 0, start) + 1
        found.setdefault((line, rule), Leak(line, rule, f"this looks like {name}", _MENDS[rule]))
    return tuple(found.values())


def without_leaks(text: str) -> str:
    """A text in which everything that looks like a secret is three dots."""
    kept: list[str] = []
    end = 0
    for start, stop, _, _ in sorted(_found(text)):
        if start >= end:
            kept += [text[end:start], "…"]
        end = max(end, stop)
    return "".join([*kept, text[end:]])


def _found(text: str) -> Iterator[tuple[int, int, str, str]]:
    """Where something begins and ends that looks like a secret, its rule, and what it looks like."""
    lower = text.lower()
    for name, form, some in _TOKENS:
        if any(letters in lower for letters in some):
            yield from ((*match.span(), "secret", name) for match in form.finditer(text))
    for match in _WORD.finditer(text):
        if _is_random(match[0]):
            yield *match.span(), "secret", "a key or a token"
    for match in _SSN.finditer(text):
        yield *match.span(), "personal-data", "a social security number"
    for match in _IBAN.finditer(text):
        if _is_iban(match[0].replace(" ", "")):
            yield *match.span(), "personal-data", "the IBAN of a bank account"
    for match in _CARD.finditer(text):
        if _is_card(re.sub("[ -]", "", match[0])):
            yield *match.span(), "personal-data", "the number of a card"


def _is_random(word: str) -> bool:
    """Whether a word is neither of a language nor a name of parts: many kinds of letters without an order."""
    if len(word) < _SHORTEST_RANDOM or not any(c.isdigit() for c in word) or not any(c.isalpha() for c in word):
        return False
    if any(_is_plain(part) for part in re.split("[-_/]", word)):
        return False  # Names made of words with hyphens, paths, and the days of tickets.
    counts = Counter(word)
    bits = -sum(count / len(word) * math.log2(count / len(word)) for count in counts.values())
    return bits >= _RANDOM_RATIO


def _is_plain(part: str) -> bool:
    return len(part) >= 2 and part.isalpha() and (part.islower() or part.isupper() or part.istitle())


def _is_iban(word: str) -> bool:
    """Whether the check digits are right (ISO 13616: the remainder by 97 is 1)."""
    if not 15 <= len(word) <= 34:
        return False
    turned = word[4:] + word[:4]
    return int("".join(str(int(letter, 36)) for letter in turned)) % 97 == 1


def _is_card(digits: str) -> bool:
    """Whether the last digit is the right one (Luhn, ISO/IEC 7812-1) and the first that of a network of cards."""
    if digits[0] not in "23456" or len(set(digits)) == 1:
        return False
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0
