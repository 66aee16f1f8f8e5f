"""The Management API as an ASGI app: from a request to an operation of the table, and back."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

import authkit
from authkit.ground.errors import AuthKitError, RegistrationError, StorageError
from authkit.http.answers import in_public
from authkit.http.management import client_grants, clients, keys, logs, resource_servers, roles, users
from authkit.http.management.errors import Refused, of_rule
from authkit.http.management.guard import Guard, demand
from authkit.http.management.openapi import document
from authkit.http.management.operation import Call, Caller, Operation
from authkit.http.management.reading import read_body, read_path, read_query

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from authkit.tenant import Tenant

OPERATIONS: Final = (
    *resource_servers.OPERATIONS, *clients.OPERATIONS, *client_grants.OPERATIONS, *users.OPERATIONS,
    *roles.OPERATIONS, *keys.OPERATIONS, *logs.OPERATIONS,
)  # fmt: skip
"""All operations of the Management API."""

_PREFIX: Final = b"/api/v2"
_NO_STORE: Final = {"Cache-Control": "no-store"}


def management_app(tenant: Tenant[Any]) -> ASGIApp:
    """The operations as an ASGI app; paths come without `/api/v2`, and as they were sent.

    Starlette under FastAPI and no FastAPI of its own: bodies are read strictly, answers and errors are the vendor's,
    and a path may hold an encoded slash, none of which its routes and models do.

    Args:
        tenant: Whose Management API it is.
    """
    guard = Guard(tenant)
    described = document(OPERATIONS, version=authkit.__version__, audience=guard.audience)

    async def openapi(request: Request) -> Response:
        # Public, so that a page of any origin can show it, as an editor for such documents does.
        return JSONResponse(described, headers={**_NO_STORE, "Access-Control-Allow-Origin": "*"})

    by_path: dict[str, dict[str, Operation]] = {}
    for one in OPERATIONS:
        by_path.setdefault(one.path, {})[one.method] = one
    # What is spelt out comes before what is variable: rotate is no kid.
    paths = sorted(by_path, key=lambda path: "{" in path)
    routes = [Route("/openapi.json", openapi), *(Route(path, _Address(tenant, guard, by_path[path])) for path in paths)]
    app = Starlette(routes=routes, exception_handlers={HTTPException: _unrouted})
    app.router.redirect_slashes = False
    return app


class Management:
    """Stands before a tenant's other routes and takes what begins with `/api/v2/`.

    It routes by the path as it was sent, so that an encoded slash stays within its part, as the identifier of an API
    has some. A mount would see the decoded path.

    Args:
        app: The other routes.
        tenant: Whose Management API it is.
    """

    def __init__(self, app: ASGIApp, tenant: Tenant[Any]) -> None:
        self._others = app
        self._operations = management_app(tenant)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or pass it on."""
        sent = scope.get("raw_path") or b""
        if scope["type"] == "http" and sent.startswith(_PREFIX + b"/"):
            within = sent[len(_PREFIX) :].decode("latin-1")
            await self._operations({**scope, "path": within, "root_path": ""}, receive, send)
        else:
            await self._others(scope, receive, send)


class _Address:
    """One path with the operations that its methods are."""

    def __init__(self, tenant: Tenant[Any], guard: Guard, operations: dict[str, Operation]) -> None:
        self._tenant = tenant
        self._guard = guard
        self._operations = operations

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        chosen = self._operations.get(request.method)
        if chosen is None:
            allowed = ", ".join(sorted(self._operations))
            response = _refusal(Refused(405, "Method not allowed", headers={"Allow": allowed}))
        else:
            response = await self._answer(chosen, request)
        await response(scope, receive, send)

    async def _answer(self, chosen: Operation, request: Request) -> Response:
        caller: Caller | None = None
        try:
            # The token first: who has none has no body read for them. In a thread, since the store may be busy.
            caller = await run_in_threadpool(self._guard.admit, request.headers.getlist("authorization"))
            demand(caller, chosen.needs)
            call = Call(
                tenant=self._tenant,
                caller=caller,
                path=read_path(request.path_params),
                query=read_query(request.scope["query_string"], chosen.query),
                body=await read_body(request, chosen.takes) if chosen.takes else {},
            )
            answer = await run_in_threadpool(self._do, chosen, call)
        except AuthKitError as error:
            answer = _unavailable(error)
        except Refused as refused:
            await run_in_threadpool(self._note, "fapi", f"{chosen.summary}: {refused.brief}", caller)
            answer = refused
        return _refusal(answer) if isinstance(answer, Refused) else answer

    def _do(self, chosen: Operation, call: Call) -> Response | Refused:
        try:
            result = chosen.does(call)
        except RegistrationError as error:
            raise of_rule(error) from None
        if chosen.noted:
            named = ", ".join(call.path.values())
            self._note("sapi", f"{chosen.summary}: {named}" if named else chosen.summary, call.caller)
        if chosen.gives is None:
            return Response(status_code=chosen.status, headers=_NO_STORE)
        return JSONResponse(result, chosen.status, headers=_NO_STORE)

    def _note(self, code: str, description: str, caller: Caller | None) -> None:
        client_id = caller.client_id if caller else ""
        with suppress(StorageError):  # an operation that was done is not undone because the log could not be written
            self._tenant.log.add(code, description[:500], client_id=client_id, audience=self._guard.audience)


def _unavailable(error: AuthKitError) -> Refused:
    return Refused(503, in_public(error), error.code)


def _refusal(refused: Refused) -> Response:
    return JSONResponse(refused.document, refused.status, headers={**_NO_STORE, **refused.headers})


def _unrouted(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return _refusal(Refused(error.status_code, error.detail, headers=error.headers or {}))
