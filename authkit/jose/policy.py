"""What a verifier insists on beyond issuer, audience and algorithm, as named and frozen presets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from authkit.ground.display import shorten
from authkit.ground.errors import ConfigurationError

MAX_LEEWAY: Final = 86400
_EXAMPLES: Final = {"types": "JWT", "required": "exp"}


@dataclass(frozen=True, kw_only=True)
class Policy:
    """The strictness of a verifier.

    Attributes:
        name: What to call it in a verdict.
        types: Values of the `typ` header that are accepted (RFC 8725 §3.11), compared as media types: without case,
            and with or without `application/` (RFC 7515 §4.1.9). `None` in the list accepts a token without `typ`.
        required: Claims that must be there, and not null: null holds nothing.
        leeway: Seconds by which `exp` and `nbf` may be missed (RFC 7519 §4.1.4).
        future_iat: Seconds by which `iat` may lie ahead: two machines' clocks never quite agree.
        max_size: Characters a token may have.

    Raises:
        ConfigurationError: A field that would make the verifier lax without anyone meaning it.
    """

    name: str
    types: tuple[str | None, ...]
    required: tuple[str, ...]
    leeway: int = 0
    future_iat: int = 60
    max_size: int = 16 * 1024

    @property
    def label(self) -> str:
        """Its name, and whether it is still what that name stands for."""
        preset = _PRESETS.get(self.name)
        return self.name if preset is None or preset == self else f"{self.name}, changed"

    def __post_init__(self) -> None:
        for field in ("types", "required"):
            listed = getattr(self, field)
            # A text is a collection too, of letters: types="JWT" would take tokens of typ J.
            fits = isinstance(listed, tuple | list | set | frozenset) and all(
                isinstance(one, str) or (one is None and field == "types") for one in listed
            )
            if not fits:
                raise _refusal(field, listed, f'a collection of texts, as in {field}=("{_EXAMPLES[field]}",)')
            if isinstance(listed, set | frozenset):
                listed = sorted(listed, key=lambda one: one or "")  # the same message on every machine
            object.__setattr__(self, field, tuple(listed))
        if not self.types:
            raise _refusal("types", self.types, "not empty, or no token could pass")
        name: object = self.name
        if not isinstance(name, str) or not name:
            raise _refusal("name", self.name, "a text, which verdicts and verifiers show")
        for field in ("leeway", "future_iat"):
            seconds = getattr(self, field)
            if type(seconds) is not int or not 0 <= seconds <= MAX_LEEWAY:
                raise _refusal(field, seconds, f"a whole number of seconds from 0 to {MAX_LEEWAY:,}")
        if type(self.max_size) is not int or self.max_size < 1:
            raise _refusal("max_size", self.max_size, "a number of characters")


def _refusal(field: str, value: object, rule: str) -> ConfigurationError:
    return ConfigurationError(
        f"policy.{field}",
        f"A policy's {field} is {rule}, not {shorten(value)}.",
        "Start from a preset: dataclasses.replace(authkit.AUTH0_ACCESS_TOKEN, name='mine', leeway=5).",
    )


AUTH0_ACCESS_TOKEN = Policy(name="AUTH0_ACCESS_TOKEN", types=("JWT",), required=("iss", "sub", "aud", "exp", "iat"))
"""Access tokens in the default dialect."""

RFC9068 = Policy(
    name="RFC9068",
    types=("at+jwt", "application/at+jwt"),
    required=("iss", "exp", "aud", "sub", "client_id", "iat", "jti"),
)
"""Access tokens after RFC 9068 §2, which have a `typ` of their own."""

_PRESETS = {policy.name: policy for policy in (AUTH0_ACCESS_TOKEN, RFC9068)}
