"""Claims that were verified, and what the registered names mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from authkit.ground import display
from authkit.ground.clock import readable
from authkit.ground.display import printable

TIMES: Final = ("exp", "nbf", "iat", "auth_time")

MEANINGS: Final = MappingProxyType(
    {
        "iss": "issuer: who signed this token (RFC 7519 §4.1.1)",
        "sub": "subject: whom or what the token speaks for (RFC 7519 §4.1.2)",
        "aud": "audience: the API it is meant for (RFC 7519 §4.1.3)",
        "exp": "expires: refused from this moment on (RFC 7519 §4.1.4)",
        "nbf": "not before: refused until then (RFC 7519 §4.1.5)",
        "iat": "issued at (RFC 7519 §4.1.6)",
        "jti": "identifier of this one token (RFC 7519 §4.1.7)",
        "scope": "what the holder may ask the API for (RFC 9068 §2.2.3)",
        "azp": "authorized party: the application it was issued to",
        "client_id": "the application it was issued to (RFC 9068 §2.2)",
        "gty": "the grant that produced it (the vendor's own claim)",
    }
)
"""What each claim means, with its source."""


class Claims(Mapping[str, Any]):
    """The claims of a token that passed every check. Read-only."""

    __slots__ = ("_claims",)

    def __init__(self, claims: dict[str, Any]) -> None:
        self._claims = claims

    def __getitem__(self, name: str) -> Any:
        return self._claims[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._claims)

    def __len__(self) -> int:
        return len(self._claims)

    def __repr__(self) -> str:
        lines = [f"  {printable(name):<6} {shown}" for name, shown in readable_claims(self._claims).items()]
        return "\n".join(["Claims, verified:", *lines])

    def _repr_html_(self) -> str:
        rows = [
            (display.name(printable(name)), shown, MEANINGS.get(name, "a claim of this issuer's own"))
            for name, shown in readable_claims(self._claims).items()
        ]
        return display.table(("claim", "value", "meaning"), rows, caption="Claims, verified")


def readable_claims(claims: Mapping[str, Any]) -> dict[str, str]:
    """Each claim's value as printable text, times with their date beside the number."""
    shown = {}
    for name, value in claims.items():
        number = isinstance(value, int | float) and not isinstance(value, bool)
        shown[name] = f"{value} ({readable(value)})" if name in TIMES and number else printable(value)
    return shown
