"""Key material as it is pasted or typed. What it is, is always chosen by the reader and never guessed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import urlsplit

from authkit.ground.errors import KeySetError
from authkit.ground.secret import Secret
from authkit.jose.encoding import Malformed, parse_object
from authkit.jose.fetch import MAX_BYTES
from authkit.jose.key_set import KeySet

KINDS: Final = (
    ("the tenant’s, for one of its APIs", "api"),
    ("a JWK Set, pasted", "jwks"),
    ("one JWK, pasted", "jwk"),
    ("a public key or certificate in PEM, pasted", "pem"),
    ("a shared secret, as text", "secret"),
    ("a shared secret, in base64url", "base64url"),
    ("a JWKS URL, fetched on request", "url"),
)
"""In words, and by name."""
SECRETS: Final = frozenset({"secret", "base64url"})
PASTED: Final = frozenset({"jwks", "jwk", "pem"})

# What no screen and no saved notebook should hold: a shared secret's k, an RSA key's private members, as JSON or as
# Python prints it, and a private PEM.
_SECRET_PART: Final = re.compile(r"""["'](?:k|d|p|q|dp|dq|qi|oth)["']\s*:|PRIVATE KEY""")
_HOST: Final = re.compile(r"[a-z0-9._-]+|\[[0-9a-f:.]+\]")


def read(kind: str, material: Secret) -> KeySet:
    """The keys in the material, read as what it is said to be.

    Raises:
        KeySetError: It is not that, or verifies nothing.
    """
    text = material.reveal()
    if len(text) > MAX_BYTES:
        raise KeySetError(
            "key_set.too_large",
            f"This text has {len(text):,} characters; more than {MAX_BYTES:,} are not read.",
            "Paste the keys alone.",
        )
    return _READERS[kind](text)


def holds_secret(text: str) -> bool:
    """Whether a pasted text is to be masked: whoever sees it can sign."""
    return _SECRET_PART.search(text) is not None


def host_of(address: str) -> str:
    """Host and port that would be asked; empty where a reader could be misled about them."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    host = f"[{host}]" if ":" in host else host
    # No user name, no backslash, no letter that looks like another: what is named is what is asked.
    if not _HOST.fullmatch(host) or "@" in parts.netloc or "\\" in address:
        return ""
    return host if port is None else f"{host}:{port}"


def _json(text: str) -> dict[str, Any]:
    try:
        return parse_object(text.encode("utf-8", "surrogatepass"))
    except Malformed as fault:
        raise KeySetError(
            "key_set.not_json",
            f"This text {fault}.",
            "Paste the whole JSON object, from { to }. If it is something else, choose what it is under Keys.",
        ) from None


def _secret(text: str) -> KeySet:
    try:
        return KeySet.from_secret(text.encode())
    except UnicodeEncodeError:
        raise KeySetError(
            "key_set.secret_not_text", "This secret holds half of a surrogate pair, which is no text.", "Type it anew."
        ) from None


_READERS: Final[Mapping[str, Callable[[str], KeySet]]] = MappingProxyType(
    {
        "jwks": lambda text: KeySet.from_jwks(_json(text)),
        "jwk": lambda text: KeySet.from_jwk(_json(text)),
        "pem": KeySet.from_pem,
        "secret": _secret,
        "base64url": KeySet.from_secret_base64url,
    }
)
