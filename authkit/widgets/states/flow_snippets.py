"""A whole run as Python, and its requests as HTTP. What is in capitals is for the reader to fill in."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode, urlsplit

from authkit.ground.display import literal
from authkit.widgets.states import flow_code, flow_refresh
from authkit.widgets.states.flow_steps import FORM, Cast
from authkit.widgets.states.snippets import request

_FORM: Final = "application/x-www-form-urlencoded"


def client_credentials(cast: Cast) -> tuple[str, str]:
    """The run of this flow."""
    audience = literal(cast.audience)
    scope = f", scope={literal(cast.scope)}" if cast.scope else ""
    python = [
        f"app = tenant.applications.get({literal(cast.client_id)})",
        f"issued = tenant.request_token(authkit.ClientCredentials(app, audience={audience}{scope}))",
        f"claims = tenant.verifier({audience}).verify(issued.access_token)",
        "claims",
    ]
    asked = {"grant_type": "client_credentials", "audience": cast.audience or "", "scope": cast.scope}
    return "\n".join(python), "\n\n".join([_token(cast, asked), _keys(cast)])


def code(cast: Cast, consented: bool = True) -> tuple[str, str]:
    """The run of this flow.

    Args:
        cast: Who plays in it.
        consented: What the user answers where consent is asked.
    """
    used = f"claims = tenant.verifier({literal(cast.audience)}).verify(issued.access_token)\nclaims"
    if cast.audience is None:
        used = "tenant.userinfo(issued.access_token)"
    python = [*_login(cast, flow_code.asked(cast), consented), used]
    last = request("GET /userinfo", {"Host": _host(cast), "Authorization": "Bearer ACCESS_TOKEN"})
    return "\n".join(python), "\n\n".join([*_log_in(cast, flow_code.asked(cast)), last if cast.audience is None else
                                           _keys(cast)])  # fmt: skip


def refresh(cast: Cast) -> tuple[str, str]:
    """The run of this flow."""
    python = [
        *_login(cast, flow_refresh.asked(cast), True),
        "",
        "old = issued.refresh_token",
        "issued = tenant.request_token(authkit.RefreshToken(app, refresh_token=old))",
        "for token in (old, issued.refresh_token or old):  # the thief's, then the application's",
        "    try:",
        "        issued = tenant.request_token(authkit.RefreshToken(app, refresh_token=token))",
        "    except authkit.GrantRefused as refused:",
        "        print(refused)",
        f"tenant.families({literal(cast.user_id)})[-1]",
    ]
    asked = {"grant_type": "refresh_token", "refresh_token": "REFRESH_TOKEN"}
    requests = [*_log_in(cast, flow_refresh.asked(cast)), _token(cast, asked)]
    return "\n".join(python), "\n\n".join(requests)


def _login(cast: Cast, scope: str, consented: bool) -> list[str]:
    audience = "" if cast.audience is None else f"    audience={literal(cast.audience)},\n"
    redirect = literal(cast.redirect_uri)
    return [
        "import secrets",
        "",
        "code_verifier, state, nonce = (secrets.token_urlsafe(32) for _ in range(3))",
        f"app = tenant.applications.get({literal(cast.client_id)})",
        "request = authkit.AuthorizationRequest(",
        f"    app,\n    redirect_uri={redirect},\n{audience}    scope={literal(scope)},",
        "    state=state,\n    nonce=nonce,",
        '    code_challenge=authkit.code_challenge(code_verifier),\n    code_challenge_method="S256",',
        ")",
        f"answer = tenant.authorize(request, {literal(cast.user_id)}, consented={consented})",
        "assert answer.state == state",
        "issued = tenant.request_token(",
        "    authkit.AuthorizationCode(",
        f"        app, code=answer.code, redirect_uri={redirect}, code_verifier=code_verifier",
        "    )",
        ")",
    ]


def _log_in(cast: Cast, scope: str) -> list[str]:
    query = {
        "response_type": "code", "client_id": cast.client_id, "redirect_uri": cast.redirect_uri,
        **({} if cast.audience is None else {"audience": cast.audience}), "scope": scope, "state": "STATE",
        "nonce": "NONCE", "code_challenge": "CODE_CHALLENGE", "code_challenge_method": "S256",
    }  # fmt: skip
    asked = {
        "grant_type": "authorization_code", "code": "CODE", "redirect_uri": cast.redirect_uri,
        "code_verifier": "CODE_VERIFIER",
    }  # fmt: skip
    page = request(f"GET /authorize?{_encoded(query)}", {"Host": _host(cast)})
    return [page, _token(cast, asked)]


def _token(cast: Cast, asked: dict[str, str]) -> str:
    application = cast.application
    secret = {} if application.client_secret is None else {"client_secret": "CLIENT_SECRET"}
    grant, *rest = asked.items()
    fields = dict([grant, ("client_id", application.client_id), *secret.items(), *rest])
    body = _encoded({name: value for name, value in fields.items() if value})
    return request(FORM, {"Host": _host(cast), "Content-Type": _FORM}, body)


def _keys(cast: Cast) -> str:
    return request("GET /.well-known/jwks.json", {"Host": _host(cast)})


def _host(cast: Cast) -> str:
    return urlsplit(cast.tenant.issuer).netloc


def _encoded(fields: dict[str, str]) -> str:
    return urlencode(fields, errors="backslashreplace")
