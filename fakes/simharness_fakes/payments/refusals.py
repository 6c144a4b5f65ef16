"""A movement of money that the gateway's own rules do not allow."""

from __future__ import annotations


class Refused(Exception):
    """Nothing was changed. `code` names the rule, the message is for people; a dialect puts both in its own form."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
