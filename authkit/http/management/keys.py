"""`/keys/signing`: the tenant's signing keys, their rotation and revocation. Private halves are not on the wire."""

from __future__ import annotations

from typing import Any, Final

from authkit.ground.errors import ConfigurationError
from authkit.http.management.errors import Refused, inexistent
from authkit.http.management.operation import Call, operation
from authkit.http.management.shapes import Shape, shape
from authkit.jose.ring import RingKey
from authkit.registry.vendor_json import signing_key_json

_TEXT: Final = {"type": "string"}
_MOMENT: Final = {"type": "string", "format": "date-time"}
_FLAG: Final = {"type": "boolean"}

SIGNING_KEY: Final = shape(
    "SigningKey",
    {
        "kid": _TEXT, "cert": {**_TEXT, "description": "The certificate as PEM."},
        "fingerprint": {**_TEXT, "description": "SHA-1 of the certificate, in pairs of hexadecimal digits."},
        "thumbprint": {**_TEXT, "description": "The same without colons."},
        "current": _FLAG, "next": _FLAG, "previous": _FLAG, "revoked": _FLAG,
        "current_since": _MOMENT, "current_until": _MOMENT, "revoked_at": _MOMENT,
    },
    required=("kid", "cert", "fingerprint", "thumbprint", "current", "next", "previous", "revoked"),
)  # fmt: skip
SIGNING_KEYS: Final = Shape("SigningKeyList", {"type": "array", "items": SIGNING_KEY.reference}, (SIGNING_KEY,))
MOVED: Final = shape("MovedSigningKey", {"kid": _TEXT, "cert": _TEXT}, required=("kid", "cert"))


def _named(call: Call) -> RingKey:
    found = next((entry for entry in call.tenant.keys.ring.keys if entry.key.kid == call.path["kid"]), None)
    if found is None:
        raise inexistent("signing_key", "signing key")
    return found


def list_all(call: Call) -> Any:
    """List the signing keys."""
    return [signing_key_json(entry) for entry in call.tenant.keys.ring.keys]


def show(call: Call) -> Any:
    """Get a signing key."""
    return signing_key_json(_named(call))


def rotate(call: Call) -> Any:
    """Rotate the signing keys."""
    try:
        call.tenant.keys.rotate()
    except ConfigurationError as error:  # a training tenant has used up its published keys
        raise Refused(403, f"{error.message} {error.remedy}", "too_many_entities") from None
    following = call.tenant.keys.ring.at("next")
    assert following is not None, "a ring always has a next key"
    return {"kid": following.kid, "cert": following.certificate}


def revoke(call: Call) -> Any:
    """Revoke the previous signing key."""
    entry = _named(call)
    try:
        call.tenant.keys.revoke(entry.key.kid)
    except ConfigurationError as error:
        raise Refused(400, f"{error.message} {error.remedy}", error.code) from None
    return {"kid": entry.key.kid, "cert": entry.key.certificate}


OPERATIONS: Final = (
    operation("GET", "/keys/signing", list_all, "read:signing_keys", gives=SIGNING_KEYS),
    operation("GET", "/keys/signing/{kid}", show, "read:signing_keys", gives=SIGNING_KEY),
    operation("POST", "/keys/signing/rotate", rotate, "create:signing_keys update:signing_keys",
              gives=MOVED, status=201),
    operation("PUT", "/keys/signing/{kid}/revoke", revoke, "update:signing_keys", gives=MOVED),
)  # fmt: skip
