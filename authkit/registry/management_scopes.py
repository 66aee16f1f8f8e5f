"""The scopes of the Management API: what an application may be granted to do with the tenant itself."""

from __future__ import annotations

from typing import Final


def _each(noun: str, verbs: str, things: str) -> dict[str, str]:
    return {f"{verb}:{noun}": f"{verb.capitalize()} {things}" for verb in verbs.split()}


MANAGEMENT_SCOPES: Final = {
    **_each("resource_servers", "read create update delete", "APIs"),
    **_each("clients", "read create update delete", "applications"),
    **_each("client_keys", "read update", "client secrets"),
    **_each("client_grants", "read create update delete", "client grants"),
    **_each("users", "read create update delete", "users"),
    **_each("roles", "read create update delete", "roles"),
    **_each("signing_keys", "read create update", "signing keys"),
    **_each("logs", "read", "the log"),
}
"""Each scope with its description, under the vendor's names, as far as this tenant has what they are for."""
