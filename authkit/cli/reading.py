"""What the commands read: a token, or a file with key material, never without bound."""

from __future__ import annotations

import sys
from typing import BinaryIO, Final

from authkit.ground.display import shorten
from authkit.ground.errors import ConfigurationError

MAX_BYTES: Final = 1024 * 1024


def token_from(given: str | None) -> str:
    """The token as it was given, or from stdin where it was left out or is `-`; one newline at its end goes.

    Bytes that are no text become U+FFFD, which no token holds, so that the checks refuse them by name.

    Raises:
        ConfigurationError: There is no token, or far too much of one.
    """
    if given is not None and given != "-":
        if not given:
            raise _no_token("The token that was given is empty.", "Is the shell's variable set? ")
        return given
    if sys.stdin is None or sys.stdin.isatty():
        # Waiting here would look like hanging, and a terminal cuts a pasted line after 1,024 or 4,096 characters.
        raise _no_token("No token was given, and nothing is piped in.")
    try:
        raw = _bounded(sys.stdin.buffer)
    except (OSError, ValueError) as error:
        raise _no_token(f"Nothing could be read from stdin ({_reason(error)}).") from None
    if len(raw) > MAX_BYTES:
        raise ConfigurationError(
            "cli.too_large",
            f"There are more than {MAX_BYTES:,} bytes on stdin, which is no token.",
            "Pipe in the token alone; it has a few thousand characters at most.",
        )
    token = without_newline(raw).decode("utf-8", "replace")
    if not token:
        raise _no_token("No token was given, and stdin was empty.", "Did the command before the pipe succeed? ")
    return token


def file_from(option: str, name: str) -> bytes:
    """The bytes of the file that an option names.

    Raises:
        ConfigurationError: It cannot be read, or is larger than `MAX_BYTES`.
    """
    try:
        with open(name, "rb") as file:
            raw = _bounded(file)
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        raise ConfigurationError(
            "cli.unreadable",
            f"{option} names a file, and {_named(option, name)} cannot be read ({_reason(error)}).",
            _repair(option),
        ) from None
    if len(raw) > MAX_BYTES:
        raise ConfigurationError(
            "cli.too_large",
            f"{option} {shown(name)} is larger than {MAX_BYTES:,} bytes, which no key is.",
            "Check that this is the file you mean.",
        )
    return raw


def shown(name: str) -> str:
    """A file's name for an error; long, since what tells one path from another stands at its end."""
    return shorten(name, 300)


def without_newline(raw: bytes) -> bytes:
    r"""The bytes without the one newline, \n or \r\n, that editors and `echo` put at the end of a file."""
    return raw[:-2] if raw.endswith(b"\r\n") else raw.removesuffix(b"\n")


def _bounded(stream: BinaryIO) -> bytes:
    return stream.read(MAX_BYTES + 1)


def _no_token(sentence: str, hint: str = "") -> ConfigurationError:
    return ConfigurationError(
        "cli.no_token",
        sentence,
        f"{hint}Put the token at the end of the command, or pipe it in, as in: < token.txt. A pipe keeps it out of the "
        "shell's history.",
    )


def _named(option: str, name: str) -> str:
    """The name for an error; not where it may be the key itself, given in place of a file."""
    pasted = any(mark in name for mark in ("\n", "{", "-----"))
    if pasted or option.startswith("--secret"):
        return f"the one given, of {len(name)} characters,"
    return shown(name)


def _repair(option: str) -> str:
    if option == "--jwks":
        return "Check the name; a URL starts with https://, or on this machine with http://."
    return f"Check the name; {option} takes a file that holds the key, never the key itself."


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or type(error).__name__
