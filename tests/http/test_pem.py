"""S18: the signing certificate at `/pem`, which verifies what the tenant signs."""

import base64
from collections.abc import Callable, Iterator

import httpx
import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

from authkit import ClientCredentials, KeySet, SteerableClock, Tenant, Verifier, serve, training_tenant

Training = Tenant[SteerableClock]
Read = Callable[[str], httpx.Response]


@pytest.fixture
def tenant() -> Iterator[Training]:
    """A tenant whose keys are rotated."""
    with training_tenant() as tenant:
        yield tenant


@pytest.fixture
def read(tenant: Training) -> Iterator[Read]:
    """Reads a document of the served tenant."""
    with serve(tenant) as server, httpx.Client(base_url=server.url, trust_env=False) as client:
        yield client.get


@pytest.fixture
def signed(tenant: Training) -> Callable[[], str]:
    """Has a token signed."""
    api = tenant.apis.create(identifier="https://orders.example/")
    app = tenant.applications.create(name="Nightly report")
    tenant.client_grants.create(app, api)
    return lambda: tenant.request_token(ClientCredentials(app, audience=api.identifier)).access_token


def verify(token: str, pem: str) -> None:
    """RS256 by hand, with nothing of ours (RFC 7515 §5.2, RFC 7518 §3.3)."""
    signing_input, _, signature = token.rpartition(".")
    key = x509.load_pem_x509_certificate(pem.encode()).public_key()
    assert isinstance(key, RSAPublicKey)
    key.verify(base64.urlsafe_b64decode(signature + "=="), signing_input.encode(), PKCS1v15(), SHA256())


def test_it_verifies_a_token_before_and_after_a_rotation(tenant: Training, read: Read, signed) -> None:
    """Each token with the certificate that was current when it was signed, and not with the other."""
    old, old_pem, old_kid = signed(), read("/pem").text, tenant.keys.current.kid
    verify(old, old_pem)
    tenant.keys.rotate()
    new, new_pem = signed(), read("/pem").text
    verify(new, new_pem)
    for token, pem in ((old, new_pem), (new, old_pem)):
        with pytest.raises(InvalidSignature):
            verify(token, pem)
    verify(old, read(f"/pem/{old_kid}").text)  # the previous key's, as long as the JWKS has it


def test_it_is_the_certificate_of_the_jwks(tenant: Training, read: Read) -> None:
    """`x5c` of the current key; and text that a debugger takes (S19)."""
    pem = read("/pem").text
    [jwk] = [jwk for jwk in read("/.well-known/jwks.json").json()["keys"] if jwk["kid"] == tenant.keys.current.kid]
    assert "".join(pem.splitlines()[1:-1]) == jwk["x5c"][0]
    assert pem.count("BEGIN") == 1 and "PRIVATE" not in pem


def test_our_own_verifier_takes_it(tenant: Training, read: Read, signed) -> None:
    """As PEM, for who knows no JWKS."""
    keys = KeySet.from_pem(read("/pem").text)
    verifier = Verifier(issuer=tenant.issuer, audience="https://orders.example/", keys=keys, clock=tenant.clock)
    assert verifier.verify(signed())["iss"] == tenant.issuer


def test_it_is_listed_at_the_address_itself(read: Read) -> None:
    """Where somebody finds it."""
    answer = read(read("/").json()["signing_certificate"])
    assert answer.status_code == 200 and answer.text.startswith("-----BEGIN CERTIFICATE-----\n")
