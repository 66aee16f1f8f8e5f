"""`authkit serve`: a tenant as a process."""

from __future__ import annotations

import json
import signal
import sys
import threading
from pathlib import Path
from typing import Any

from authkit.ground.errors import ConfigurationError
from authkit.http.running import listen
from authkit.http.server import serve
from authkit.tenant import Tenant, live_training_tenant


def serve_tenant(*, port: int, training: bool, store: Path | None) -> int:
    """Serve a tenant until SIGINT or SIGTERM; when it is ready, print one line of JSON with its URLs.

    Args:
        port: The port on 127.0.0.1, or 0 for any free one.
        training: Published keys and identifiers on the system's clock, with an API, an application and a grant.
        store: The tenant's SQLite file; without one it ends with the process.

    Raises:
        ConfigurationError: Training and a store were both asked for.
        ServerError: The port is taken.
        StorageError: The store cannot be used.
    """
    if training and store is not None:
        raise ConfigurationError(
            "serve.training_store",
            "A training tenant is not kept in a file: its keys are published, and a file would make it look real.",
            "Leave out --store or --training.",
        )
    # The port first: the served address becomes the issuer of a new tenant.
    listening = listen(port)
    issuer = f"http://127.0.0.1:{listening.getsockname()[1]}/"
    try:
        tenant: Tenant[Any] = (
            live_training_tenant(issuer) if training else Tenant.open(store or ":memory:", issuer=issuer)
        )
    except BaseException:
        listening.close()
        raise
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    with tenant, serve(tenant, listening=listening) as server:
        ready = {
            "url": server.url,
            "issuer": tenant.issuer,
            "jwks_uri": server.jwks_uri,
            "token_endpoint": server.token_endpoint,
        }
        print(json.dumps({**ready, **(_put_in_place(tenant) if training else {})}), flush=True)
        if not training and store is None:
            print("This tenant is empty and ends with this command. Try --training or --store FILE.", file=sys.stderr)
        while not stopped.wait(0.5):  # in slices, since Windows delivers Ctrl-C only between them
            pass
    return 0


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
