"""Everything a tenant knows, in one place that issuance and the wire read."""

from __future__ import annotations

from dataclasses import dataclass

from authkit.ground.chance import Chance
from authkit.ground.clock import Clock
from authkit.registry.apis import Apis
from authkit.registry.applications import Applications
from authkit.registry.client_grants import ClientGrants
from authkit.registry.log import Log
from authkit.registry.roles import Roles
from authkit.registry.signing_keys import SigningKeys
from authkit.registry.users import Users
from authkit.storage import Database


@dataclass(frozen=True, kw_only=True)
class Registry:
    """What a tenant knows.

    Attributes:
        issuer: Its name in every token's `iss`, with a slash at the end.
        clock: Whose time its tokens carry.
        apis, applications, client_grants, roles, users, keys: Its collections.
        log: What happened.
        chance: Where codes and tokens come from.
        database: The store, for what issuance alone keeps: codes, families, consents.
    """

    issuer: str
    clock: Clock
    apis: Apis
    applications: Applications
    client_grants: ClientGrants
    roles: Roles
    users: Users
    keys: SigningKeys
    log: Log
    chance: Chance
    database: Database
