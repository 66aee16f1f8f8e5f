"""A tenant's configuration as the JSON of the vendor's Management API, out and in: the bridge to a real tenant."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from authkit.ground.chance import SystemChance
from authkit.ground.display import kind_of, shorten
from authkit.ground.errors import ConfigurationError
from authkit.jose.encoding import Malformed, parse_object
from authkit.registry.apis import Apis
from authkit.registry.applications import Applications
from authkit.registry.client_grants import ClientGrants
from authkit.registry.import_entries import Import
from authkit.registry.imported import NOUNS, SPELLINGS, Imported
from authkit.registry.models import Permission
from authkit.registry.registry import Registry
from authkit.registry.roles import Roles
from authkit.registry.users import Users
from authkit.registry.vendor_json import (
    api_json,
    application_json,
    client_grant_json,
    permission_json,
    role_json,
    user_json,
)

MAX_BYTES: Final = 8 * 1024 * 1024
MAX_ENTRIES: Final = 10_000

Document = dict[str, list[dict[str, Any]]]


def export_tenant(registry: Registry, *, secrets: bool = False) -> Document:
    """The tenant's configuration, in an order that depends on nothing but what is in it.

    Left out are the tenant's own Management API with all that hangs on it, signing keys, passwords, log and tokens,
    and what has lost its meaning: granted scopes that an API no longer defines.

    Args:
        registry: What the tenant knows.
        secrets: Whether client secrets and signing secrets are written in clear.
    """
    # One transaction, so that a grant is never written without its API.
    with registry.database.transaction():
        apis = {api.identifier: api for api in registry.apis if not api.is_system}
        defined = {(name, scope) for name, api in apis.items() for scope in api.scope_values}

        def held(permissions: Iterable[Permission]) -> list[dict[str, Any]]:
            return [
                permission_json(one)
                for one in sorted(permissions, key=lambda one: (one.resource_server_identifier, one.permission_name))
                if (one.resource_server_identifier, one.permission_name) in defined
            ]

        grants = [
            grant.model_copy(update={"scope": tuple(one for one in grant.scope if (grant.audience, one) in defined)})
            for grant in registry.client_grants
            if grant.audience in apis
        ]
        return {
            "resource_servers": _sorted([api_json(api, secrets=secrets) for api in apis.values()], "identifier"),
            "clients": _sorted([application_json(one, secrets=secrets) for one in registry.applications], "name"),
            "client_grants": _sorted([client_grant_json(one) for one in grants], "audience"),
            "roles": _sorted(
                [{**role_json(one), "permissions": held(registry.roles.permissions(one))} for one in registry.roles],
                "name",
            ),
            "users": _sorted(
                [
                    {
                        **user_json(one),
                        "roles": sorted(role.name for role in registry.users.roles(one)),
                        "permissions": held(registry.users.permissions(one)),
                    }
                    for one in registry.users
                ],
                "email",
            ),
        }


def import_tenant(registry: Registry, document: Mapping[str, object]) -> Imported:
    """Take a configuration in: all of it, or nothing.

    Raises:
        ConfigurationError: It is no export at all, or too large a one (`import.…`).
        RegistrationError: An entry is against a rule, or the tenant has one like it; `field` names its place, as in
            `resource_servers[3].identifier`. Nothing was stored.
    """
    entries = _checked(document)
    database = registry.database
    with database.transaction():
        # First with chance of its own and taken back: a refused import changes no later identifier of a training
        # tenant, whose chance is counted.
        with database.undone():
            Import(_with_other_chance(registry)).run(entries)
        return Import(registry).run(entries)


def read_export(raw: bytes) -> dict[str, Any]:
    """The export in these bytes, strictly: one JSON object, no member twice, nothing nested too deep.

    Raises:
        ConfigurationError: It is none (`import.not_json`), or larger than `MAX_BYTES` (`import.too_large`).
    """
    if len(raw) > MAX_BYTES:
        raise ConfigurationError(
            "import.too_large",
            f"An export may have {MAX_BYTES:,} bytes, and this one has more.",
            "Split it: first the resource_servers, then what refers to them.",
        )
    try:
        return parse_object(raw.removeprefix(b"\xef\xbb\xbf"))  # the mark that Windows editors begin a file with
    except Malformed as fault:
        raise ConfigurationError(
            "import.not_json",
            f"An export is a JSON object; this {fault}.",
            f"Give a file that authkit export wrote, or one with the parts {', '.join(NOUNS)}.",
        ) from None


def _sorted(entries: list[dict[str, Any]], by: str) -> list[dict[str, Any]]:
    """By that name, and among equals by what is unique to each."""
    order: Callable[[dict[str, Any]], tuple[str, str]] = lambda entry: (  # noqa: E731
        entry[by],
        str(entry.get("client_id") or entry.get("id") or entry.get("user_id")),
    )
    return sorted(entries, key=order)


def _checked(document: object) -> dict[str, object]:
    """The document, its parts under the names that they have here."""
    if not isinstance(document, Mapping) or not (NOUNS.keys() | SPELLINGS.keys()) & document.keys():
        raise ConfigurationError(
            "import.not_an_export",
            f"An export has at least one of the parts {', '.join(NOUNS)}; given was {_seen(document)}.",
            "Give what tenant.export() returned, or what a tenant's Management API lists, under those names.",
        )
    for other, part in SPELLINGS.items():
        if {other, part} <= document.keys():
            raise ConfigurationError(
                "import.part_twice",
                f"{other} and {part} are the same part, and this export has both.",
                f"Put the entries of both into {part}.",
            )
    parts: dict[str, object] = {SPELLINGS.get(name) or name: entries for name, entries in document.items()}
    for part in NOUNS:
        entries = parts.get(part)
        if entries is not None and not isinstance(entries, list | tuple):
            raise ConfigurationError(
                "import.not_a_list", f"{part} is a list of entries, not {shorten(entries)}.", f'Write "{part}": [...].'
            )
        if entries is not None and len(entries) > MAX_ENTRIES:
            raise ConfigurationError(
                "import.too_large",
                f"{part} may have {MAX_ENTRIES:,} entries, and these are {len(entries):,}.",
                "Split the export into several.",
            )
    return parts


def _seen(document: object) -> str:
    """What was given, by the names of its parts alone: values may be secrets."""
    if not isinstance(document, Mapping):
        return kind_of(document)
    return f"an object with {', '.join(shorten(name) for name in list(document)[:5]) or 'nothing in it'}"


def _with_other_chance(registry: Registry) -> Registry:
    database, chance = registry.database, SystemChance()
    apis = Apis(database, chance)
    applications, roles = Applications(database, chance), Roles(database, chance, apis)
    return replace(
        registry,
        apis=apis,
        applications=applications,
        client_grants=ClientGrants(database, chance, apis, applications),
        roles=roles,
        users=Users(database, chance, apis, roles),
    )
