"""PEM as it is pasted: text around it, several blocks, and what kind of RSA key it says it holds."""

import base64
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from cryptography.x509.oid import NameOID

from authkit import KeySet, KeySetError
from authkit.ground.clock import TRAINING_START
from authkit.jose import SigningKey
from authkit.jose.certificates import LIFETIME
from authkit.jose.training_keys import training_key

RSA = bytes.fromhex("300d06092a864886f70d0101010500")
PSS = "06092a864886f70d01010a"


def code_of(text: str) -> str:
    with pytest.raises(KeySetError) as caught:
        KeySet.from_pem(text)
    assert caught.value.remedy
    return caught.value.code


def only(text: str) -> Any:
    (key,) = KeySet.from_pem(text).keys
    return key


def private(number: int) -> RSAPrivateKey:
    key = load_pem_private_key(training_key(number).encode(), None)
    assert isinstance(key, RSAPrivateKey)
    return key


def certificate(
    holder: Any, issuer: Any, name: str = "issuer", issued_by: str = "issuer", scheme: padding.PSS | None = None
) -> str:
    """A certificate of the holder's key, signed by the issuer's."""
    names = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, one)]) for one in (name, issued_by)]
    builder = x509.CertificateBuilder().subject_name(names[0]).issuer_name(names[1]).public_key(holder.public_key())
    dated = builder.serial_number(1).not_valid_before(TRAINING_START).not_valid_after(TRAINING_START + LIFETIME)
    return dated.sign(issuer, hashes.SHA256(), rsa_padding=scheme).public_bytes(Encoding.PEM).decode()


# Text around it


@pytest.mark.parametrize(
    "before", ["\ufeff", "Müller\n", "subject=CN = issuer\n\n", "-----\n", "\u00a0\r\n", "日本 "], ids=ascii
)
def test_text_before_a_boundary_is_passed_over(key: SigningKey, before: str) -> None:
    """RFC 7468 §2 permits it; what an editor puts at the start of a file is no fault of the key."""
    for pem in (key.public_pem, key.certificate):
        assert only(f"{before}{pem}Müller\n").material == load_pem_public_key(key.public_pem.encode())


@pytest.mark.parametrize("change", [("\n", "\r\n"), ("\n", "\r"), ("\n", " "), ("\n", "\n    ")], ids=ascii)
def test_line_breaks_may_have_changed_on_the_way(key: SigningKey, change: tuple[str, str]) -> None:
    """RFC 7468 §2: white space is ignored."""
    assert only(key.public_pem.replace(*change)).material == load_pem_public_key(key.public_pem.encode())


def test_a_block_that_cannot_be_read_is_not_passed_over(key: SigningKey, other_key: SigningKey) -> None:
    """Beside a good one it may be the one that was meant."""
    pem = key.public_pem
    cut, request = other_key.public_pem[:200], pem.replace("PUBLIC KEY", "CERTIFICATE REQUEST")
    for text in (cut + pem, pem + cut, request + pem, pem.replace("A", "é", 1), pem.replace("END PUBLIC", "END")):
        assert code_of(text) == "key_set.not_a_pem"


# Several blocks


def test_several_keys_are_refused_by_name(key: SigningKey, other_key: SigningKey) -> None:
    """Taking the first, or the certificate, would be a guess."""
    mine, other = (key.public_pem, key.certificate), (other_key.public_pem, other_key.certificate)
    for text in [one + another for one in mine for another in other] + [
        one + another for one in other for another in mine
    ]:
        assert code_of(text) == "key_set.several_keys"
    elliptic = ec.generate_private_key(ec.SECP256R1()).public_key()
    pem = elliptic.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    assert code_of(key.public_pem + pem) == "key_set.several_keys"


def test_one_key_several_times_is_one_key(key: SigningKey) -> None:
    """As a key, and in its certificate."""
    assert len(KeySet.from_pem(key.public_pem + key.certificate + key.public_pem + key.certificate)) == 1


def test_a_chain_gives_the_key_at_its_head() -> None:
    """Each certificate is followed by its issuer's, as RFC 7517 §4.7 has it."""
    leaf, middle, root = private(0), private(1), ec.generate_private_key(ec.SECP256R1())
    chain = [certificate(leaf, middle, "leaf", "middle"), certificate(middle, root, "middle", "root"),
             certificate(root, root, "root", "root")]  # fmt: skip
    assert only("".join(chain)).material == only("\n".join(chain[:2])).material == leaf.public_key()
    for disorder in (chain[::-1], [chain[0], chain[2]], [chain[1], chain[0]], [*chain[:2], chain[0], chain[2]]):
        assert code_of("".join(disorder)) == "key_set.several_keys"


def test_two_certificates_of_one_name_are_no_chain(key: SigningKey, other_key: SigningKey) -> None:
    """A tenant's current and next certificate: only the signature tells who issued whom."""
    assert code_of(certificate(private(0), private(0)) + certificate(private(1), private(1))) == "key_set.several_keys"


# What the key says it is for


def written_as(algorithm: bytes, key: RSAPublicKey) -> str:
    """The key in PEM with another AlgorithmIdentifier: cryptography writes one alone."""
    bits = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo).partition(RSA)[2]
    body = algorithm + bits
    der = b"\x30\x82" + len(body).to_bytes(2, "big") + body
    return f"-----BEGIN PUBLIC KEY-----\n{base64.encodebytes(der).decode()}-----END PUBLIC KEY-----\n"


@pytest.mark.parametrize("algorithm", ["300d06092a864886f70d0101010500", "300b06092a864886f70d010101"])
def test_a_key_for_every_use_is_for_both(algorithm: str) -> None:
    """The type rsaEncryption, with its NULL or without."""
    text = written_as(bytes.fromhex(algorithm), private(0).public_key())
    assert sorted(only(text).algorithms) == ["PS256", "RS256"]


@pytest.mark.parametrize("algorithm", [f"300b{PSS}", f"300d{PSS}3000"], ids=["without parameters", "with"])
def test_a_key_for_pss_is_never_one_for_rs256(algorithm: str) -> None:
    """RFC 4055 §1.2: id-RSASSA-PSS is for PSS alone."""
    assert code_of(written_as(bytes.fromhex(algorithm), private(0).public_key())) == "key_set.not_usable"


def test_pkcs_1_knows_no_type() -> None:
    """`RSA PUBLIC KEY` is a modulus and an exponent."""
    pem = private(0).public_key().public_bytes(Encoding.PEM, PublicFormat.PKCS1).decode()
    assert sorted(only(pem).algorithms) == ["PS256", "RS256"]


def test_how_a_certificate_is_signed_says_nothing_of_its_key() -> None:
    """An RSA key for every use, in a certificate signed with PSS."""
    scheme = padding.PSS(padding.MGF1(hashes.SHA256()), 32)
    pem = certificate(private(0), private(0), scheme=scheme)
    assert x509.load_pem_x509_certificate(pem.encode()).signature_algorithm_oid.dotted_string == "1.2.840.113549.1.1.10"
    assert sorted(only(pem).algorithms) == ["PS256", "RS256"]
