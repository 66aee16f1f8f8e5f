"""The tenant as a learner holds it: training and real, and the same tokens on every machine."""

import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509

import authkit
from authkit import (
    Api,
    Application,
    ClientCredentials,
    ConfigurationError,
    RegistrationError,
    SteerableClock,
    StorageError,
    SystemClock,
    Tenant,
    training_tenant,
)
from authkit.tenant import LOCAL_ISSUER, TRAINING_ISSUER, live_training_tenant

Training = Tenant[SteerableClock]


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_the_rs256_training_token_is_pinned(token: str) -> None:
    """Another machine, another day: the same bytes."""
    assert digest(token) == "5c7f74a2e8a3bb51e649508576cfa92356f5f4a6306b054a19aa17033ed9fb17"


def test_the_hs256_training_token_is_pinned(hs_token: str) -> None:
    """Secrets and identifiers are the published ones."""
    assert digest(hs_token) == "b07fb1195d690c839791581c364d04b9b796e5a1d78a3203e5ee067eeec3ea66"


def test_the_training_jwks_is_pinned(tenant: Training) -> None:
    """Keys and certificates too."""
    assert digest(str(tenant.jwks)) == "e8df934260fc409a6bbed9303f10ece4ee5a163a0fed6bfe002a6a525b754d1d"


def test_training_identifiers_are_pinned(api: Api, app: Application, tenant: Training) -> None:
    """What learner, instructor and CI see on their screens."""
    grant = tenant.client_grants.create(app, api)
    assert (api.id, app.client_id, grant.id) == (
        "5fdc28621622c9c80665e8f4",
        "2PPw0Qne0RA0aELziEEycZDv7uxgJh1Q",
        "cgr_fmmXlQdtbSEQjp5U",
    )


def test_two_training_tenants_are_alike() -> None:
    """Key by key and id by id."""
    with training_tenant() as first, training_tenant() as second:
        assert repr(first) == repr(second) and first.jwks == second.jwks


def test_two_real_tenants_are_not_alike() -> None:
    """Fresh random keys, ids and secrets."""
    with Tenant.open() as first, Tenant.open() as second:
        assert not {k["kid"] for k in first.jwks["keys"]} & {k["kid"] for k in second.jwks["keys"]}
        apps = [tenant.applications.create(name="x") for tenant in (first, second)]
        assert apps[0].client_id != apps[1].client_id and apps[0].client_secret != apps[1].client_secret


def test_a_training_tenant_says_so(tenant: Training) -> None:
    """In the terminal and in the notebook."""
    assert tenant.training and "training" in repr(tenant) and "training" in tenant._repr_html_()
    assert tenant.issuer == TRAINING_ISSUER


def test_a_real_tenant_tells_the_systems_time() -> None:
    """And has the local issuer unless told."""
    with Tenant.open() as tenant:
        assert type(tenant.clock) is SystemClock and not tenant.training and tenant.issuer == LOCAL_ISSUER
    with Tenant.open(issuer="https://login.example/") as tenant:
        assert tenant.issuer == "https://login.example/"


def test_a_live_training_tenant_tells_the_systems_time() -> None:
    """Published keys and ids, for clients that know no other time."""
    with live_training_tenant("http://127.0.0.1:8400/") as live, training_tenant() as still:
        assert type(live.clock) is SystemClock and live.training
        assert [k["kid"] for k in live.jwks["keys"]] == [k["kid"] for k in still.jwks["keys"]]


def test_the_verifier_takes_what_the_tenant_issues(
    tenant: Training, api: Api, hs_api: Api, token: str, hs_token: str
) -> None:
    """RS256 by the JWKS, HS256 by the API's secret; by object, id or identifier; and neither takes the other's."""
    for named in (api, api.id, api.identifier):
        assert tenant.verifier(named).verify(token)["aud"] == api.identifier
    assert tenant.verifier(hs_api).verify(hs_token)["aud"] == hs_api.identifier
    assert tenant.verifier(api).explain(hs_token).outcome == tenant.verifier(hs_api).explain(token).outcome == "refused"


def test_a_verifier_of_an_unknown_api_is_not_made(tenant: Training) -> None:
    """The API is named in the error."""
    with pytest.raises(RegistrationError) as caught:
        tenant.verifier("https://unknown.example/")
    assert caught.value.code == "id.unknown"


