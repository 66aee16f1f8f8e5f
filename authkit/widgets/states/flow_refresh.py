"""Refresh tokens, step by step (RFC 6749 §6, RFC 9700 §4.14.2): rotation, and a thief who replays an old one."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from authkit.ground.secret import Secret
from authkit.issuance import AuthorizationRefused, GrantRefused, IssuedToken, RefreshToken
from authkit.issuance.families import Family
from authkit.registry.log import CODES
from authkit.widgets.states import flow_api, flow_code
from authkit.widgets.states.flow_steps import (
    API,
    APPLICATION,
    FORM,
    TENANT,
    THIEF,
    Cast,
    Run,
    Step,
    Value,
    client,
    issued,
    masked,
    refused,
    values,
)

TITLES: Final = (
    "Tokens of a login",
    "Refresh request",
    "New tokens",
    "Thief replays the old one",
    "Tenant’s answer to the thief",
    "Application asks again",
    "Tenant’s answer",
    "Access token that is out",
)
ACTORS: Final = (APPLICATION, THIEF, TENANT, API)


def asked(cast: Cast) -> str:
    """The scopes of the login: what was typed, or else all that the API defines, and offline_access."""
    api = cast.api
    return cast.scope or " ".join((*(api.scope_values if api is not None else ()), "offline_access"))


def run(cast: Cast) -> Run:
    """The flow, for real."""
    try:
        first = _log_in(cast)
    except AuthorizationRefused as error:
        yield refused(0, error)
        return
    if first.refresh_token is None:
        yield _without(cast, first)
        return
    family = cast.tenant.families(cast.user_id)[-1].id
    settings = cast.application.refresh_token
    note = f"A user logged in and agreed, as in the code flow. The refresh token is {settings.brief}."
    yield issued(0, cast, first, note=note, family=_family(cast, family))
    yield _asks(1, cast, first.refresh_token, "of the login", family=_family(cast, family))
    answer = _answer(cast, first.refresh_token)
    if isinstance(answer, GrantRefused):
        yield refused(2, answer, family=_family(cast, family))
        return
    yield _new(2, cast, answer, family)
    latest = answer
    yield _asks(3, cast, first.refresh_token, "of the login, copied by the thief", sender=THIEF,
                family=_family(cast, family))  # fmt: skip
    yield _to_thief(cast, _answer(cast, first.refresh_token), family)
    token = latest.refresh_token or first.refresh_token
    yield _asks(5, cast, token, "the newest that it has", family=_family(cast, family))
    again = _answer(cast, token)
    if isinstance(again, GrantRefused):
        yield refused(6, again, family=_family(cast, family), last=False)
    else:
        latest = again
        yield _new(6, cast, again, family)
    yield _out(cast, latest, family)


def _log_in(cast: Cast) -> IssuedToken:
    verifier, state, nonce = (cast.draw(kind) for kind in ("code_verifier", "state", "nonce"))
    request = flow_code.request_for(cast, asked(cast), verifier, state, nonce)
    response = cast.tenant.authorize(request, cast.user, consented=True)
    return flow_code.redeem(cast, response.code, verifier)


def _without(cast: Cast, tokens: IssuedToken) -> Step:
    """No refresh token came: why, and which setting decides."""
    api, application = cast.api, cast.application
    if "offline_access" not in asked(cast).split():
        why, setting, remedy = "offline_access was not asked for", "request.scope", "Ask for offline_access."
    elif api is None:
        why, setting, remedy = "a refresh token needs an API", "request.audience", "Choose an API."
    elif not api.allow_offline_access:
        why, setting = "the API does not allow offline access", "api.allow_offline_access"
        remedy = f'tenant.apis.update("{api.identifier}", allow_offline_access=True)'
    else:
        why, setting = "refresh_token is not among the application’s grant types", "application.grant_types"
        remedy = f'tenant.applications.update("{application.client_id}", grant_types=[…, "refresh_token"])'
    return issued(0, cast, tokens, outcome="refused", last=True, setting=setting, remedy=remedy,
                  note=f"A user logged in, and no refresh token came: {why}.")  # fmt: skip


def _asks(
    place: int, cast: Cast, token: Secret, which: str, *, family: Family | None, sender: str = APPLICATION
) -> Step:
    notes = {
        1: "The access token has expired, or will. The refresh token brings another, without a login.",
        3: "The thief has a copy of the refresh token that was used already; a public application has no secret.",
        5: "The application knows of no thief, and goes on with its own.",
    }
    if sender == THIEF and cast.application.client_secret is not None:
        notes[3] = "The thief has a copy of the refresh token that was used already, and of the client secret."
    return Step(
        place=place, sender=sender, receiver=TENANT, line=FORM, note=notes[place], family=family,
        values=values({"grant_type": ("refresh_token", "fixed: names this grant"),
                       **client(cast),
                       "refresh_token": (masked(token), which)}),
    )  # fmt: skip


def _answer(cast: Cast, token: Secret) -> IssuedToken | GrantRefused:
    try:
        return cast.tenant.request_token(RefreshToken(cast.application, refresh_token=token))
    except GrantRefused as error:
        return error


def _new(place: int, cast: Cast, tokens: IssuedToken, family: str) -> Step:
    note = "A new access token, and a new refresh token: the one that was sent counts as used from now on."
    if tokens.refresh_token is None:
        note = "A new access token and no refresh token: the old one goes on working, as tokens do not rotate."
    return issued(place, cast, tokens, note=note, setting="application.refresh_token.rotation_type",
                  family=_family(cast, family))  # fmt: skip


def _to_thief(cast: Cast, answer: IssuedToken | GrantRefused, family: str) -> Step:
    if isinstance(answer, GrantRefused):
        step = refused(4, answer, to=THIEF, last=False, family=_family(cast, family),
                       note="Reuse noticed: two now hold this token, and nobody can tell which is the thief. "
                            "So the whole family is revoked.")  # fmt: skip
        return _with_log(cast, step)
    settings = cast.application.refresh_token
    setting, why = "application.refresh_token.rotation_type", "without rotation, nobody notices"
    if settings.rotation_type == "rotating":
        setting, why = "application.refresh_token.leeway", f"within the leeway of {settings.leeway} s, reuse is allowed"
    return issued(4, cast, answer, to=THIEF, outcome="undecided", setting=setting, family=_family(cast, family),
                  note=f"The thief gets an access token: {why}.")  # fmt: skip


def _with_log(cast: Cast, step: Step) -> Step:
    for entry in cast.tenant.log.page(0, 1, newest_first=True):
        row = Value("log", entry.type, CODES.get(entry.type, "what the tenant noted"))
        return replace(step, values=(*step.values, row))
    return step


def _out(cast: Cast, tokens: IssuedToken, family: str) -> Step:
    note = "The access token is good until exp: the API does not ask the tenant."
    if cast.tenant.is_revoked(tokens.access_token):
        note = ("Revoked, and accepted all the same, until exp: the API does not ask the tenant. "
                "Only the tenant’s own userinfo would refuse it.")  # fmt: skip
    step = flow_api.verified(7, cast, tokens.access_token, tokens.trace, note=note)
    return replace(step, family=_family(cast, family))


def _family(cast: Cast, name: str) -> Family | None:
    return next((one for one in cast.tenant.families() if one.id == name), None)
