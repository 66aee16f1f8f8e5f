"""The authorization endpoint and its pages on the wire (RFC 6749 §4.1, OpenID Connect Core 1.0 §3.1.2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from authkit.ground.errors import StorageError
from authkit.http import paths
from authkit.http.authorize_request import Asked, SendBack, understood
from authkit.http.login.cookie import LoginCookie
from authkit.http.login.desk import Visitor
from authkit.http.login.pages import Pages
from authkit.http.login.steps import Steps, sent_to
from authkit.http.parameters import OAuthError, limited_body, read_fields
from authkit.issuance import AuthorizationRefused

if TYPE_CHECKING:
    from authkit.tenant import Tenant

_OUT_OF_REACH: Final = "The tenant’s store is out of reach just now. Nothing was changed; try again in a moment."
_FOREIGN: Final = "The form was sent by a page of another site. Nothing was changed."


def add_authorization_endpoint(app: Starlette, tenant: Tenant[Any], url: str) -> None:
    """Let users log in and agree, and applications have codes.

    Args:
        app: Where the endpoint goes.
        tenant: Who decides.
        url: Where the server is reached.
    """
    pages, cookie = Pages(tenant), LoginCookie(url)
    steps = Steps(tenant, pages, cookie)

    def answered(request: Request, step: Callable[[Asked, Visitor], Response]) -> Response:
        """What a step says to the request in this address; to one that has none to say it to, an error page."""
        try:
            asked = understood(tenant, request.scope["query_string"])
            return step(asked, steps.desk.visitor(cookie.of(request)))
        except SendBack as fault:
            return sent_to(fault.url)
        except (OAuthError, AuthorizationRefused) as fault:
            return _error_page(pages, fault)
        except StorageError:  # its words are for who runs the tenant, and name a file
            return _error_page(pages, OAuthError("server_error", _OUT_OF_REACH, 503))

    async def form(request: Request, step: Callable[[Asked, Visitor, dict[str, str]], Response]) -> Response:
        """The answer to one of our own forms."""
        # Browsers say where a form comes from (Fetch Metadata). The form's token alone would do; this is a second lock.
        try:
            if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
                raise OAuthError("", _FOREIGN, 403)
            fields = read_fields(
                request.headers.get("content-type", ""), await limited_body(request.receive), json_too=False
            )
        except OAuthError as fault:
            return _error_page(pages, fault)
        return await run_in_threadpool(answered, request, lambda asked, visitor: step(asked, visitor, fields))

    def authorize(request: Request) -> Response:
        return answered(request, steps.next)

    async def posted(request: Request) -> Response:
        """The same by POST, as OpenID Connect has it. It goes on as GET: `SameSite` kept our cookie from this one."""
        try:
            read_fields(
                request.headers.get("content-type", ""), body := await limited_body(request.receive), json_too=False
            )
            return sent_to(f"authorize?{body.decode('ascii')}")
        except OAuthError as fault:
            return _error_page(pages, fault)

    def reopened(request: Request) -> Response:
        """The address of a form that was answered with a page, opened once more from the address bar: begin again."""
        return sent_to(f"authorize?{request.scope['query_string'].decode('latin-1')}")

    async def login(request: Request) -> Response:
        address = request.client.host if request.client is not None else ""
        return await form(request, lambda asked, visitor, fields: steps.log_in(asked, visitor, fields, address))

    async def consent(request: Request) -> Response:
        return await form(request, steps.consent)

    def logout(request: Request) -> Response:
        """Log this browser out; the vendor's `returnTo` is not followed, as it would need a list of its own."""
        found = cookie.of(request)
        if found is not None:
            steps.desk.sessions.end(found)
        answer = pages.page("logged_out")
        cookie.take(answer)
        return answer

    for path, method, handler in (
        (paths.AUTHORIZE, "GET", authorize),
        (paths.AUTHORIZE, "POST", posted),
        (paths.LOGIN, "GET", reopened),
        (paths.LOGIN, "POST", login),
        (paths.CONSENT, "GET", reopened),
        (paths.CONSENT, "POST", consent),
        (paths.LOGOUT, "GET", logout),
    ):
        app.add_route(path, handler, methods=[method])


def _error_page(pages: Pages, fault: OAuthError | AuthorizationRefused) -> Response:
    """For the user, who is sent nowhere: the address to send to may be anybody's (RFC 6749 §4.1.2.1)."""
    told: dict[str, Any] = {"status": fault.status, "remedy": "", "rule": None}
    if isinstance(fault, AuthorizationRefused):
        told = {"status": 400, "remedy": fault.remedy, "rule": fault.trace.refusing}
    return pages.page(
        "error", heading="This request cannot be answered", description=fault.description, error=fault.error,
        onward="", **told,
    )  # fmt: skip
