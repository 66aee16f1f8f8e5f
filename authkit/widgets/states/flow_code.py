"""Authorization code with PKCE, step by step (RFC 6749 §4.1, RFC 7636): a user logs in, an application gets tokens."""

from __future__ import annotations

from typing import Any, Final

from authkit.ground.display import printable
from authkit.issuance import (
    Authorization,
    AuthorizationCode,
    AuthorizationRefused,
    AuthorizationRequest,
    GrantRefused,
    IssuedToken,
)
from authkit.issuance.pkce import code_challenge
from authkit.jose.rejection import TokenRejected
from authkit.widgets.states import flow_api
from authkit.widgets.states.flow_steps import (
    API,
    APPLICATION,
    BROWSER,
    FORM,
    TENANT,
    USER,
    Cast,
    Run,
    Step,
    brief,
    called,
    client,
    issued,
    masked,
    refused,
    shortened,
    values,
)

TITLES: Final = (
    "Application draws its secrets",
    "Authorization request",
    "Login",
    "Consent",
    "Back with a code",
    "Callback",
    "Token request",
    "Token response",
    "Token is used",
    "Answer",
)
ACTORS: Final = (USER, BROWSER, APPLICATION, TENANT, API)


def asked(cast: Cast) -> str:
    """The scopes that are asked for: what was typed, or else openid and all that the API defines."""
    api = cast.api
    return cast.scope or " ".join(("openid", *(api.scope_values if api is not None else ("profile", "email"))))


def request_for(cast: Cast, scope: str, verifier: str, state: str, nonce: str) -> AuthorizationRequest:
    """What the application asks for."""
    return AuthorizationRequest(
        cast.client_id,
        redirect_uri=cast.redirect_uri,
        audience=cast.audience,
        scope=scope,
        state=state,
        nonce=nonce,
        code_challenge=code_challenge(verifier),
        code_challenge_method="S256",
    )


def redeem(cast: Cast, code: str, verifier: str) -> IssuedToken:
    """The tokens for a code."""
    return cast.tenant.request_token(
        AuthorizationCode(cast.application, code=code, redirect_uri=cast.redirect_uri, code_verifier=verifier)
    )


def run(cast: Cast) -> Run:
    """The flow, for real."""
    verifier, state, nonce = (cast.draw(kind) for kind in ("code_verifier", "state", "nonce"))
    request = request_for(cast, asked(cast), verifier, state, nonce)
    yield _draws(verifier, state, nonce)
    yield _asks(cast, request)
    try:
        authorization = cast.tenant.authorization(request)
    except AuthorizationRefused as error:
        yield _sent_back(2, error)
        return
    yield _login(cast)
    consented = yield _consent(cast, authorization)
    try:
        response = cast.tenant.authorize(request, cast.user, consented=consented is True)
    except AuthorizationRefused as error:
        yield _sent_back(4, error)
        return
    code = f"{response.code[:8]}… ({len(response.code)} characters)"
    yield Step(
        place=4, sender=TENANT, receiver=BROWSER, line="HTTP 302", outcome="accepted", trace=response.trace,
        note="The browser carries the code back. It is good once, for 60 seconds, and useless without the verifier.",
        values=values({"Location": (cast.redirect_uri, "the redirect_uri of step 2"),
                       "code": (code, "drawn by the tenant"),
                       "state": (brief(state), "sent back unchanged")}),
    )  # fmt: skip
    yield Step(
        place=5, sender=BROWSER, receiver=APPLICATION, line=f"GET {cast.redirect_uri}",
        note="The application compares state: it is the one it drew, so this answer belongs to its own request.",
        values=values({"code": (code, "from the tenant’s answer"),
                       "state": (brief(response.state), "the same as in step 1")}),
    )  # fmt: skip
    yield _redeems(cast, code, verifier)
    try:
        tokens = redeem(cast, response.code, verifier)
    except GrantRefused as error:
        yield refused(7, error)
        return
    yield issued(7, cast, tokens)
    if cast.audience is None:
        yield from _userinfo(cast, tokens)
        return
    yield called(8, tokens.access_token)
    yield flow_api.verified(9, cast, tokens.access_token, tokens.trace)


def _draws(verifier: str, state: str, nonce: str) -> Step:
    return Step(
        place=0, sender=APPLICATION, receiver=APPLICATION, line="Draws three texts that nobody can guess",
        note="Anew for each login. The code_verifier stays with the application; only its hash will travel.",
        values=values({"code_verifier": (masked(verifier), "drawn; stays here until step 7"),
                       "code_challenge": (code_challenge(verifier), "SHA-256 of the code_verifier"),
                       "state": (brief(state), "drawn; must come back"),
                       "nonce": (brief(nonce), "drawn; must be in the ID token")}),
    )  # fmt: skip


