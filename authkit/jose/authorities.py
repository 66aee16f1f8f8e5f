"""Certificates that a client trusts in addition to the usual authorities, and an error that says one is missing."""

from __future__ import annotations

from os import PathLike
from typing import Final

from authkit.ground.display import shorten
from authkit.ground.errors import ConfigurationError

MAX_BYTES: Final = 1024 * 1024


def read_authorities(file: str | PathLike[str]) -> str:
    """The certificates in a PEM file, as text; anything else that stands in it is left where it is.

    Raises:
        ConfigurationError: It cannot be read, or holds no certificate (`jwks.ca_file`).
    """
    # Where nobody asks for it, `import authkit` does not wait for it.
    import ssl

    if not isinstance(file, str | PathLike):  # to open() a number is a file that is open already
        raise _unusable(file, "it is no file name")
    try:
        with open(file, "rb") as opened:
            read = opened.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        why = (error.strerror if isinstance(error, OSError) else None) or type(error).__name__
        raise _unusable(file, f"it cannot be read ({why})") from None
    if len(read) > MAX_BYTES:
        raise _unusable(file, f"it is larger than {MAX_BYTES:,} bytes")
    text = read.decode("ascii", "replace").replace("\ufffd", "?")  # a comment in another script is no fault
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cadata=text)
    except (ssl.SSLError, ValueError):
        raise _unusable(file, "it holds no certificate in PEM") from None
    return text


def is_untrusted(error: BaseException) -> bool:
    """Whether a connection failed since nobody vouches for the server's certificate."""
    import ssl

    seen: BaseException | None = error
    while seen is not None and not isinstance(seen, ssl.SSLCertVerificationError):
        seen = seen.__cause__ or seen.__context__
    return seen is not None


def _unusable(file: object, why: str) -> ConfigurationError:
    return ConfigurationError(
        "jwks.ca_file",
        f"ca_file names a file with certificates to trust, and {shorten(file, 300)} is none: {why}.",
        "Give the path of a certificate in PEM: for a server of authkit's it is server.certificate.",
    )
