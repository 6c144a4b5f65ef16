"""What can go wrong in the connector.

ConnectorError
├── ConfigurationError   settings or mapping are wrong; says where and how to mend it
├── StateError           the state database cannot be used
├── Unavailable          a vendor could not be reached or kept failing: the outcome of the call is unknown
├── Refused              a vendor answered no, for good: the call had no effect
├── NotPermitted         an operator may not do this, or did not prove well enough who it is
├── NotGenuine           a webhook does not bear its vendor's signature
├── NotYet               a source record must wait for another that is on its way
└── Rejected             the connector refuses a source record at its edge; neighbours go on
"""

from __future__ import annotations


class ConnectorError(Exception):
    """The root; `str()` is a sentence for a person."""


class ConfigurationError(ConnectorError):
    """The settings or the mapping cannot be used. `where` is `file:line` or the name of a setting."""

    def __init__(self, message: str, *, where: str = "", mend: str = "") -> None:
        self.where, self.mend = where, mend
        text = f"{where}: {message}" if where else message
        super().__init__(f"{text} ({mend})" if mend else text)


class StateError(ConnectorError):
    """The state database is missing, damaged or of another release."""


class Unavailable(ConnectorError):
    """No definite answer after every permitted attempt; whether the call took effect is unknown."""

    def __init__(self, vendor: str, why: str, *, attempts: int = 1, retry_after_s: int = 0) -> None:
        self.vendor, self.why, self.attempts, self.retry_after_s = vendor, why, attempts, retry_after_s
        super().__init__(f"{vendor} gave no definite answer after {attempts} attempt(s): {why}")


class Refused(ConnectorError):
    """A definite refusal with the vendor's own code and words."""

    def __init__(self, vendor: str, status: int, code: str, message: str, *, attempts: int = 1) -> None:
        self.vendor, self.status, self.code, self.message, self.attempts = vendor, status, code, message, attempts
        super().__init__(f"{vendor} refused ({status}{f', code {code}' if code else ''}): {message}")


class NotPermitted(ConnectorError, PermissionError):
    """An operator's act that is refused; nothing of it was done. Says what is wanting."""


class NotGenuine(ConnectorError):
    """A webhook that is not its vendor's, or not of now; says which, and nothing that would help to forge one."""


class NotYet(ConnectorError):
    """Nothing is wrong: a later pass takes the record up again."""


class Rejected(ConnectorError):
    """A record that cannot be processed as it is; `code` is stable, `reason` is for people."""

    def __init__(self, code: str, reason: str) -> None:
        self.code, self.reason = code, reason
        super().__init__(reason)
