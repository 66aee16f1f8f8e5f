"""`authkit decode`: what stands in a token, whoever wrote it."""

from __future__ import annotations

import sys

from authkit.cli.printing import show, show_json
from authkit.cli.reading import token_from
from authkit.jose.decode import decode
from authkit.jose.encoding import encode_segment
from authkit.jose.rejection import TokenRejected


def decode_token(given: str | None, *, as_json: bool) -> int:
    """Print header, payload and signature of a token, none of it verified.

    Args:
        given: The token; None or `-` reads it from stdin.
        as_json: Print one JSON object instead of text.

    Returns:
        The exit code: 0, or 1 for a token that cannot be read.

    Raises:
        ConfigurationError: There is no token.
    """
    try:
        decoded = decode(token_from(given))
    except TokenRejected as rejected:
        if as_json:
            why = {"code": rejected.code, "check": rejected.check, "message": rejected.message}
            show_json({"verified": False, **why, "remedy": rejected.remedy})
        else:
            print(rejected, file=sys.stderr)
        return 1
    if as_json:
        parts = {"header": decoded.header, "payload": decoded.payload}
        show_json({"verified": False, **parts, "signature": encode_segment(decoded.signature)})
    else:
        warning, *parts_shown = repr(decoded).split("\n")
        show([(warning, "undecided"), *((line, "plain") for line in parts_shown)])
    return 0
