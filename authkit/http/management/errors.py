"""What the Management API answers when it refuses: the vendor's JSON, with the field and the rule in it."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, Final

from authkit.ground.errors import RegistrationError

_CONFLICTS: Final = frozenset({"identifier.duplicate", "email.duplicate", "name.duplicate", "audience.duplicate"})
"""Rules by which two things of one kind may not have the same name; a value twice in one list is another fault."""


class Refused(Exception):
    """An operation that is not done.

    Args:
        status: The HTTP status.
        message: What is wrong, in a sentence; never a secret.
        code: The vendor's `errorCode`; empty where the vendor has none.
        challenge: What `WWW-Authenticate` says, for 401 and 403 (RFC 6750 §3).
        headers: Further headers.
    """

    def __init__(
        self,
        status: int,
        message: str,
        code: str = "",
        *,
        challenge: str = "",
        headers: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code
        self.headers = {**headers, **({"WWW-Authenticate": challenge} if challenge else {})}

    @property
    def document(self) -> dict[str, Any]:
        """The body of the answer."""
        document: dict[str, Any] = {
            "statusCode": self.status,
            "error": HTTPStatus(self.status).phrase,
            "message": self.message,
        }
        return {**document, "errorCode": self.code} if self.code else document

    @property
    def brief(self) -> str:
        """The fault in a few words, for the log."""
        return self.code or self.message


def invalid_body(fault: str) -> Refused:
    """A body that is not what the operation takes."""
    return Refused(400, f"Payload validation error: {fault}", "invalid_body")


def invalid_query(fault: str) -> Refused:
    """A query string that is not what the operation takes."""
    return Refused(400, f"Query validation error: {fault}", "invalid_query_string")


def inexistent(code: str, noun: str) -> Refused:
    """Something that is not there.

    Args:
        code: The vendor's name for the kind, as in `resource_server`.
        noun: The same in words, as in `resource server`.
    """
    return Refused(404, f"The {noun} does not exist", f"inexistent_{code}")


def of_rule(error: RegistrationError) -> Refused:
    """The answer to a broken rule of the registry: which field, which rule, what was given.

    Its remedy stays behind: that is Python, and whoever asks over HTTP may have none.
    """
    sentence = error.message
    if error.code in _CONFLICTS:
        return Refused(409, sentence, error.code)
    if error.code == "id.unknown":  # deleted by another request a moment ago
        return Refused(404, sentence, error.code)
    if error.code == "name.too_many":
        return Refused(403, sentence, "too_many_entities")
    if error.code.endswith(".protected"):
        return Refused(400, sentence, error.code)
    return invalid_body(f"{sentence} [{error.code}]")
