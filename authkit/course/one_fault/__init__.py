"""Tokens for a learner's guard to judge: good ones, ones that may not, and ones with exactly one fault."""

from __future__ import annotations

from functools import cache

from authkit.course.one_fault.addressed import ID_TOKEN, for_a_list_without_it, for_another_audience, of_another_issuer
from authkit.course.one_fault.faulty import Faulty
from authkit.course.one_fault.forged import forged, under_another_algorithm
from authkit.course.one_fault.good import good_tokens, without_scope
from authkit.course.one_fault.signing import FAR, NOW, api, claims, published_jwk, signed
from authkit.course.one_fault.timed import out_of_form, out_of_time, without_scope_too

__all__ = [
    "FAR",
    "ID_TOKEN",
    "NOW",
    "Faulty",
    "api",
    "claims",
    "faulty_tokens",
    "good_tokens",
    "published_jwk",
    "signed",
    "without_scope",
]


@cache
def faulty_tokens() -> tuple[Faulty, ...]:
    """Tokens with one fault each, those first that say most about a guard."""
    return (
        *forged(),
        *under_another_algorithm(),
        *for_another_audience(),
        *for_a_list_without_it(),
        *of_another_issuer(),
        *out_of_time(),
        *out_of_form(),
        *without_scope_too(),
    )
