"""Client credentials, step by step (RFC 6749 §4.4): an application asks in its own name; there is no user."""

from __future__ import annotations

from typing import Final

from authkit.issuance import ClientCredentials, GrantRefused
from authkit.widgets.states import flow_api
from authkit.widgets.states.flow_steps import (
    API,
    APPLICATION,
    FORM,
    TENANT,
    Cast,
    Run,
    Step,
    called,
    client,
    issued,
    refused,
    values,
)

TITLES: Final = ("Token request", "Token response", "API call", "Keys", "API’s answer")
ACTORS: Final = (APPLICATION, TENANT, API)


def run(cast: Cast) -> Run:
    """The flow, for real."""
    yield Step(
        place=0, sender=APPLICATION, receiver=TENANT, line=FORM,
        note="The application proves itself by its secret. No user takes part, so nobody is asked for consent.",
        values=values(
            {
                "grant_type": ("client_credentials", "fixed: names this grant"),
                **client(cast),
                "audience": (cast.audience, "identifier of the chosen API"),
                "scope": (cast.scope, "what you typed"),
            }
        ),
    )  # fmt: skip
    try:
        tokens = cast.tenant.request_token(
            ClientCredentials(cast.application, audience=cast.audience, scope=cast.scope)
        )
    except GrantRefused as error:
        yield refused(1, error)
        return
    yield issued(1, cast, tokens)
    yield called(2, tokens.access_token)
    yield flow_api.keys(3, cast)
    yield flow_api.verified(4, cast, tokens.access_token, tokens.trace)
