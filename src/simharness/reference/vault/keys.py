"""The keys of the vault: the first encrypts, each of them decrypts, so that a new one can be put before the old."""

from __future__ import annotations

from cryptography.fernet import Fernet, MultiFernet

from simharness.reference.errors import ConfigurationError

_NAME = "CONNECTOR_VAULT_KEY"


def cipher_of(keys: str) -> MultiFernet:
    """The cipher of a list of Fernet keys, newest first, parted by commas. Raises `ConfigurationError`, which never
    shows a key.
    """
    given = [each.strip() for each in keys.split(",") if each.strip()]
    if not given:
        raise ConfigurationError(
            "is not set, so nothing about people can be kept",
            where=_NAME,
            mend="give it 32 random bytes in URL-safe base64; a new key goes before the old one, with a comma",
        )
    try:
        return MultiFernet([Fernet(each) for each in given])
    except ValueError as error:
        raise ConfigurationError(
            "is no key of the vault", where=_NAME, mend="a key is 32 bytes in URL-safe base64, 44 characters"
        ) from error
