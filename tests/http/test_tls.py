"""TLS on request: real handshakes with a certificate that is made on the spot and gone afterwards."""

import gc
import os
import shutil
import socket
import ssl
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.x509.oid import ExtendedKeyUsageOID, ExtensionOID

from authkit import (
    Api,
    Application,
    ClientCredentials,
    ConfigurationError,
    KeySetError,
    RemoteKeySet,
    Server,
    ServerError,
    SteerableClock,
    Tenant,
    Verifier,
    serve,
    training_tenant,
)
from authkit.http import tls
from authkit.http.running import listen

Training = Tenant[SteerableClock]


@pytest.fixture(scope="module")
def server(tenant: Training) -> Iterator[Server]:
    """The tenant over https."""
    with serve(tenant, tls=True) as server:
        yield server


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files go, to look into."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def certificate_of(server: Server) -> Path:
    assert server.certificate is not None
    return server.certificate


def trusting(server: Server) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=certificate_of(server))


def handshake(server: Server, context: ssl.SSLContext, name: str) -> str:
    with (
        socket.create_connection(("127.0.0.1", server.port), timeout=5) as plain,
        context.wrap_socket(plain, server_hostname=name) as wrapped,
    ):
        return str(wrapped.version())


def test_every_address_is_https(server: Server) -> None:
    """The certificate is a file to name to clients; without TLS there is none."""
    for address in (server.url, server.jwks_uri, server.token_endpoint):
        assert address.startswith(f"https://127.0.0.1:{server.port}")
    assert certificate_of(server).is_file() and "https" in repr(server)


def test_without_tls_there_is_no_certificate(tenant: Training, folder: Path) -> None:
    """Nor anything on disk."""
    with serve(tenant) as plain:
        assert plain.certificate is None and plain.url.startswith("http://")
        assert list(folder.iterdir()) == []


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "::1"])
def test_python_shakes_hands_under_each_name(server: Server, name: str) -> None:
    """Verified, with the newest protocol."""
    assert handshake(server, trusting(server), name) == "TLSv1.3"


def test_the_strictest_client_is_content(server: Server) -> None:
    """With the checks that Python 3.13 makes by default."""
    context = trusting(server)
    context.verify_flags |= ssl.VERIFY_X509_STRICT | ssl.VERIFY_X509_PARTIAL_CHAIN
    assert handshake(server, context, "localhost")


def test_another_name_is_not_vouched_for(server: Server) -> None:
    """The certificate is of use on this machine alone."""
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(server, trusting(server), "authkit.example")


def test_who_was_not_told_does_not_trust_it(server: Server) -> None:
    """Neither Python nor the remote key set, which says what to do."""
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(server, ssl.create_default_context(), "127.0.0.1")
    with pytest.raises(KeySetError) as caught:
        RemoteKeySet(server.jwks_uri).select(None, "RS256")
    assert caught.value.code == "jwks_unavailable" and "certificate" in caught.value.message
    assert "ca_file=" in caught.value.remedy


def test_old_protocols_are_refused(server: Server) -> None:
    """TLS 1.1 and older (RFC 8996)."""
    context = trusting(server)
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    with pytest.warns(DeprecationWarning):
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises((ssl.SSLError, ConnectionError)):
        handshake(server, context, "127.0.0.1")


def test_httpx_and_curl_get_the_keys(server: Server, tenant: Training) -> None:
    """With what the documentation tells them."""
    answer = httpx.get(server.jwks_uri, verify=trusting(server), trust_env=False)
    assert answer.json() == tenant.jwks
    curl = shutil.which("curl")
    if curl is None:
        pytest.skip("there is no curl here")
    command = [curl, "-sS", "--noproxy", "*", "--cacert", str(certificate_of(server))]
    done = subprocess.run([*command, server.jwks_uri], capture_output=True, text=True, timeout=30)
    assert done.returncode == 0 and done.stdout == answer.text, done.stderr
    untold = subprocess.run([curl, "-sS", "--noproxy", "*", server.jwks_uri], capture_output=True, timeout=30)
    assert untold.returncode == 60  # curl's own number for a certificate that nobody vouches for


