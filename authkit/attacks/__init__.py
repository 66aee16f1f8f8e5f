"""Forgeries and weak verifiers: teaching material, wrong on purpose. Nothing else in authkit imports it."""

from authkit.attacks.forge import edit_payload
from authkit.attacks.weak import DecodesOnly

__all__ = ["DecodesOnly", "edit_payload"]