def test_tokens_under_the_previous_key_verify_until_it_is_revoked(
    tenant: Training, api: Api, app: Application, token: str
) -> None:
    """Rotation breaks nothing; revocation does."""
    old = tenant.keys.current.kid
    tenant.keys.rotate()
    fresh = tenant.request_token(ClientCredentials(app, audience=api.identifier)).access_token
    assert authkit.decode(fresh).header["kid"] != old
    assert tenant.verifier(api).verify(token) and tenant.verifier(api).verify(fresh)
    tenant.keys.revoke(old)
    decisive = tenant.verifier(api).explain(token).decisive
    assert decisive is not None and decisive.code == "key.unknown_kid"
    assert tenant.verifier(api).verify(fresh)


def test_the_pool_of_training_keys_ends_in_one_clear_error(tenant: Training) -> None:
    """Two keys at the start and six rotations; the seventh changes nothing."""
    for _ in range(6):
        tenant.keys.rotate()
    before = repr(tenant.keys)
    with pytest.raises(ConfigurationError) as caught:
        tenant.keys.rotate()
    assert caught.value.code == "training_keys.exhausted"
    assert repr(tenant.keys) == before


def test_a_rotated_keys_certificate_dates_from_the_clock(tenant: Training) -> None:
    """The clock that was steered, not the machine's."""
    tenant.clock.advance(days=400)
    tenant.keys.rotate()
    following = tenant.keys.ring.at("next")
    assert following is not None
    certificate = x509.load_pem_x509_certificate(following.certificate.encode())
    assert certificate.not_valid_before_utc.year == 2027
    assert certificate.not_valid_after_utc - certificate.not_valid_before_utc == timedelta(days=3650)


@pytest.mark.parametrize("request_", ["x", None, 5, {"grant_type": "client_credentials"}], ids=repr)
def test_a_token_is_asked_for_with_a_request(tenant: Training, request_: Any) -> None:
    """Nothing else is guessed to be one."""
    with pytest.raises(ConfigurationError) as caught:
        tenant.request_token(request_)
    assert caught.value.code == "request.unknown"


ISSUERS: dict[str, Any] = {
    "no slash": "https://login.example",
    "no host": "https:///",
    "no scheme": "login.example/",
    "ftp": "ftp://login.example/",
    "query": "https://login.example/?a=/",
    "fragment": "https://login.example/#/",
    "user": "https://user@login.example/",
    "space": "https://login example/",
    "line break": "https://login.example/\n/",
    "markup": "https://login.example/<b>/",
    "surrogate": "https://\ud800/",
    "port": "https://login.example:99999/",
    "port text": "https://login.example:http/",
    "bracket": "https://[/",
    "too long": f"https://{'a' * 600}/",
    "empty": "",
    "None": None,
    "number": 5,
    "bytes": b"https://login.example/",
}


@pytest.mark.parametrize("issuer", ISSUERS.values(), ids=ISSUERS)
def test_an_issuer_that_is_no_url_is_refused(tmp_path: Path, issuer: Any) -> None:
    """A URL that ends in a slash (RFC 8414 §2), and no file is left behind."""
    for make in (lambda: training_tenant(issuer=issuer), lambda: Tenant.open(tmp_path / "t.db", issuer=issuer)):
        with pytest.raises(ConfigurationError) as caught:
            make()
        assert caught.value.code == "issuer.not_a_url"
    assert list(tmp_path.iterdir()) == []


def test_a_closed_tenant_says_so() -> None:
    """Closing twice is safe; using it afterwards is one clear error."""
    tenant = training_tenant()
    tenant.close()
    tenant.close()
    with pytest.raises(StorageError):
        list(tenant.apis)


def test_every_collection_shows_itself(tenant: Training, api: Api, app: Application, token: str) -> None:
    """In terminal and notebook, escaped."""
    tenant.apis.update(api, name="Tom & Jerry")
    for shown in (tenant, tenant.apis, tenant.applications, tenant.client_grants, tenant.keys, api, app):
        assert repr(shown) and shown._repr_html_()
    assert "Tom &amp; Jerry" in tenant.apis._repr_html_()


def test_a_password_in_an_issuer_is_not_repeated() -> None:
    """It is refused like any user name."""
    with pytest.raises(ConfigurationError) as caught:
        training_tenant(issuer="https://me:hunter2@login.example/")
    assert "hunter2" not in str(caught.value) and "login.example" in str(caught.value)
