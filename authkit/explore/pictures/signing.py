"""`signing_comparison()`: HS256 against RS256, time to sign and to verify, sizes of signature, token and key."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from authkit.explore.figures import Picture
from authkit.explore.pictures.sheet import BLUE, NORMAL, ORANGE, QUIET, WIDTH, Sheet
from authkit.ground.clock import TRAINING_START
from authkit.ground.secret import Secret
from authkit.jose.decode import decode
from authkit.jose.encoding import encode_json
from authkit.jose.keys import SigningKey, SigningSecret
from authkit.jose.sign import sign
from authkit.jose.training_keys import training_key

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ROUNDS: Final = 7
"""Of each step the quickest of so many counts: whatever else the machine does can only slow one down."""

_BATCHES: Final = {"HS256": 200, "RS256": 20}
_NOW: Final = int(TRAINING_START.timestamp())
_CLAIMS: Final[Mapping[str, object]] = {
    "iss": "https://training.authkit.example/", "sub": "tests@clients", "aud": "https://orders.example/",
    "iat": _NOW, "exp": _NOW + 86400, "scope": "read:orders",
}  # fmt: skip


class _Side(NamedTuple):
    """One algorithm: its sizes, and how many seconds it takes."""

    algorithm: str
    signature: int
    token: int
    key: int
    holds: str
    to_sign: float
    to_verify: float


def signing_comparison(timer: Callable[[], float] = time.perf_counter) -> Picture:
    """A picture of HS256 against RS256 (RFC 7518 §3.2–3.3), measured here and now: about half a second.

    The numbers of seconds stand in the picture and in `measured` alone; words and table say what is the same on every
    machine. Its table has a row an algorithm: the bytes of its signature, its token and the key the API holds.

    Args:
        timer: What tells seconds.

    Raises:
        ConfigurationError: matplotlib is not installed (`extra.missing`).
    """
    sides = (_hs256(timer), _rs256(timer))
    measured = [
        {"algorithm": side.algorithm, "sign_us": side.to_sign * 1e6, "verify_us": side.to_verify * 1e6}
        for side in sides
    ]
    return Picture(_drawn(sides), _in_words(*sides), [*map(_row, sides)], measured)


def _hs256(timer: Callable[[], float]) -> _Side:
    # Not a secret: what is measured does not depend on which 32 bytes they are.
    text = "any-32-bytes-do-for-a-stop-watch"
    return _side("HS256", SigningSecret(Secret(text)), text.encode(), len(text), "the secret itself", timer)


def _rs256(timer: Callable[[], float]) -> _Side:
    private_key = load_pem_private_key(training_key(0).encode(), password=None, unsafe_skip_rsa_key_validation=True)
    assert isinstance(private_key, RSAPrivateKey)
    key = SigningKey.certify(private_key, subject="training.authkit.example", now=_NOW)
    size = len(encode_json({"kty": "RSA", "n": key.public_jwk["n"], "e": key.public_jwk["e"]}))
    return _side("RS256", key, private_key.public_key(), size, "a public key", timer)


def _side(
    algorithm: str, key: SigningKey | SigningSecret, check: Any, size: int, holds: str, timer: Callable[[], float]
) -> _Side:
    from authkit.jose.algorithms import ALGORITHMS

    token = sign(_CLAIMS, key, alg=algorithm)
    signing_input = token.rpartition(".")[0].encode()
    signature = decode(token).signature
    engine, batch = ALGORITHMS[algorithm].engine, _BATCHES[algorithm]
    to_sign = _seconds(lambda: key.sign_bytes(algorithm, signing_input), batch, timer)
    to_verify = _seconds(lambda: engine.verify(signing_input, check, signature), batch, timer)
    return _Side(algorithm, len(signature), len(token), size, holds, to_sign, to_verify)


def _seconds(step: Callable[[], object], batch: int, timer: Callable[[], float]) -> float:
    """Seconds that a step takes: the quickest of several rounds."""
    step()
    best = float("inf")
    for _ in range(ROUNDS):
        start = timer()
        for _ in range(batch):
            step()
        best = min(best, (timer() - start) / batch)
    return best


def _row(side: _Side) -> dict[str, Any]:
    return {
        "algorithm": side.algorithm,
        "signature_bytes": side.signature,
        "token_characters": side.token,
        "key_bytes": side.key,
        "the_api_holds": side.holds,
    }


def _in_words(hs: _Side, rs: _Side) -> str:
    steps = {
        "signing with HS256": hs.to_sign,
        "verifying with HS256": hs.to_verify,
        "signing with RS256": rs.to_sign,
        "verifying with RS256": rs.to_verify,
    }
    return (
        f"HS256 against RS256, measured on this machine. What takes longest is {max(steps, key=steps.__getitem__)}. "
        f"Signature: {hs.signature} bytes against {rs.signature}. The same claims as a token: {hs.token} characters "
        f"against {rs.token}. What the API keeps to verify: {hs.holds}, {hs.key} bytes, with which it could also sign, "
        f"against {rs.holds}, {rs.key} bytes as a JWK, with which it could not."
    )


def _drawn(sides: tuple[_Side, _Side]) -> Figure:
    hs, rs = sides
    groups: list[tuple[str, str, tuple[float, float], Callable[[float], str]]] = [
        ("time to sign", "the issuer, once a token", (hs.to_sign, rs.to_sign), _microseconds),
        ("time to verify", "the API, once a request", (hs.to_verify, rs.to_verify), _microseconds),
        ("signature", "in every request", (hs.signature, rs.signature), "{:,.0f} bytes".format),
        ("token", "the same claims in both", (hs.token, rs.token), "{:,.0f} characters".format),
        ("key that verifies", "HS256: it signs too", (hs.key, rs.key), "{:,.0f} bytes".format),
    ]
    sheet = Sheet(
        88 + 76 * len(groups), "HS256 against RS256", "Measured on this machine. Each pair has its own scale."
    )
    for number, (name, note, values, shown) in enumerate(groups):
        top = 84 + 76 * number
        sheet.line([(24, top), (WIDTH - 24, top)], width=0.7)
        sheet.text(24, top + 22, name, size=NORMAL, bold=True)
        sheet.text(24, top + 46, note, colour=QUIET)
        for place, (side, value) in enumerate(zip(sides, values, strict=True)):
            _bar(sheet, side.algorithm, value / max(values), shown(value), top + 10 + 30 * place)
    return sheet.figure


def _bar(sheet: Sheet, algorithm: str, share: float, label: str, top: float) -> None:
    look = {"HS256": (ORANGE, "////"), "RS256": (BLUE, "")}[algorithm]
    width = max(3.0, share * 400)
    sheet.text(232, top + 11, algorithm, bold=True)
    sheet.box(300, top, width, 22, colour=look[0], strength=0.35, hatch=look[1])
    sheet.text(300 + width + 10, top + 11, label)


def _microseconds(seconds: float) -> str:
    """Two digits of it: more would be noise."""
    return f"{float(f'{seconds * 1e6:.2g}'):,.4g} µs"
