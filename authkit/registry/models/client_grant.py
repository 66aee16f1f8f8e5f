"""A client grant: what one application may ask of one API."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import AfterValidator, StrictStr

from authkit.registry.models.base import Model, unique


class ClientGrant(Model):
    """What one application may ask of one API without a user: the machine-to-machine authorisation.

    Attributes:
        id: Made by the tenant, `cgr_…`.
        client_id: The application.
        audience: The API's identifier.
        scope: The scopes it may ask for.
    """

    noun = "Client grant"
    columns = ("id", "client_id", "audience", "scope")
    immutable: ClassVar = ("id", "client_id", "audience")

    id: str
    client_id: str
    audience: str
    scope: Annotated[tuple[StrictStr, ...], AfterValidator(unique)] = ()
