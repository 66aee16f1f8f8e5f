"""`authkit serve`: a tenant as a process."""

from __future__ import annotations

import json
import signal
import sys
import threading
from pathlib import Path
from typing import Any

from authkit.cli.stores import open_or_make
from authkit.ground.errors import ConfigurationError
from authkit.http.running import address, listen
from authkit.http.server import serve
from authkit.tenant import Tenant, live_training_tenant


def serve_tenant(*, port: int, training: bool, store: Path | None, tls: bool = False, issuer: str | None = None) -> int:
    """Serve a tenant until SIGINT or SIGTERM; when it is ready, print one line of JSON with its URLs.

    Args:
        port: The port on 127.0.0.1, or 0 for any free one.
        training: Published keys and identifiers on the system's clock, with an API, an application and a grant.
        store: The tenant's SQLite file; without one it ends with the process.
        tls: Whether to serve over https, with a certificate made on the spot.
        issuer: The issuer of a new tenant; by default the address it is served at. One that exists keeps its own.

    Raises:
        ConfigurationError: Training was asked for with a store or an issuer, the issuer is no URL, or the store's
            tenant has another.
        ServerError: The port is taken, or no certificate can be made.
        StorageError: The store cannot be used.
    """
    if training:
        _check_training(store, issuer)
    # The port first: the served address becomes the issuer of a new tenant.
    listening = listen(port)
    served = f"{address(listening, tls=tls)}/"
    try:
        tenant = _tenant(training=training, store=store, issuer=issuer, served=served)
    except BaseException:
        listening.close()
        raise
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    with tenant, serve(tenant, listening=listening, tls=tls) as server:
        ready = {
            "url": server.url,
            "issuer": tenant.issuer,
            "jwks_uri": server.jwks_uri,
            "token_endpoint": server.token_endpoint,
        }
        if server.certificate is not None:
            ready["certificate"] = str(server.certificate)
        print(json.dumps({**ready, **(_put_in_place(tenant) if training else {})}), flush=True)
        if not training and store is None:
            print("This tenant is empty and ends with this command. Try --training or --store FILE.", file=sys.stderr)
        while not stopped.wait(0.5):  # in slices, since Windows delivers Ctrl-C only between them
            pass
    return 0


def _tenant(*, training: bool, store: Path | None, issuer: str | None, served: str) -> Tenant[Any]:
    if training:
        return live_training_tenant(served)
    if store is None:
        return Tenant.open(issuer=served if issuer is None else issuer)
    return open_or_make(store, issuer=issuer, otherwise=served)


def _check_training(store: Path | None, issuer: str | None) -> None:
    if store is not None:
        raise ConfigurationError(
            "serve.training_store",
            "A training tenant is not kept in a file: its keys are published, and a file would make it look real.",
            "Leave out --store or --training.",
        )
    if issuer is not None:
        raise ConfigurationError(
            "serve.training_issuer",
            "A training tenant's issuer is the address it is served at: its keys are published, and another name "
            "would make it look real.",
            "Leave out --issuer or --training.",
        )


def _put_in_place(tenant: Tenant[Any]) -> dict[str, str]:
    """An API and an application that may ask for its tokens, so that a client can be tried at once."""
    api = tenant.apis.create(name="Orders", identifier="https://orders.example/", scopes={"read:orders": "Read orders"})
    application = tenant.applications.create(name="Nightly report", app_type="non_interactive")
    tenant.client_grants.create(application, api, ["read:orders"])
    assert application.client_secret is not None, "a machine-to-machine application has a secret"
    return {
        "audience": api.identifier,
        "scope": "read:orders",
        "client_id": application.client_id,
        "client_secret": application.client_secret.reveal(),  # published with the package, like the keys
    }
