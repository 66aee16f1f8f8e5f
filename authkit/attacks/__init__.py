"""Forgeries and weak verifiers: teaching material, wrong on purpose. Nothing else in authkit imports it."""

from authkit.attacks.forge import edit_payload
from authkit.attacks.key_confusion import sign_with_public_key, signature_fits
from authkit.attacks.own_key import TrustsHeaderKey, sign_with_own_key
from authkit.attacks.shared_secret import sign_with_secret
from authkit.attacks.stolen_key import sign_with_stolen_key
from authkit.attacks.weak import DecodesOnly

__all__ = [
    "DecodesOnly",
    "TrustsHeaderKey",
    "edit_payload",
    "sign_with_own_key",
    "sign_with_public_key",
    "sign_with_secret",
    "sign_with_stolen_key",
    "signature_fits",
]
