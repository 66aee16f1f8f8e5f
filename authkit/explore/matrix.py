"""`verdict_matrix(verifiers, tokens)`: what every verifier makes of every token."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, Protocol

from authkit.ground.display import shorten
from authkit.ground.errors import AuthKitError, ConfigurationError
from authkit.ground.extras import need
from authkit.jose.verifier import Verifier
from authkit.registry.models import Api
from authkit.tenant import Tenant

if TYPE_CHECKING:
    from pandas import DataFrame

ACCEPTED: Final = "accepted"


class Verifies(Protocol):
    """Whatever verifies: authkit's verifier, one that is weak on purpose, a learner's own."""

    def verify(self, token: str, /) -> object:
        """The claims, or an exception."""
        ...


def verdict_matrix(
    verifiers: Mapping[str, Verifies | Api] | Tenant[Any],
    tokens: Mapping[str, str],
    *,
    tenant: Tenant[Any] | None = None,
) -> DataFrame:
    """A DataFrame of who accepts what: a row a token, a column a verifier.

    Each cell is `accepted`, or the code of what decided: the refusing check, as in `exp.expired`; or why the keys are
    out of reach. For a verifier that is not authkit's and raises an exception of its own, the exception's name.

    Args:
        verifiers: Names and verifiers, or APIs of the tenant; a tenant stands for all its APIs by their identifiers.
        tokens: Names and tokens.
        tenant: Whose the APIs are.

    Raises:
        ConfigurationError: No mappings, nothing that verifies, an API without its tenant, or pandas is not installed
            (`extra.missing`).
        RegistrationError: The tenant has no such API.
    """
    if isinstance(verifiers, Tenant):
        tenant, verifiers = verifiers, {api.identifier: api for api in verifiers.apis}
    columns = {name: _judge(name, one, tenant) for name, one in _mapping("verifiers", verifiers).items()}
    rows = _mapping("tokens", tokens)
    pandas = need("pandas", extra="lab", feature="A table")
    cells = {name: [judge(token) for token in rows.values()] for name, judge in columns.items()}
    frame: DataFrame = pandas.DataFrame(cells, index=pandas.Index([*rows], name="token", dtype="object"))
    return frame


def _judge(name: str, one: object, tenant: Tenant[Any] | None) -> Callable[[str], str]:
    if isinstance(one, Api) and tenant is not None:
        one = tenant.verifier(one)
    if isinstance(one, Verifier):
        return lambda token: _explained(one, token)
    if isinstance(one, Api) or not callable(getattr(one, "verify", None)):
        raise ConfigurationError(
            "matrix.no_verifier",
            f"{name!r} stands for {shorten(one)}, which does not verify by itself.",
            "Pass tenant.verifier(api), or verdict_matrix(..., tenant=tenant) for its APIs.",
        )
    verify: Callable[[str], object] = one.verify  # type: ignore[attr-defined]  # looked for above
    return lambda token: _tried(verify, token)


def _explained(verifier: Verifier, token: str) -> str:
    decisive = verifier.explain(token).decisive
    return ACCEPTED if decisive is None else decisive.code


def _tried(verify: Callable[[str], object], token: str) -> str:
    try:
        verify(token)
    except AuthKitError as error:
        return error.code
    except Exception as error:  # whatever another library refuses with
        return type(error).__name__
    return ACCEPTED


def _mapping(name: str, given: object) -> Mapping[str, Any]:
    if isinstance(given, Mapping) and given:
        return given
    raise ConfigurationError(
        f"matrix.{name}",
        f"A verdict matrix needs {name} with their names, not {shorten(given)}.",
        'Pass mappings: verdict_matrix({"orders": verifier}, {"good": token, "expired": old}).',
    )
