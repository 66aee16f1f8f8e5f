"""A client grant: what one application may ask of one API."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import AfterValidator, BeforeValidator, Field, StrictStr

from authkit.registry.models.api import MAX_SCOPES
from authkit.registry.models.base import Model, in_order, unique


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
    scope: Annotated[
        tuple[StrictStr, ...], Field(max_length=MAX_SCOPES), BeforeValidator(in_order), AfterValidator(unique)
    ] = ()
