"""Key sets: keys to verify with, prepared once. What the material is, is always said and never guessed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from authkit.ground import display
from authkit.ground.display import kind_of, printable, shorten
from authkit.ground.errors import KeySetError
from authkit.ground.secret import Secret
from authkit.jose.algorithms import ALGORITHMS, MIN_SECRET_BYTES
from authkit.jose.encoding import Malformed, decode_segment
from authkit.jose.jwk import Unusable, VerificationKey, checked_secret, read_jwk


class NoKey(NamedTuple):
    """Why no key of the set fits a token: reason, sentence and repair for the `key` check."""

    reason: str
    seen: str
    remedy: str


class KeySet:
    """Keys to verify with. Made by one of the constructors that name the kind of material.

    Attributes:
        notes: What was left out of the set, and why, a sentence each.
    """

    def __init__(
        self, keys: Iterable[VerificationKey], notes: Iterable[str] = (), skipped: Mapping[str, str] | None = None
    ) -> None:
        self.keys = tuple(keys)
        self.notes = tuple(notes)
        self._skipped = dict(skipped or {})  # by the kid of a key left out, the note on it
        self._by_kid = {(key.kid, key.kty): key for key in self.keys if key.kid is not None}
        self._is_nameless = bool(self.keys) and not self._by_kid and not self._skipped

    @classmethod
    def from_jwks(cls, jwks: Mapping[str, Any]) -> KeySet:
        """The keys of a JWK Set (RFC 7517 §5). Unknown and broken keys beside a good one are skipped with a note.

        Raises:
            KeySetError: No JWK Set, a private member, a symmetric key beside a public one, or a `kid` twice.
        """
        given: object = jwks  # what comes over a network has whatever type it likes
        entries = given.get("keys") if isinstance(given, Mapping) else None
        if not isinstance(entries, list | tuple):
            raise _not_a_jwks(given)
        _refuse_a_published_secret(entries)
        keys: list[VerificationKey] = []
        notes: list[str] = []
        skipped: dict[str, str] = {}
        for number, entry in enumerate(entries, start=1):
            try:
                keys.append(read_jwk(entry))
            except Unusable as unusable:
                notes.append(f"key {number} was skipped: {unusable}")
                if isinstance(entry, Mapping) and isinstance(entry.get("kid"), str):
                    skipped[entry["kid"]] = notes[-1]
        if entries and not keys:
            raise KeySetError(
                "key_set.no_usable_key",
                f"None of the set's {len(entries)} keys can verify a token here ({_first(notes)}).",
                "Check that the document holds RSA keys for signatures.",
            )
        _refuse_equal_kids(keys)
        return cls(keys, notes, skipped)

    @classmethod
    def from_jwk(cls, jwk: Mapping[str, Any]) -> KeySet:
        """One key as a JWK (RFC 7517 §4): an RSA public key, or a shared secret for HS256.

        Raises:
            KeySetError: No JWK, a private key, or a key that cannot verify a signature here.
        """
        try:
            return cls([read_jwk(jwk)])
        except Unusable as unusable:
            raise KeySetError(
                "key_set.not_usable",
                f"This JWK cannot verify a token here: {unusable}.",
                "What can: an RSA public key for signatures, alg RS256, PS256 or none said; or a secret for HS256. "
                "A set of keys goes to from_jwks.",
            ) from None

    @classmethod
    def from_pem(cls, text: str) -> KeySet:
        """One RSA public key or certificate in PEM. It has no `kid`, so any token's `kid` is taken for it.

        Raises:
            KeySetError: No PEM, a private key, several keys, or one that is no RSA key of at least 2048 bits.
        """
        from authkit.jose.pem import read_pem

        return cls([read_pem(text)])

    @classmethod
    def from_secret(cls, secret: bytes) -> KeySet:
        """One shared secret for HS256, as bytes.

        Raises:
            KeySetError: Not bytes, fewer than 32 of them (RFC 7518 §3.2), or PEM, which is no secret.
        """
        given: object = secret
        if isinstance(given, str):
            checked_secret(given.encode("utf-8", "replace").ljust(MIN_SECRET_BYTES, b"x"))  # PEM stays PEM as bytes
            raise KeySetError(
                "key_set.secret_not_bytes",
                "A secret is bytes, not str: text could be the key itself, or base64url of it.",
                "Use secret.encode() if the text is the key, from_secret_base64url(text) if it spells the key.",
            )
        if not isinstance(given, bytes):
            hint = "Use secret.reveal().encode()." if isinstance(given, Secret) else "Pass bytes, as in b'...'."
            raise KeySetError("key_set.secret_not_bytes", f"A secret is bytes, not {type(given).__name__}.", hint)
        return cls([VerificationKey(None, "oct", frozenset({"HS256"}), checked_secret(secret))])

    @classmethod
    def from_secret_base64url(cls, text: str) -> KeySet:
        """One shared secret for HS256, spelt in base64url.

        Raises:
            KeySetError: Not base64url, or fewer than 32 bytes.
        """
        given: object = text
        if not isinstance(given, str):
            raise KeySetError(
                "key_set.secret_not_base64url",
                f"A secret in base64url is text, not {type(given).__name__}.",
                "Pass the text that spells the secret; bytes that are the secret go to from_secret.",
            )
        try:
            return cls.from_secret(decode_segment(given))
        except Malformed as fault:
            raise KeySetError(
                "key_set.secret_not_base64url",
                f"This secret is not canonical, unpadded base64url ({fault.reason}).",
                _SPELLINGS.get(
                    fault.reason, "Copy it whole. If the text itself is the key: from_secret(text.encode())."
                ),
            ) from None

    def select(self, kid: str | None, alg: str) -> VerificationKey | NoKey:
        """The one key for a token with this `kid` and algorithm, or why there is none.

        Without a `kid` exactly one key must fit: trying keys in turn would let a token choose.
        """
        kty = ALGORITHMS[alg].kty
        if kid is not None:
            key = self._by_kid.get((kid, kty)) or self._by_kid.get((kid, "oct" if kty == "RSA" else "RSA"))
            if key is not None:
                return key if alg in key.algorithms else _wrong_kind(key, alg)
            if not self._is_nameless:  # where no key has a name, as with one PEM, any kid is taken for it
                note = self._skipped.get(kid) or _first(self.notes)
                return NoKey(
                    "unknown_kid", f"kid {shorten(kid)} is not in the set{note and f'; {note}'}",
                    "If the issuer has rotated, fetch its JWKS anew; a remote set does so by itself, after a cooldown. "
                    "If not, the token is not theirs.",
                )  # fmt: skip
        fitting = [key for key in self.keys if alg in key.algorithms]
        if len(fitting) == 1:
            return fitting[0]
        if fitting and kid is not None:
            return NoKey(
                "ambiguous", f"kid {shorten(kid)} fits none of the set's {len(fitting)} keys, which have no kid",
                "Have the issuer publish each key with its kid (RFC 7517 §4.5).",
            )  # fmt: skip
        if fitting:
            return NoKey(
                "ambiguous", f"the token names no kid, and {len(fitting)} keys would do",
                "Have the issuer name its key in the kid header (RFC 7515 §4.1.4).",
            )  # fmt: skip
        if self.keys:
            return _wrong_kind(self.keys[0], alg)
        return NoKey("no_key", "a key set without keys", "Give the verifier the issuer's keys.")

    def __len__(self) -> int:
        return len(self.keys)

    def __repr__(self) -> str:
        shown = ", ".join(f"{key.kty} {printable(key.kid) if key.kid else 'without kid'}" for key in self.keys)
        return f"KeySet({shown or 'empty'})" + (f", {len(self.notes)} skipped" if self.notes else "")

    def _repr_html_(self) -> str:
        rows = [
            (printable(key.kid) if key.kid else "–", key.kty, ", ".join(sorted(key.algorithms)), "")
            for key in self.keys
        ]
        rows += [("–", "–", "–", printable(_first(self.notes)))] if self.notes else []
        return display.table(
            ("kid", "kty", "algorithms", "note"), rows, caption=f"Key set of {len(self)} to verify with"
        )


_SPELLINGS = {
    "padding": "Leave out the '=' at its end.",
    "alphabet": "Take out line breaks and spaces; in base64 replace + by - and / by _.",
}


def _not_a_jwks(given: object) -> KeySetError:
    """What it is instead decides what would repair it. Never its content: it may be a secret."""
    whole = "Pass the whole document served at /.well-known/jwks.json, as a dict."
    if isinstance(given, Mapping):
        remedy = "This looks like one JWK: use KeySet.from_jwk(jwk)." if "kty" in given else whole
    elif isinstance(given, str) and given.startswith(("http://", "https://")):
        remedy = "This is an address: use RemoteKeySet(address)."
    elif isinstance(given, str | bytes):
        remedy = "Parse it first, as in json.loads(text); PEM goes to KeySet.from_pem, a secret to KeySet.from_secret."
    elif isinstance(given, list):
        remedy = 'A list of JWKs goes into an object: {"keys": jwks}.'
    else:
        remedy = whole
    return KeySetError(
        "key_set.not_a_jwks",
        f"A JWK Set is an object with a list named 'keys' (RFC 7517 §5); this is {kind_of(given)} without one.",
        remedy,
    )


def _first(notes: Sequence[str], number: int = 3) -> str:
    """The first few notes: a hostile set may cause thousands."""
    more = f"; and {len(notes) - number:,} more" if len(notes) > number else ""
    return "; ".join(notes[:number]) + more


def _wrong_kind(key: VerificationKey, alg: str) -> NoKey:
    if key.kty == "RSA" and ALGORITHMS[alg].kty == "oct":
        remedy = "An RSA key never verifies HS256: the public key would become a secret everyone has (RFC 8725 §3.1)."
    else:
        remedy = "Use one key with one algorithm (RFC 8725 §3.1): take the key that belongs to this API's algorithm."
    return NoKey("wrong_kind", f"the key is for {' or '.join(sorted(key.algorithms))}, the token says {alg}", remedy)


def _refuse_a_published_secret(entries: Iterable[object]) -> None:
    """Usable or not: who reads a secret beside public keys reads it where those are published."""
    kinds = {entry.get("kty") == "oct" for entry in entries if isinstance(entry, Mapping)}
    if len(kinds) > 1:
        raise KeySetError(
            "key_set.mixed",
            "The set holds a shared secret beside public keys.",
            "Keep them apart: a JWK Set is published, a shared secret never is.",
        )


def _refuse_equal_kids(keys: Iterable[VerificationKey]) -> None:
    named = [(key.kid, key.kty) for key in keys if key.kid is not None]
    if len(set(named)) != len(named):
        twice = next(kid for kid, kty in named if named.count((kid, kty)) > 1)
        raise KeySetError(
            "key_set.duplicate_kid",
            f"Two keys of the set have the kid {shorten(twice)}.",
            "Give every key a kid of its own (RFC 7517 §4.5).",
        )
