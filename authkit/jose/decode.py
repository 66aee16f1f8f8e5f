"""Decoding: reading a token without trusting it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from authkit.ground import display
from authkit.jose.claims import readable_claims
from authkit.jose.context import Context
from authkit.jose.encoding import encode_segment
from authkit.jose.policy import AUTH0_ACCESS_TOKEN
from authkit.jose.rejection import TokenRejected


@dataclass(frozen=True, repr=False)
class DecodedToken:
    """The three parts of a token, read and NOT verified: anyone could have written them.

    Attributes:
        header: The JOSE header.
        payload: The claims as they stand there; never a `Claims`.
        signature: The signature's bytes, unchecked.
    """

    header: dict[str, Any]
    payload: dict[str, Any]
    signature: bytes

    def __repr__(self) -> str:
        shown, header = readable_claims(self.payload), readable_claims(self.header)
        return "\n".join(
            [
                "DecodedToken – NOT verified: anyone could have written this.",
                "header",
                *(f"  {display.printable(name):<6} {value}" for name, value in header.items()),
                "payload",
                *(f"  {display.printable(name):<6} {value}" for name, value in shown.items()),
                f"signature, {len(self.signature)} bytes, unchecked",
                *([f"  {encode_segment(self.signature)[:24]}…"] if self.signature else []),
            ]
        )

    def _repr_html_(self) -> str:
        parts = [
            display.tag("div", display.badge("undecided", "Decoded, NOT verified: anyone could have written this.")),
            display.fields(readable_claims(self.header), caption="header"),
            display.fields(readable_claims(self.payload), caption="payload"),
            display.tag("div", f"signature: {len(self.signature)} bytes, unchecked"),
        ]
        return display.tag("div", display.join(parts))


def decode(token: str, *, max_size: int = AUTH0_ACCESS_TOKEN.max_size) -> DecodedToken:
    """Read header, payload and signature (RFC 7519 §7.2, the steps before the signature). Nothing is verified.

    An unknown algorithm does not stop it; only a token that cannot be read does.

    Args:
        token: The token.
        max_size: Characters it may have; a policy that takes longer ones says so by the same name.

    Raises:
        TokenRejected: Not three segments of base64url around two JSON objects, or too long.
        ConfigurationError: A limit that is no number of characters.
    """
    from authkit.jose.checks import CHECKS

    context = Context(token, policy=replace(AUTH0_ACCESS_TOKEN, max_size=max_size))
    for check in CHECKS:
        if not check.reads:
            break
        refusal = check.run(context)
        if refusal is not None:
            raise TokenRejected.by(check, refusal)
    assert context.header is not None and context.payload is not None and context.signature is not None
    return DecodedToken(context.header, context.payload, context.signature)
