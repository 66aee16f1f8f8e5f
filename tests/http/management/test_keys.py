"""`/keys/signing` and `/pem` over real HTTP."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes

from authkit import ClientCredentials, Server, SteerableClock, Tenant, serve, training_tenant
from authkit.registry.management_scopes import MANAGEMENT_SCOPES

Training = Tenant[SteerableClock]


@pytest.fixture
def fresh() -> Iterator[tuple[Training, httpx.Client]]:
    """A tenant of one's own: keys are rotated here. Each request brings a token of the key that is current."""
    with training_tenant() as tenant, serve(tenant) as server:
        app = tenant.applications.create(name="Operator")
        audience = f"{tenant.issuer}api/v2/"
        tenant.client_grants.create(app, audience, [*MANAGEMENT_SCOPES])

        def authorise(request: httpx.Request) -> None:
            token = tenant.request_token(ClientCredentials(app, audience=audience)).access_token
            request.headers["Authorization"] = f"Bearer {token}"

        hooks = {"request": [authorise]}
        with httpx.Client(base_url=f"{server.url}/api/v2", event_hooks=hooks, trust_env=False) as client:
            yield tenant, client


def test_a_new_tenants_keys(fresh: Any) -> None:
    """A current and a next one, with their certificates and no private half."""
    tenant, client = fresh
    current, following = client.get("/keys/signing").json()
    assert current["current"] and not current["next"] and current["kid"] == tenant.keys.current.kid
    assert current["current_since"] == "2026-01-05T09:00:00.000Z" and "current_until" not in current
    assert following["next"] and "current_since" not in following
    assert "PRIVATE" not in client.get("/keys/signing").text


def test_the_fingerprint_is_the_certificates(fresh: Any) -> None:
    """SHA-1, as the vendor shows it."""
    _, client = fresh
    shown = client.get("/keys/signing").json()[0]
    digest = x509.load_pem_x509_certificate(shown["cert"].encode()).fingerprint(hashes.SHA1()).hex().upper()
    assert shown["thumbprint"] == digest and shown["fingerprint"].replace(":", "") == digest


def test_rotate_and_revoke(fresh: Any) -> None:
    """201 with the new next key, 200 with the key that was revoked; the JWKS follows."""
    tenant, client = fresh
    first, second = (key["kid"] for key in client.get("/keys/signing").json())
    rotated = client.post("/keys/signing/rotate")
    assert rotated.status_code == 201 and set(rotated.json()) == {"kid", "cert"}
    assert tenant.keys.current.kid == second and rotated.json()["kid"] not in (first, second)
    previous = client.get(f"/keys/signing/{first}").json()
    assert previous["previous"] and previous["current_until"] == "2026-01-05T09:00:00.000Z"
    revoked = client.put(f"/keys/signing/{first}/revoke")
    assert revoked.status_code == 200 and revoked.json()["kid"] == first
    gone = client.get(f"/keys/signing/{first}").json()
    assert gone["revoked"] and gone["revoked_at"] and not gone["previous"]
    assert first not in [jwk["kid"] for jwk in tenant.jwks["keys"]]


def test_only_the_previous_key_is_revoked(fresh: Any) -> None:
    """400 for another, 404 for one that is not there."""
    _, client = fresh
    for key in client.get("/keys/signing").json():
        answer = client.put(f"/keys/signing/{key['kid']}/revoke")
        assert (answer.status_code, answer.json()["errorCode"]) == (400, "signing_key.not_previous")
    for answer in (client.put("/keys/signing/nothing/revoke"), client.get("/keys/signing/nothing")):
        assert (answer.status_code, answer.json()["errorCode"]) == (404, "inexistent_signing_key")


def test_published_keys_come_to_an_end(fresh: Any) -> None:
    """403 once all eight are used; the tenant goes on with those it has."""
    _, client = fresh
    answers = [client.post("/keys/signing/rotate") for _ in range(7)]
    assert [answer.status_code for answer in answers] == [201] * 6 + [403]
    assert answers[-1].json()["errorCode"] == "too_many_entities"
    assert client.get("/keys/signing").status_code == 200


def test_rotate_is_no_key(api: httpx.Client) -> None:
    """GET of that path is a method that it does not have."""
    answer = api.get("/keys/signing/rotate")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")


def test_the_certificate_is_public(tenant: Training, server: Server) -> None:
    """S18: as PEM, for anyone and any page, current unless a kid is named."""
    with httpx.Client(base_url=server.url, trust_env=False) as client:
        answer = client.get("/pem")
        assert answer.text == tenant.keys.current.certificate
        assert answer.headers["Content-Type"] == "application/pem-certificate-chain"
        assert answer.headers["Access-Control-Allow-Origin"] == "*" and "max-age" in answer.headers["Cache-Control"]
        for entry in tenant.keys.ring.keys:
            assert client.get(f"/pem/{entry.key.kid}").text == entry.key.certificate
        assert client.get("/pem/nothing").status_code == 404


def test_a_revoked_certificate_is_served_no_longer(fresh: Any) -> None:
    """It has left the JWKS too."""
    tenant, client = fresh
    first = tenant.keys.current.kid
    root = str(client.base_url).removesuffix("/api/v2/")
    tenant.keys.rotate()
    assert client.get(f"{root}/pem/{first}").status_code == 200
    assert client.get(f"{root}/pem").text == tenant.keys.current.certificate
    tenant.keys.revoke(first)
    assert client.get(f"{root}/pem/{first}").status_code == 404
