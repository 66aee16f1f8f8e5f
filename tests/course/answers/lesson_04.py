"""What is handed in for the exercises of lesson 04."""

from tests.course.handed_in import HandedIn, Mutant

_RIGHT = {
    "private key": "sign",
    "public key": "nothing",
    "certificate": "nothing",
    "client secret": "ask",
    "access token": "use",
}
_CHOSEN = {"partner": "RS256", "phone": "RS256", "link": "HS256", "thirty": "RS256", "cookie": "HS256"}
_READ = "def verify(token, pem):\n    read = authkit.decode(token)\n"
_PYJWT = "def verify(token, pem):\n    import jwt\n\n    return jwt.decode(token, pem, algorithms={}, options={})"
_UNTIMED = '{"verify_aud": False, "verify_exp": False}'
_REST = (
    '    if not authkit.attacks.signature_fits(token, pem, read.header["alg"]):\n'
    '        raise ValueError("the signature does not fit")\n'
    "    return dict(read.payload)"
)


def _thief(**changes: str) -> str:
    return f"thief = { {**_RIGHT, **{name.replace('_', ' '): word for name, word in changes.items()}} }"


def _chosen(**changes: str) -> str:
    return f"chosen = { {**_CHOSEN, **changes} }"


ANSWERS = {
    "q1": HandedIn(
        mutants={
            "the client secret signs": Mutant(_thief(client_secret="sign"), "client_secret signs"),
            "the public key signs": Mutant(_thief(public_key="sign"), "the public key must be hidden"),
            "the certificate signs": Mutant(_thief(certificate="sign"), "the public key must be hidden"),
            "the private key reads": Mutant(_thief(private_key="nothing"), "the keys have changed places"),
            "a token is worth nothing": Mutant(_thief(access_token="nothing"), "a token works for its owner alone"),
            "a token signs": Mutant(_thief(access_token="sign")),
            "the client secret is worth nothing": Mutant(_thief(client_secret="nothing")),
            "another word": Mutant(_thief(public_key="read")),
            "one is missing": Mutant('thief = {"private key": "sign"}'),
            "a set": Mutant('thief = {"private key"}'),
        },
        others=(f"thief = dict({[*_RIGHT.items()]})",),
    ),
    "q3": HandedIn(
        mutants={
            "as it was": Mutant(_READ + _REST, "the header chooses the algorithm"),
            "two algorithms": Mutant(
                f'{_READ}    if read.header["alg"] not in ("HS256", "RS256"):\n        raise ValueError\n{_REST}',
                "one key serves several algorithms",
            ),
            "three forbidden": Mutant(
                f'{_READ}    if read.header["alg"] in ("HS256", "none", "HS384"):\n        raise ValueError\n{_REST}',
                "the header chooses the algorithm",
            ),
            "the header alone": Mutant(
                f'{_READ}    if read.header["alg"] != "RS256":\n        raise ValueError\n'
                "    return dict(read.payload)",
                "decoded is verified",
            ),
            "the header alone decides, with PyJWT": Mutant(
                _PYJWT.format('[jwt.get_unverified_header(token)["alg"]]', _UNTIMED),
                "the header chooses the algorithm",
            ),
            "two algorithms, with PyJWT": Mutant(
                _PYJWT.format('["HS256", "RS256"]', _UNTIMED), "one key serves several algorithms"
            ),
            "four algorithms, with PyJWT": Mutant(
                _PYJWT.format('["RS256", "RS384", "RS512", "PS256"]', _UNTIMED), "one key serves several algorithms"
            ),
            "PS256 too, with PyJWT": Mutant(
                _PYJWT.format('["RS256", "PS256"]', _UNTIMED), "one key serves several algorithms"
            ),
            "four forbidden": Mutant(
                f'{_READ}    if read.header["alg"] in ("none", "HS256", "HS384", "HS512"):\n'
                f"        raise ValueError\n{_REST}",
                "the header chooses the algorithm",
            ),
            "a key that is not there": Mutant(
                f'{_READ}    if read.header["algorithm"] != "RS256":\n        raise\n{_REST}'
            ),
            "an audience that is not named": Mutant(
                _PYJWT.format('["RS256"]', "{}"),
            ),
            "an error that is returned": Mutant(
                f'{_READ}    if not authkit.attacks.signature_fits(token, pem, "RS256"):\n'
                '        return ValueError("the signature does not fit")\n    return dict(read.payload)'
            ),
            "words": Mutant(
                f'{_READ}    if not authkit.attacks.signature_fits(token, pem, "RS256"):\n'
                '        return "the signature does not fit"\n    return dict(read.payload)'
            ),
            "a verdict and the claims": Mutant(
                f'{_READ}    fits = authkit.attacks.signature_fits(token, pem, "RS256")\n'
                "    return fits, dict(read.payload)"
            ),
            "nothing gets in": Mutant(f"{_READ}    raise ValueError"),
            "None for an edited one": Mutant(
                f'{_READ}    if read.header["alg"] != "RS256":\n        raise ValueError\n'
                '    if authkit.attacks.signature_fits(token, pem, "RS256"):\n        return dict(read.payload)'
            ),
            "True": Mutant(
                f'{_READ}    if not authkit.attacks.signature_fits(token, pem, "RS256"):\n'
                "        raise ValueError\n    return True"
            ),
        },
        others=(
            f'{_READ}    if authkit.attacks.signature_fits(token, pem, "RS256"):\n'
            "        return read.payload\n    raise ValueError",
            "def verify(token, pem):\n    import jwt\n\n"
            '    unchecked = {"verify_exp": False, "verify_aud": False, "verify_iat": False}\n'
            '    return jwt.decode(token, pem, algorithms=["RS256"], options=unchecked)',
            "def verify(token, pem):\n    import jwt\n\n"
            '    return jwt.decode(token, pem, algorithms=["RS256"], audience=orders.identifier, issuer=tenant.issuer)',
            f'{_READ}    assert read.header["alg"] == "RS256"\n'
            '    if authkit.attacks.signature_fits(token, pem, "RS256"):\n'
            "        return dict(read.payload)\n    raise PermissionError(token)",
            f"{_READ}    keys = authkit.KeySet.from_pem(pem)\n"
            "    told = {'issuer': tenant.issuer, 'audience': orders.identifier, 'clock': tenant.clock}\n"
            "    return authkit.Verifier(keys=keys, **told).verify(token)",
        ),
    ),
    "q4": HandedIn(
        mutants={
            "RS256 everywhere": Mutant(_chosen(link="RS256", cookie="RS256")),
            "HS256 everywhere": Mutant(_chosen(partner="HS256", phone="HS256", thirty="HS256")),
            "a secret for the partner": Mutant(_chosen(partner="HS256"), "who verifies cannot sign"),
            "a secret in the app": Mutant(_chosen(phone="HS256"), "a secret in an app stays secret"),
            "a secret on thirty servers": Mutant(_chosen(thirty="HS256"), "a secret can be fetched like a key"),
            "a pair for the link": Mutant(_chosen(link="RS256"), "RS256 is always better"),
            "a pair for the cookie": Mutant(_chosen(cookie="RS256"), "RS256 is always better"),
        },
        others=(f"chosen = dict({[*_CHOSEN.items()]})",),
    ),
    "q5": HandedIn(
        mutants={
            "the certificate": Mutant(
                "def public_key(certificate):\n    return certificate", "a certificate is a public key"
            ),
            "another label": Mutant(
                'def public_key(certificate):\n    return certificate.replace("CERTIFICATE", "PUBLIC KEY")',
                "the label makes the key",
            ),
            "always the same": Mutant("def public_key(certificate):\n    return tenant.keys.current.public_pem"),
            "the object": Mutant(
                "def public_key(certificate):\n"
                "    return x509.load_pem_x509_certificate(certificate.encode()).public_key()"
            ),
            "bytes": Mutant(
                "def public_key(certificate):\n"
                "    key = x509.load_pem_x509_certificate(certificate.encode()).public_key()\n"
                "    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)"
            ),
            "for SSH": Mutant(
                "def public_key(certificate):\n"
                "    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat\n\n"
                "    key = x509.load_pem_x509_certificate(certificate.encode()).public_key()\n"
                "    return key.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()"
            ),
        },
        others=(
            "def public_key(certificate):\n"
            "    key = x509.load_pem_x509_certificate(certificate.encode()).public_key()\n"
            "    return key.public_bytes(Encoding.PEM, PublicFormat.PKCS1).decode()",
        ),
    ),
}
