"""What a panel does to an API, as Python and as a request to the Management API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import urlsplit

from authkit.ground.display import literal
from authkit.registry.models import Api
from authkit.widgets.states.snippets import json_request, mapping, request

Code = tuple[str, str]
"""The same action as Python and as HTTP."""

NO_REQUEST: Final = "The Management API has no request for this."


def management(issuer: str, line: str, body: Mapping[str, object] | None = None) -> str:
    """A request to the Management API; the token is for the reader to fill in."""
    headers = {"Host": urlsplit(issuer).netloc, "Authorization": "Bearer MANAGEMENT_API_TOKEN"}
    return request(line, headers) if body is None else json_request(line, headers, body)


def positional(function: str, first: str, arguments: Mapping[str, str]) -> str:
    """A call with one argument by place and the others by name, one a line."""
    return "\n".join(
        [f"{function}(", f"    {literal(first)},", *(f"    {name}={value}," for name, value in arguments.items()), ")"]
    )


def show_api(issuer: str, api: Api) -> Code:
    """Reading an API."""
    return f"tenant.apis.get({literal(api.identifier)})", management(issuer, f"GET {_path(api)}")


def change_api(issuer: str, api: Api, changes: Mapping[str, object]) -> Code:
    """Changing some settings of an API; without any, reading it."""
    if not changes:
        return show_api(issuer, api)
    source = {name: literal(value) for name, value in changes.items()}
    python = positional("api = tenant.apis.update", api.identifier, source)
    return python, management(issuer, f"PATCH {_path(api)}", changes)


def replace_scopes(issuer: str, api: Api, scopes: Sequence[Mapping[str, str]]) -> Code:
    """Giving an API another list of scopes."""
    as_dict = {scope["value"]: scope["description"] for scope in scopes}
    # A dict would swallow a scope that stands twice, and with it the refusal.
    source = mapping(as_dict) if len(as_dict) == len(scopes) and scopes else literal(list(scopes))
    python = positional("api = tenant.apis.update", api.identifier, {"scopes": source})
    return python, management(issuer, f"PATCH {_path(api)}", {"scopes": list(scopes)})


def new_secret(issuer: str, api: Api) -> Code:
    """Giving an HS256 API another secret."""
    source = {"signing_secret": "secrets.token_urlsafe(32)"}
    python = "\n".join(["import secrets", "", positional("api = tenant.apis.update", api.identifier, source)])
    return python, management(issuer, f"PATCH {_path(api)}", {"signing_secret": "NEW_SIGNING_SECRET"})


def delete_api(issuer: str, api: Api) -> Code:
    """Deleting an API."""
    return f"tenant.apis.delete({literal(api.identifier)})", management(issuer, f"DELETE {_path(api)}")


def _path(api: Api) -> str:
    return f"/api/v2/resource-servers/{api.id}"
