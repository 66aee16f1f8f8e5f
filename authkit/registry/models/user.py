"""Users, roles and permissions: who may do what, apart from any application."""

from __future__ import annotations

import re
from typing import Annotated, ClassVar, Final

from pydantic import AfterValidator, Field, StrictBool, StrictStr

from authkit.registry.models.base import MAX_NAME, MAX_SCOPE, Model, Rule, no_angle_brackets, one_spelling

MAX_EMAIL: Final = 254

Name = Annotated[StrictStr, Field(min_length=1, max_length=MAX_NAME), AfterValidator(no_angle_brackets)]


def _email(address: str) -> str:
    if not address.isprintable() or not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", address):
        raise Rule("not_an_address", "must be an e-mail address", "Write it like ada@example.com.")
    small = address.lower()  # one user an address, however it is written
    if len(small) > MAX_EMAIL:  # İ becomes two characters
        raise Rule("too_long", f"may have at most {MAX_EMAIL} characters", "Make it shorter.")
    return small


class User(Model):
    """A person who can log in.

    Attributes:
        user_id: `auth0|` and 24 hexadecimal digits, made by the tenant; the `sub` of the user's tokens.
        email: The address to log in with, in small letters.
        email_verified: Whether the address was proved.
        name: What to call the person.
        blocked: Whether logging in is refused.
    """

    noun = "User"
    columns = ("name", "email", "user_id")
    immutable: ClassVar = ("user_id",)

    user_id: str
    email: Annotated[StrictStr, Field(max_length=MAX_EMAIL), AfterValidator(_email)]
    email_verified: StrictBool = False
    name: Name | None = None
    blocked: StrictBool = False

    @property
    def id(self) -> str:
        """Its identity in the store: the user id."""
        return self.user_id


class Role(Model):
    """A name for a set of permissions, given to users.

    Attributes:
        id: `rol_…`, made by the tenant.
        name: Unique in the tenant, letter by letter.
        description: What it is for.
    """

    noun = "Role"
    columns = ("name", "id", "description")
    immutable: ClassVar = ("id",)

    id: str
    name: Annotated[Name, one_spelling("what a role is looked up by")]
    description: Annotated[StrictStr, Field(max_length=255)] = ""


class Permission(Model):
    """One scope of one API, held by a role or a user.

    Attributes:
        resource_server_identifier: The API's identifier.
        permission_name: The scope's value.
    """

    noun = "Permission"
    columns = ("permission_name", "resource_server_identifier")

    resource_server_identifier: StrictStr
    permission_name: Annotated[StrictStr, Field(min_length=1, max_length=MAX_SCOPE)]
