"""`authkit tour`: the first lesson in a terminal, the same text every time."""

from __future__ import annotations

import textwrap
from typing import Final

from authkit.attacks import edit_payload
from authkit.ground.errors import AuthKitError
from authkit.http.server import serve
from authkit.issuance import ClientCredentials
from authkit.jose import RemoteKeySet, Verdict, Verifier, decode
from authkit.tenant import training_tenant

WIDTH: Final = 80  # of the narrowest terminal that is usual


def tell() -> None:
    """Create an API, issue tokens, take one apart, verify it against a JWKS, forge it, and let it expire."""
    print("A tour of authkit. Nothing leaves this machine.")
    print("The keys are training keys and protect nothing.")

    _step(1, "Register an API and an application that may ask for the API's tokens")
    _code(
        "tenant = authkit.training_tenant()",
        'orders = tenant.apis.create(name="Orders", signing_alg="RS256",',
        '                            identifier="https://orders.example/",',
        '                            scopes={"read:orders": "Read orders"})',
        'app = tenant.applications.create(name="Nightly report",',
        '                                 app_type="non_interactive")',
        'tenant.client_grants.create(app, orders, ["read:orders"])',
    )
    tenant = training_tenant()
    orders = tenant.apis.create(
        name="Orders",
        signing_alg="RS256",
        identifier="https://orders.example/",
        scopes={"read:orders": "Read orders"},
    )
    app = tenant.applications.create(name="Nightly report", app_type="non_interactive")
    tenant.client_grants.create(app, orders, ["read:orders"])
    _say(f"{orders.name}: {orders.identifier}, {orders.signing_alg}, tokens live {orders.token_lifetime} s")

    _step(2, "The application asks for a token")
    _code(
        "request = authkit.ClientCredentials(app, audience=orders.identifier)",
        "issued = tenant.request_token(request)",
    )
    request = ClientCredentials(app, audience=orders.identifier)
    issued = tenant.request_token(request)
    token = issued.access_token
    for part, text in zip(("header", "payload", "signature"), token.split("."), strict=True):
        _say(f"{part}:")
        _wrapped(text)

    _step(3, "Why each claim is in it")
    _code("issued.trace")
    for origin in issued.trace.claims:
        _say(f"{origin.claim:<6}{origin.value}")
        _say(f"      {origin.origin}")

    _step(4, "Decode it: reading is not trusting")
    _code("authkit.decode(issued.access_token)")
    decoded = decode(token)
    for member, value in decoded.header.items():
        _say(f"{member:<6}{value}")
    _say(f"The payload, {len(decoded.payload)} claims: NOT verified, anyone could have written them")

    _step(5, "Verify it against the JWKS, fetched over HTTP")
    _code(
        "with authkit.serve(tenant) as server:",
        "    keys = authkit.RemoteKeySet(server.jwks_uri, clock=tenant.clock)",
        "    verifier = authkit.Verifier(issuer=tenant.issuer,",
        "                                audience=orders.identifier,",
        "                                keys=keys, clock=tenant.clock)",
        "    verifier.explain(issued.access_token)",
    )
    with serve(tenant) as server:
        keys = RemoteKeySet(server.jwks_uri, clock=tenant.clock)
        verifier = Verifier(issuer=tenant.issuer, audience=orders.identifier, keys=keys, clock=tenant.clock)
        _verdict(verifier.explain(token))

    _step(6, "Edit the payload and keep the signature: a forgery")
    _code(
        "token = issued.access_token",
        'forged = authkit.attacks.edit_payload(token, sub="the-boss")',
        "verifier.explain(forged)",
    )
    forged = edit_payload(token, sub="the-boss")
    _verdict(verifier.explain(forged))

    _step(7, "An HS256 API has a secret of its own, and no key to look up")
    _code(
        'stock = tenant.apis.create(name="Stock", signing_alg="HS256",',
        '                           identifier="https://stock.example/")',
    )
    stock = tenant.apis.create(name="Stock", identifier="https://stock.example/", signing_alg="HS256")
    tenant.client_grants.create(app, stock)
    for_stock = tenant.request_token(ClientCredentials(app, audience=stock.identifier)).access_token
    _say(f"header: {decode(for_stock).header}")
    _verdict(tenant.verifier(stock).explain(for_stock))
    _say("The same token at the orders API:")
    _verdict(verifier.explain(for_stock))

    _step(8, "Let 25 hours pass")
    _code("tenant.clock.advance(hours=25)", "tenant.verifier(orders).verify(issued.access_token)")
    tenant.clock.advance(hours=25)
    try:
        tenant.verifier(orders).verify(token)
    except AuthKitError as error:
        for line in str(error).splitlines():
            _wrapped(line)

    print("\nThat was the tour. The lessons: authkit lab")


def _step(number: int, title: str) -> None:
    print(f"\n{number}. {title}")


def _code(*lines: str) -> None:
    for line in lines:
        print(f"   >>> {line}" if not line.startswith(" ") else f"   ... {line}")


def _say(line: str) -> None:
    print(f"   {line}")


def _wrapped(text: str) -> None:
    print(textwrap.fill(text, WIDTH, initial_indent="   ", subsequent_indent="   ", break_on_hyphens=False))


def _verdict(verdict: Verdict) -> None:
    _say(verdict.headline)
    if verdict.decisive is not None:
        _wrapped(f"{verdict.decisive.note} [{verdict.decisive.code}]")
    for status in ("passed", "failed", "skipped"):
        names = " ".join(check.name for check in verdict.checks if check.status == status)
        if names:
            print(textwrap.fill(f"{status:<8}{names}", WIDTH, initial_indent=" " * 5, subsequent_indent=" " * 13))