def test_node_gets_the_keys(server: Server) -> None:
    """As its JWT libraries do."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("there is no node here")
    script = (
        "require('https').get(process.argv[1], a => console.log(a.statusCode)).on('error', e => console.log(e.code))"
    )
    trusted = {**os.environ, "NODE_EXTRA_CA_CERTS": str(certificate_of(server))}
    done = subprocess.run(
        [node, "-e", script, server.jwks_uri], env=trusted, capture_output=True, text=True, timeout=30
    )
    assert done.stdout == "200\n", done


def test_a_verifier_verifies_over_https(server: Server, tenant: Training, api: Api, app: Application) -> None:
    """The remote key set trusts the file it was told, and still does when that is gone."""
    with serve(tenant, tls=True) as other:
        keys = RemoteKeySet(other.jwks_uri, ca_file=other.certificate, clock=tenant.clock)
        path = certificate_of(other)
        path.unlink()
        verifier = Verifier(issuer=tenant.issuer, audience=api.identifier, keys=keys, clock=tenant.clock)
        token = tenant.request_token(ClientCredentials(app, audience=api.identifier)).access_token
        assert verifier.verify(token)["sub"] == f"{app.client_id}@clients" and keys.fetches == 1


def test_one_servers_certificate_is_no_others(server: Server, tenant: Training) -> None:
    """Trust in one is no trust in the next, though both are of this package."""
    with serve(tenant, tls=True) as other:
        with pytest.raises(ssl.SSLCertVerificationError):
            handshake(other, trusting(server), "127.0.0.1")
        with pytest.raises(KeySetError):
            RemoteKeySet(other.jwks_uri, ca_file=server.certificate).select(None, "RS256")


def test_the_metadata_names_https(tmp_path: Path) -> None:
    """Where the address is the issuer, every address in it is https."""
    listening = listen()
    issuer = f"https://127.0.0.1:{listening.getsockname()[1]}/"
    with training_tenant(issuer=issuer) as tenant, serve(tenant, listening=listening, tls=True) as server:
        url = f"{server.url}/.well-known/openid-configuration"
        document = httpx.get(url, verify=trusting(server), trust_env=False).json()
    addresses = [value for value in document.values() if isinstance(value, str) and "://" in value]
    assert document["issuer"] == issuer and all(value.startswith(issuer) for value in addresses)


def test_the_certificate_is_short_lived_and_vouches_for_nothing_else(server: Server) -> None:
    """A week, for servers, for the names of this machine, and no authority."""
    made = x509.load_pem_x509_certificate(certificate_of(server).read_bytes())
    now = datetime.now(UTC)
    assert now - timedelta(minutes=10) < made.not_valid_before_utc <= now
    assert timedelta(days=1) < made.not_valid_after_utc - now <= timedelta(days=7)
    names = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["localhost"]
    assert [str(one) for one in names.get_values_for_type(x509.IPAddress)] == ["127.0.0.1", "::1"]
    constraints = made.extensions.get_extension_for_class(x509.BasicConstraints)
    usage = made.extensions.get_extension_for_class(x509.KeyUsage).value
    assert constraints.critical and not constraints.value.ca and not usage.key_cert_sign
    extended = made.extensions.get_extension_for_oid(ExtensionOID.EXTENDED_KEY_USAGE).value
    assert list(extended) == [ExtendedKeyUsageOID.SERVER_AUTH]  # type: ignore[call-overload]


def test_no_two_certificates_are_alike() -> None:
    """Not even those of one training tenant, which is the same everywhere in all else."""
    made = [tls.LocalCertificate() for _ in range(2)]
    try:
        read = [x509.load_pem_x509_certificate(one.path.read_bytes()) for one in made]
        keys = [one.public_key() for one in read]
        assert all(isinstance(key, EllipticCurvePublicKey) for key in keys)
        assert read[0].serial_number != read[1].serial_number and keys[0] != keys[1]
    finally:
        for one in made:
            one.remove()


def test_the_private_key_does_not_stay_on_disk(tenant: Training, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is there for one call, for its owner alone, and gone before the first answer."""
    seen: list[tuple[int, int]] = []
    load = ssl.SSLContext.load_cert_chain

    def spying(self: ssl.SSLContext, certfile: Any, keyfile: Any = None, password: Any = None) -> None:
        seen.append((stat.S_IMODE(os.stat(keyfile).st_mode), stat.S_IMODE(os.stat(keyfile.parent).st_mode)))
        load(self, certfile, keyfile, password)

    monkeypatch.setattr(ssl.SSLContext, "load_cert_chain", spying)
    with serve(tenant, tls=True) as server:
        (inside,) = folder.iterdir()
        assert [file.name for file in inside.iterdir()] == ["certificate.pem"]
        assert "PRIVATE" not in certificate_of(server).read_text()
        if os.name != "nt":
            assert seen == [(0o600, 0o700)]
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("fault", [OSError(28, "No space left on device"), ssl.SSLError("broken"), ZeroDivisionError()])
def test_a_certificate_that_cannot_be_made_leaves_nothing(
    tenant: Training, folder: Path, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    """No file, no port; and of what the machine lacks, one clear error."""

    def broken(*_: object) -> None:
        raise fault

    monkeypatch.setattr(ssl.SSLContext, "load_cert_chain", broken)
    listening = listen()
    with pytest.raises(ServerError if isinstance(fault, OSError) else ZeroDivisionError) as caught:
        serve(tenant, tls=True, listening=listening)
    assert list(folder.iterdir()) == [] and listening.fileno() == -1
    if isinstance(caught.value, ServerError):
        assert caught.value.code == "tls_unavailable" and caught.value.remedy


def test_without_a_folder_for_temporary_files_it_says_so(tenant: Training, folder: Path) -> None:
    """And the port is given back."""
    folder.rmdir()
    with pytest.raises(ServerError) as caught:
        serve(tenant, tls=True)
    assert caught.value.code == "tls_unavailable"


def test_closing_and_forgetting_take_the_certificate_away(tenant: Training) -> None:
    """With its folder; closing twice is safe."""
    server = serve(tenant, tls=True)
    folder = certificate_of(server).parent
    server.close()
    server.close()
    assert not folder.exists()
    server = serve(tenant, tls=True)
    folder = certificate_of(server).parent
    del server
    gc.collect()
    assert not folder.exists()


def test_a_client_that_never_shakes_hands_holds_nothing_up(tenant: Training) -> None:
    """Neither another client nor the end."""
    server = serve(tenant, tls=True)
    with socket.create_connection(("127.0.0.1", server.port)):
        assert handshake(server, trusting(server), "127.0.0.1")
        before = time.monotonic()
        server.close()
    assert time.monotonic() - before < 6


def test_plain_http_gets_no_answer(server: Server) -> None:
    """And the server goes on."""
    with pytest.raises(httpx.HTTPError):
        httpx.get(server.jwks_uri.replace("https", "http"), trust_env=False)
    assert handshake(server, trusting(server), "127.0.0.1")


@pytest.mark.parametrize("wrong", ["certificate.pem", 1, None])
def test_tls_is_yes_or_no(tenant: Training, wrong: Any) -> None:
    """A certificate of one's own is not taken, and taken for a yes neither."""
    with pytest.raises(ConfigurationError) as caught:
        serve(tenant, tls=wrong)
    assert caught.value.code == "serve.tls"


def test_an_idle_client_does_not_hold_up_the_end(tenant: Training) -> None:
    """It keeps its connection for the next request, and would have to agree to its end."""
    server = serve(tenant, tls=True)
    with httpx.Client(verify=ssl.create_default_context(cafile=server.certificate), trust_env=False) as client:
        client.get(server.jwks_uri)
        began = time.monotonic()
        server.close()
        assert time.monotonic() - began < 1.5
