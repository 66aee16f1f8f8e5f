"""Who may ask the Management API: applications whose access token for it our own verifier lets in (RFC 6750)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from authkit.ground.errors import KeySetError
from authkit.http.management.errors import Refused
from authkit.http.management.operation import Caller
from authkit.jose.rejection import TokenRejected
from authkit.jose.ring import KeyRing
from authkit.jose.verifier import Verifier

if TYPE_CHECKING:
    from authkit.tenant import Tenant

_REALM = 'Bearer realm="api"'


class Guard:
    """Turns an `Authorization` header into a caller.

    Args:
        tenant: Whose tokens are taken: those for its own Management API.
    """

    def __init__(self, tenant: Tenant[Any]) -> None:
        self._tenant = tenant
        self.audience = f"{tenant.issuer}api/v2/"
        # A key is parsed when it enters the ring and not at each request: the verifier stays as long as the ring does.
        self._kept: tuple[KeyRing, str, Verifier] | None = None

    def admit(self, authorization: Sequence[str]) -> Caller:
        """The caller.

        Args:
            authorization: The request's `Authorization` headers.

        Raises:
            Refused: 401 without a token or with a bad one, 400 with two, 403 with a user's.
        """
        if len(authorization) > 1:
            challenge = f'{_REALM}, error="invalid_request"'
            raise Refused(400, "Authenticate in one header", "invalid_request", challenge=challenge)
        scheme, _, token = (authorization[0] if authorization else "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            # RFC 6750 §3.1: who brings no token is told no error code.
            raise Refused(401, "Missing authentication", challenge=_REALM)
        try:
            claims = self._verifier().verify(token.strip())
        except TokenRejected as refused:
            challenge = f'{_REALM}, error="invalid_token", error_description="{refused.code}"'
            message = f"Invalid token: {refused.message} [{refused.code}]"
            raise Refused(401, message, "invalid_token", challenge=challenge) from None
        except KeySetError as error:  # never for a ring of our own; and no fault of the token
            raise Refused(503, error.message, error.code) from None
        client_id = claims.get("azp") or claims.get("client_id")
        if claims["sub"] != f"{client_id}@clients":
            # Whoever can log in could otherwise ask for these scopes and rule the tenant: by default, an API gives a
            # user any scope it defines. The vendor has other scopes for what users may do with their own account.
            raise Refused(
                403, "A user's token does not manage the tenant: use the client credentials of an application",
                "insufficient_scope", challenge=f'{_REALM}, error="insufficient_scope"',
            )  # fmt: skip
        if self._tenant.applications.find(str(client_id)) is None:
            # Other APIs take its tokens until they expire; here we know better.
            challenge = f'{_REALM}, error="invalid_token"'
            raise Refused(401, "Invalid token: its application was deleted", "invalid_token", challenge=challenge)
        scope = claims.get("scope", "")
        return Caller(client_id=str(client_id), scopes=frozenset(scope.split() if isinstance(scope, str) else ()))

    def _verifier(self) -> Verifier:
        ring, api = self._tenant.keys.ring, self._tenant.apis.get(self.audience)
        kept = self._kept
        if kept is None or kept[0] is not ring or kept[1] != api.dialect:
            self._kept = kept = (ring, api.dialect, self._tenant.verifier(api))
        return kept[2]


def demand(caller: Caller, needs: Sequence[str]) -> None:
    """Whether the caller's token has all these scopes.

    Raises:
        Refused: 403 with the scopes that are lacking.
    """
    lacking = [scope for scope in needs if scope not in caller.scopes]
    if lacking:
        challenge = f'{_REALM}, error="insufficient_scope", scope="{" ".join(needs)}"'
        message = f"Insufficient scope, expected all of: {','.join(needs)}; lacking: {','.join(lacking)}"
        raise Refused(403, message, "insufficient_scope", challenge=challenge)
