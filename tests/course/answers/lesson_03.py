"""What is handed in for the exercises of lesson 03."""

from tests.course.handed_in import HandedIn, Mutant

_PARTS = (
    "def sign(claims, secret):\n"
    '    header = {"alg": "HS256", "typ": "JWT"}\n'
    "    parts = [segment(json.dumps(part).encode()) for part in (header, claims)]\n"
    '    text = ".".join(parts)\n'
)


def _signed(signature: str) -> str:
    return f'{_PARTS}    return text + "." + {signature}'


_MAC = "segment(hmac.new({}, text.encode(), hashlib.sha256).digest())"
_READING = 'def how_to_read(token, text):\n    signing_input, _, third_part = token.rpartition(".")\n'
_FITS = "hmac.compare_digest(segment(hmac.new({}, signing_input.encode(), hashlib.sha256).digest()), third_part)"
_GUESS = (
    'def guess(token, words):\n    signing_input, _, third_part = token.rpartition(".")\n    for word in words:\n'
    "        mac = hmac.new(word.encode(), signing_input.encode(), hashlib.sha256)\n"
)

ANSWERS = {
    "q1": HandedIn(
        mutants={
            "in hexadecimal": Mutant(_signed("hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()")),
            "a plain hash": Mutant(_signed("segment(hashlib.sha256(text.encode()).digest())")),
            "secret and text exchanged": Mutant(
                _signed("segment(hmac.new(text.encode(), secret, hashlib.sha256).digest())")
            ),
            "the payload alone": Mutant(
                _signed("segment(hmac.new(secret, parts[1].encode(), hashlib.sha256).digest())")
            ),
            "without the dot": Mutant(
                _signed('segment(hmac.new(secret, "".join(parts).encode(), hashlib.sha256).digest())')
            ),
            "the JSON instead of its base64url": Mutant(
                _signed("segment(hmac.new(secret, json.dumps(claims).encode(), hashlib.sha256).digest())")
            ),
            "the secret's repr": Mutant(_signed(_MAC.format("str(secret).encode()"))),
            "the secret in hexadecimal": Mutant(_signed(_MAC.format("secret.hex().encode()"))),
            "the secret in base64": Mutant(_signed(_MAC.format("base64.b64encode(secret)"))),
            "a secret from outside": Mutant(_signed(_MAC.format('globals()["secret"]'))),
            "another hash": Mutant(_signed("segment(hmac.new(secret, text.encode(), hashlib.sha512).digest())")),
            "padded": Mutant(
                _signed("base64.urlsafe_b64encode(hmac.new(secret, text.encode(), hashlib.sha256).digest()).decode()")
            ),
            "base64": Mutant(
                _signed(
                    "base64.b64encode(hmac.new(secret, text.encode(), hashlib.sha256).digest()).decode().rstrip('=')"
                )
            ),
            "without its alg": Mutant(
                "def sign(claims, secret):\n"
                "    parts = [segment(json.dumps(part).encode()) for part in ({}, claims)]\n"
                '    text = ".".join(parts)\n'
                '    return text + "." + segment(hmac.new(secret, text.encode(), hashlib.sha256).digest())'
            ),
            "the signature alone": Mutant(
                f"{_PARTS}    return segment(hmac.new(secret, text.encode(), hashlib.sha256).digest())"
            ),
            "as bytes": Mutant(
                f"{_PARTS}    mac = segment(hmac.new(secret, text.encode(), hashlib.sha256).digest())\n"
                '    return (text + "." + mac).encode()'
            ),
        },
        others=(
            'def sign(claims, secret):\n    import jwt\n\n    return jwt.encode(claims, secret, algorithm="HS256")',
            "def sign(claims, secret):\n"
            '    text = segment(b\'{"typ": "JWT", "alg": "HS256"}\') + "."\n'
            "    text += segment(json.dumps(claims, ensure_ascii=False, indent=1).encode())\n"
            '    return text + "." + segment(hmac.digest(secret, text.encode(), "sha256"))',
        ),
    ),
    "q2": HandedIn(
        mutants={
            "the tenant alone": Mutant('can_forge = {"tenant"}', "who verifies cannot sign"),
            "without the copy": Mutant('can_forge = {"tenant", "api"}', "a copied secret does not count"),
            "the application too": Mutant(
                'can_forge = {"tenant", "api", "pipeline", "application"}', "client_secret signs"
            ),
            "the user too": Mutant('can_forge = {"tenant", "api", "pipeline", "user"}', "a token reveals its secret"),
            "the other API too": Mutant(
                'can_forge = {"tenant", "api", "pipeline", "billing"}', "one secret for the whole tenant"
            ),
            "everybody": Mutant('can_forge = {"tenant", "api", "application", "billing", "pipeline", "user"}'),
            "not the tenant": Mutant('can_forge = {"api", "pipeline"}'),
            "one name": Mutant('can_forge = "tenant"'),
            "another name": Mutant('can_forge = {"tenant", "orders"}'),
        },
        others=('can_forge = ["pipeline", "API", "tenant"]',),
    ),
    "q3": HandedIn(
        mutants={
            "always text": Mutant(
                f"{_READING}    return 'text'",
                "base64 text is its bytes",
            ),
            "by its looks": Mutant(
                f"{_READING}    try:\n"
                '        key = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))\n'
                "    except ValueError:\n        return 'text'\n"
                "    return 'base64url'",
                "base64 text is its bytes",
            ),
            "base64": Mutant(
                f"{_READING}    if {_FITS.format('text.encode()')}:\n        return 'text'\n"
                '    try:\n        key = base64.b64decode(text + "=" * (-len(text) % 4))\n'
                "    except ValueError:\n        return None\n"
                f"    if {_FITS.format('key')}:\n        return 'base64url'"
            ),
            "one of the two": Mutant(
                f"{_READING}    if {_FITS.format('text.encode()')}:\n        return 'text'\n    return 'base64url'"
            ),
            "the bytes alone": Mutant(
                f"{_READING}"
                '    key = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))\n'
                f"    return 'base64url' if {_FITS.format('key')} else None"
            ),
            "one sign of padding": Mutant(
                f"{_READING}    if {_FITS.format('text.encode()')}:\n        return 'text'\n"
                '    try:\n        key = base64.urlsafe_b64decode(text + "=")\n'
                "    except ValueError:\n        return None\n"
                f"    return 'base64url' if {_FITS.format('key')} else None"
            ),
            "a sentence is a text": Mutant(
                f"{_READING}    if ' ' in text or {_FITS.format('text.encode()')}:\n        return 'text'\n"
                '    key = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))\n'
                f"    return 'base64url' if {_FITS.format('key')} else None"
            ),
            "no text with blanks": Mutant(
                f"{_READING}    if ' ' in text:\n        return None\n"
                f"    if {_FITS.format('text.encode()')}:\n        return 'text'\n"
                '    key = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))\n'
                f"    if {_FITS.format('key')}:\n        return 'base64url'"
            ),
        },
        others=(
            f"{_READING}    if {_FITS.format('text.encode()')}:\n        return 'text'\n"
            '    try:\n        key = base64.urlsafe_b64decode(text + "==")\n'
            "    except ValueError:\n        return None\n"
            f"    return 'base64url' if {_FITS.format('key')} else None",
            "def how_to_read(token, text):\n    import jwt\n\n"
            '    for name, read in (("text", str.encode), ("base64url", jwt.utils.base64url_decode)):\n'
            "        try:\n"
            '            jwt.decode(token, read(text), algorithms=["HS256"], options={"verify_aud": False})\n'
            "            return name\n"
            "        except (jwt.InvalidTokenError, ValueError):\n            continue",
        ),
    ),
    "q4": HandedIn(
        mutants={
            "the first word": Mutant("def guess(token, words):\n    return words[0]"),
            "in hexadecimal": Mutant(f"{_GUESS}        if mac.hexdigest() == third_part:\n            return word"),
            "True": Mutant(f"{_GUESS}        if segment(mac.digest()) == third_part:\n            return True"),
            "False": Mutant(
                f"{_GUESS}        if segment(mac.digest()) == third_part:\n            return word\n    return False"
            ),
            "as bytes": Mutant(
                f"{_GUESS}        if segment(mac.digest()) == third_part:\n            return word.encode()"
            ),
            "the last word": Mutant(
                f"{_GUESS}        if segment(mac.digest()) == third_part:\n            return word\n    return word"
            ),
        },
        others=(
            f"{_GUESS}        if hmac.compare_digest(segment(mac.digest()), third_part):\n            return word",
            "def guess(token, words):\n    import jwt\n\n"
            "    for word in words:\n        try:\n"
            '            jwt.PyJWS().decode(token, word, algorithms=["HS256"])\n'
            "            return word\n"
            "        except jwt.InvalidSignatureError:\n            continue",
            "def guess(token, words):\n    import jwt\n\n"
            "    for word in words:\n        try:\n"
            '            jwt.decode(token, word, algorithms=["HS256"], options={"verify_aud": False})\n'
            "            return word\n"
            "        except jwt.InvalidTokenError:\n            continue",
        ),
    ),
    "q5": HandedIn(
        mutants={
            "in the code": Mutant(
                'def make_secret():\n    return "correct horse battery staple, and orders"', "any secret will do"
            ),
            "sixteen bytes": Mutant(
                "def make_secret():\n    import secrets\n\n    return secrets.token_bytes(16)", "any secret will do"
            ),
            "the module random": Mutant(
                "def make_secret():\n    import random\n\n    return random.randbytes(32)", "any chance will do"
            ),
            "filled up": Mutant(
                "def make_secret():\n    import secrets\n\n    return secrets.token_hex(8) + 'x' * 32",
                "length is strength",
            ),
            "32 hexadecimal digits": Mutant(
                "def make_secret():\n    import secrets\n\n    return secrets.token_hex(16)", "length is strength"
            ),
            "a hash of the time": Mutant(
                "def make_secret():\n    import time\n\n"
                "    return hashlib.sha256(str(time.time()).encode()).hexdigest()",
                "any chance will do",
            ),
            "the second on the clock": Mutant(
                "def make_secret():\n    import time\n\n"
                "    return hashlib.sha256(str(int(time.time())).encode()).hexdigest()",
                "any chance will do",
            ),
            "a generator with a seed": Mutant(
                "import random\n\nrng = random.Random(42)\n\n\ndef make_secret():\n    return rng.randbytes(32)",
                "any chance will do",
            ),
            "a hash of four bytes": Mutant(
                "import os\n\n\ndef make_secret():\n    return hashlib.sha256(os.urandom(4)).hexdigest()",
                "length is strength",
            ),
            "cut off": Mutant(
                "def make_secret():\n    import secrets\n\n    return secrets.token_hex(32)[:40]", "length is strength"
            ),
            "twice the half": Mutant(
                "def make_secret():\n    import secrets\n\n    return secrets.token_urlsafe(16) * 2",
                "length is strength",
            ),
            "a number": Mutant("def make_secret():\n    import secrets\n\n    return secrets.randbits(256)"),
        },
        others=(
            "def make_secret():\n    import os\n\n    return os.urandom(32)",
            "from os import urandom\n\n\ndef make_secret():\n    return urandom(32)",
            "def make_secret():\n    import secrets\n\n    return secrets.token_hex(32)",
            'def make_secret():\n    import secrets\n\n    return f"{secrets.randbits(256):x}"',
            "def make_secret():\n    import random\n\n    return random.SystemRandom().randbytes(32)",
            "def make_secret():\n    import secrets\n    import string\n\n"
            "    return ''.join(secrets.choice(string.ascii_letters + string.digits) for _ in range(48))",
        ),
    ),
}
