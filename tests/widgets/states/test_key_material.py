"""Key material as pasted: what it is, is chosen; what is secret is known; whom Fetch asks is named."""

import json

import pytest

from authkit import KeySetError, Secret
from authkit.widgets.states.key_material import holds_secret, host_of, read

TEXT = "correct-horse-battery-staple-of-32-bytes-xx"


def test_the_same_text_is_another_key_as_base64url():
    """Which is why nobody guesses."""
    as_text, spelt = read("secret", Secret(TEXT)), read("base64url", Secret(TEXT + "A"))
    assert as_text.keys[0].material != spelt.keys[0].material


def test_each_kind_is_read_as_what_it_is_said_to_be(tenant):
    """A set, one key, PEM of a key and of a certificate."""
    key = tenant.keys.current
    material = {"jwks": json.dumps(tenant.jwks), "jwk": json.dumps(key.public_jwk), "pem": key.public_pem}
    assert {kind: len(read(kind, Secret(text))) for kind, text in material.items()} == {"jwks": 2, "jwk": 1, "pem": 1}
    assert len(read("pem", Secret(key.certificate))) == 1


@pytest.mark.parametrize(
    ("kind", "text", "code"),
    [
        ("jwks", "{", "key_set.not_json"),
        ("jwks", "\ud800", "key_set.not_json"),
        ("jwks", '{"kty": "RSA"}', "key_set.not_a_jwks"),
        ("jwk", '{"keys": []}', "key_set.not_usable"),
        ("pem", "ü", "key_set.not_a_pem"),
        ("secret", "short", "key_set.secret_too_short"),
        ("secret", "\ud800" * 40, "key_set.secret_not_text"),
        ("base64url", "a+b", "key_set.secret_not_base64url"),
        ("jwk", "x" * 300_000, "key_set.too_large"),
    ],
    ids=lambda value: value[:12],
)
def test_anything_else_is_refused_with_a_code(kind, text, code):
    """Never another exception."""
    with pytest.raises(KeySetError) as refused:
        read(kind, Secret(text))
    assert refused.value.code == code


def test_a_public_key_is_no_secret(tenant):
    """The confusion of RS256 with HS256 (RFC 8725 §2.1)."""
    with pytest.raises(KeySetError) as refused:
        read("secret", Secret(tenant.keys.current.public_pem))
    assert refused.value.code == "key_set.secret_public_key"


def test_what_is_secret_is_known(tenant):
    """Public keys may be seen, private halves and shared secrets may not."""
    key = tenant.keys.current
    assert not holds_secret(json.dumps(tenant.jwks) + key.public_pem + key.certificate)
    assert holds_secret(key.private_pem().reveal())
    assert holds_secret('{"kty":"oct", "k" : "AAAA"}')
    assert holds_secret('{"kty":"RSA","n":"AA","e":"AQAB","d":"AA"}')
    assert holds_secret("{'kty': 'oct', 'k': 'AAAA'}")  # as Python prints it


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://issuer.example/.well-known/jwks.json", "issuer.example"),
        ("http://127.0.0.1:8400/jwks", "127.0.0.1:8400"),
        ("https://[::1]:8400/jwks", "[::1]:8400"),
        ("https://xn--issuer-example/", "xn--issuer-example"),
        ("https://\u0131ssuer.example/", ""),
        ("https://issuer.example@evil.example/", ""),
        ("https://evil.example\\@issuer.example/", ""),
        ("https://issuer.example:port/", ""),
        ("https://[::1/", ""),
        ("issuer.example", ""),
        ("", ""),
    ],
)
def test_the_host_is_the_one_that_would_be_asked(address, host):
    """Or none, where an address could mislead."""
    assert host_of(address) == host