def _asks(cast: Cast, request: AuthorizationRequest) -> Step:
    rows: dict[str, tuple[object, str]] = {
        "response_type": ("code", "fixed: names this flow"),
        "client_id": (request.client_id, "given at registration; public"),
        "redirect_uri": (request.redirect_uri, "a callback of the application"),
        "audience": (request.audience, "identifier of the chosen API"),
        "scope": (" ".join(request.scope), "what you typed" if cast.scope else "openid, and all of the API’s"),
        "state": (brief(request.state), "drawn in step 1"),
        "nonce": (brief(request.nonce), "drawn in step 1"),
        "code_challenge": (request.code_challenge, "hash of step 1’s code_verifier"),
        "code_challenge_method": (request.code_challenge_method, "SHA-256; plain is refused"),
    }
    if not cast.scope and cast.audience is None:
        rows["scope"] = (rows["scope"][0], "what is told of the user")
    return Step(
        place=1, sender=BROWSER, receiver=TENANT, line="GET /authorize",
        note="The application sends the browser to the tenant: everybody may read this address, so no secret is in it.",
        values=values(rows),
    )  # fmt: skip


def _login(cast: Cast) -> Step:
    return Step(
        place=2, sender=USER, receiver=TENANT, line="POST /login",
        note="The user logs in on the tenant’s page. The application never sees the password.",
        values=values({"email": (cast.user.email, "the user that was chosen"),
                       "password": ("masked", "typed by the user")}),
    )  # fmt: skip


def _consent(cast: Cast, authorization: Authorization) -> Step:
    said = authorization.consent(cast.user)
    scopes = " ".join(said.scopes) or "none"
    page = {"application": (cast.application.name, "who asks"), "scopes": (scopes, "what it would get")}
    if said.needed:
        note = f"The page is shown. {said.reason} The user decides now."
        return Step(place=3, sender=TENANT, receiver=USER, line="Consent page", note=note, setting=said.setting,
                    values=values(page), asks_consent=True)  # fmt: skip
    return Step(place=3, sender=TENANT, receiver=TENANT, line="No consent page", note=f"It is left out. {said.reason}",
                setting=said.setting, values=values(page))  # fmt: skip


def _sent_back(place: int, error: AuthorizationRefused) -> Step:
    where = f"HTTP 302 to {printable(error.redirect_to.partition('?')[0])}" if error.redirect_to else ""
    line = where or f"HTTP {error.status}: an error page for the user, who is sent nowhere"
    return refused(place, error, to=BROWSER, line=line)


def _redeems(cast: Cast, code: str, verifier: str) -> Step:
    return Step(
        place=6, sender=APPLICATION, receiver=TENANT, line=FORM,
        note="Straight to the tenant, past the browser. The code_verifier shows that it is who asked.",
        values=values(
            {
                "grant_type": ("authorization_code", "fixed: names this grant"),
                **client(cast),
                "code": (code, "from the callback"),
                "redirect_uri": (cast.redirect_uri, "the same as in step 2"),
                "code_verifier": (masked(verifier), "drawn in step 1"),
            }
        ),
    )  # fmt: skip


def _userinfo(cast: Cast, tokens: IssuedToken) -> Run:
    bearer: dict[str, tuple[Any, str]] = {
        "Authorization": (f"Bearer {shortened(tokens.access_token)}", "the access_token of step 8")
    }
    yield Step(
        place=8, sender=APPLICATION, receiver=TENANT, line="GET /userinfo", values=values(bearer),
        note="An opaque token says nothing to anyone but the tenant: it opens userinfo, and no API.",
    )  # fmt: skip
    try:
        claims = cast.tenant.userinfo(tokens.access_token)
    except GrantRefused as error:
        yield refused(9, error)
        return
    except TokenRejected as rejected:
        yield Step(place=9, sender=TENANT, receiver=APPLICATION, line="HTTP 401", outcome="refused", last=True,
                   note=rejected.message, remedy=rejected.remedy)  # fmt: skip
        return
    told = {name: (value, "the tenant’s store of users") for name, value in claims.items()}
    yield Step(place=9, sender=TENANT, receiver=APPLICATION, line="HTTP 200", outcome="accepted", last=True,
               note="The tenant looked the token up: that is why it could refuse one that was taken back.",
               values=values(told))  # fmt: skip
