"""What is handed in for the exercises of lesson 05."""

from tests.course.handed_in import HandedIn, Mutant

_CACHE = """class KeyCache:
    def __init__(self, fetch, now):
        self.fetch, self.now = fetch, now
        self.keys, self.fetched_at = {}, None

    def read(self):
        self.keys = {key["kid"]: key for key in self.fetch()["keys"]}
        self.fetched_at = self.now()

    def find(self, kid):
"""


def _cache(body: str) -> str:
    return _CACHE + "\n".join(f"        {line}" for line in body.splitlines())


_TABLE = """age = float('inf') if self.fetched_at is None else self.now() - self.fetched_at
limit = 600 if kid in self.keys else 30
if age >= limit:
    self.read()
return self.keys.get(kid)"""


def _trusts(condition: str) -> str:
    return (
        "def keys_address(header, payload, trusted):\n    for issuer, address in trusted.items():\n"
        f"        if {condition}:\n            return address\n    return None"
    )


def _named(condition: str) -> str:
    return (
        'def find_key(header, jwks):\n    kid = header.get("kid")\n'
        f'    return next((key for key in jwks["keys"] if {condition}), None)'
    )


ANSWERS = {
    "q2": HandedIn(
        mutants={
            "the first key": Mutant('def find_key(header, jwks):\n    return jwks["keys"][0]', "the first key will do"),
            "the first key where none fits": Mutant(
                "def find_key(header, jwks):\n"
                '    named = [key for key in jwks["keys"] if key.get("kid") == header.get("kid")]\n'
                '    return (named or jwks["keys"])[0]',
                "the first key will do",
            ),
            "the key that the header brings": Mutant(
                "def find_key(header, jwks):\n"
                '    if "jwk" in header:\n        return header["jwk"]\n'
                '    return next((key for key in jwks["keys"] if key.get("kid") == header.get("kid", "")), None)',
                "the token may bring its key",
            ),
            "the key that the header brings, where none fits": Mutant(
                "def find_key(header, jwks):\n"
                '    named = [key for key in jwks["keys"] if key.get("kid") == header.get("kid", "")]\n'
                '    return named[0] if named else header.get("jwk", "no key")',
                "the token may bring its key",
            ),
            "the key that the header brings, where it names none": Mutant(
                'def find_key(header, jwks):\n    kid = header.get("kid")\n'
                '    if kid is None:\n        return header.get("jwk")\n'
                '    return next((key for key in jwks["keys"] if key.get("kid") == kid), None)',
                "the token may bring its key",
            ),
            "a certificate that the header brings": Mutant(
                'def find_key(header, jwks):\n    kid = header.get("kid")\n'
                '    if "x5c" in header and kid is None:\n        return header["x5c"][0]\n'
                '    return next((key for key in jwks["keys"] if kid and key.get("kid") == kid), None)',
                "the token may bring its key",
            ),
            "an address that the header brings": Mutant(
                'def find_key(header, jwks):\n    kid = header.get("kid")\n'
                '    if "jku" in header:\n        return header["jku"]\n'
                '    return next((key for key in jwks["keys"] if kid and key.get("kid") == kid), None)',
                "the token may bring its key",
            ),
            "the only key": Mutant(
                'def find_key(header, jwks):\n    kid = header.get("kid")\n'
                '    if len(jwks["keys"]) == 1:\n        return jwks["keys"][0]\n'
                '    return next((key for key in jwks["keys"] if kid and key.get("kid") == kid), None)',
                "the first key will do",
            ),
            "the only key for no name": Mutant(
                'def find_key(header, jwks):\n    kid = header.get("kid")\n'
                '    if kid is None:\n        return jwks["keys"][0] if len(jwks["keys"]) == 1 else None\n'
                '    return next((key for key in jwks["keys"] if key.get("kid") == kid), None)',
                "the first key will do",
            ),
            "a name that is null": Mutant(
                'def find_key(header, jwks):\n    if "kid" not in header:\n        return None\n'
                '    return next((key for key in jwks["keys"] if key.get("kid") == header["kid"]), None)'
            ),
            "no name equals no name": Mutant(
                "def find_key(header, jwks):\n"
                '    return next((key for key in jwks["keys"] if key.get("kid") == header.get("kid")), None)'
            ),
            "the beginning of a name": Mutant(_named('kid and key.get("kid", "").startswith(kid)')),
            "a longer name": Mutant(_named('key.get("kid") and (kid or "").startswith(key["kid"])')),
            "small letters": Mutant(_named('kid and key.get("kid", "").lower() == kid.lower()')),
            "an empty name": Mutant(_named('kid == key.get("kid", "")')),
            "the notebook's own set": Mutant(
                _named('kid and key.get("kid") == kid').replace('in jwks["keys"]', 'in tenant.jwks["keys"]')
            ),
            "its name": Mutant(
                "def find_key(header, jwks):\n"
                '    return next((key["kid"] for key in jwks["keys"] if key.get("kid") == header["kid"]), None)'
            ),
            "the set as a dict": Mutant('def find_key(header, jwks):\n    return jwks.get(header.get("kid"))'),
        },
        others=(
            "def find_key(header, jwks):\n"
            '    named = {key["kid"]: key for key in jwks["keys"] if "kid" in key}\n'
            '    return named.get(header.get("kid"))',
            "def find_key(header, jwks):\n"
            '    if not header.get("kid"):\n        return None\n'
            '    return next((key for key in jwks["keys"] if key.get("kid") == header["kid"]), None)',
            _named('kid and key.get("kid") == kid and key.get("use") == "sig" and key["alg"] == header["alg"]'),
            "def find_key(header, jwks):\n    import jwt\n\n"
            "    usable = {key.key_id for key in jwt.PyJWKSet.from_dict(jwks).keys if key.key_id}\n"
            '    return next((key for key in jwks["keys"] if key.get("kid") == header.get("kid") in usable), None)',
        ),
    ),
    "q3": HandedIn(
        mutants={
            "no cache": Mutant(_cache("self.read()\nreturn self.keys.get(kid)")),
            "never fetched": Mutant(_cache("return self.keys.get(kid)")),
            "each unknown kid": Mutant(
                _cache(
                    "if kid not in self.keys or self.now() - self.fetched_at >= 600:\n"
                    "    self.read()\nreturn self.keys.get(kid)"
                ),
                "an unknown kid always fetches",
            ),
            "the cooldown of the first fetch": Mutant(
                _cache(
                    "if not self.keys:\n    self.read()\n    self.first = self.now()\n"
                    "if self.now() - self.fetched_at >= 600 or (\n"
                    "    kid not in self.keys and self.now() - self.first >= 30\n):\n"
                    "    self.read()\nreturn self.keys.get(kid)"
                ),
                "an unknown kid always fetches",
            ),
            "by age alone": Mutant(
                _cache(
                    "if self.fetched_at is None or self.now() - self.fetched_at >= 600:\n"
                    "    self.read()\nreturn self.keys.get(kid)"
                )
            ),
            "never too old": Mutant(
                _cache(
                    "if self.fetched_at is None or (kid not in self.keys and self.now() - self.fetched_at >= 30):\n"
                    "    self.read()\nreturn self.keys.get(kid)"
                )
            ),
            "keys only added": Mutant(
                _cache(
                    "age = 600 if self.fetched_at is None else self.now() - self.fetched_at\n"
                    "if age >= 600 or (kid not in self.keys and age >= 30):\n"
                    '    self.keys.update({key["kid"]: key for key in self.fetch()["keys"]})\n'
                    "    self.fetched_at = self.now()\nreturn self.keys.get(kid)"
                )
            ),
            "a fetch that brought nothing": Mutant(
                _cache(
                    "age = 600 if self.fetched_at is None else self.now() - self.fetched_at\n"
                    "if age >= 600 or (kid not in self.keys and age >= 30):\n"
                    "    before = self.fetched_at\n    self.read()\n"
                    "    if kid not in self.keys:\n        self.fetched_at = before\nreturn self.keys.get(kid)"
                ),
                "an unknown kid always fetches",
            ),
            "a later fetch that brought nothing": Mutant(
                _cache(
                    "age = 600 if self.fetched_at is None else self.now() - self.fetched_at\n"
                    "if age >= 600 or (kid not in self.keys and age >= 30):\n"
                    "    before = self.fetched_at\n    self.read()\n"
                    "    if before is not None and kid not in self.keys:\n        self.fetched_at = before\n"
                    "return self.keys.get(kid)"
                ),
                "an unknown kid always fetches",
            ),
            "unknown for good": Mutant(
                _cache(
                    "age = 600 if self.fetched_at is None else self.now() - self.fetched_at\n"
                    "if age >= 600:\n    self.unknown = set()\n"
                    "if age >= 600 or (kid not in self.keys and kid not in self.unknown and age >= 30):\n"
                    "    self.read()\n"
                    "if kid not in self.keys:\n    self.unknown.add(kid)\nreturn self.keys.get(kid)"
                )
            ),
            "known kids after half a minute": Mutant(_cache(_TABLE.replace("600 if kid in self.keys else 30", "30"))),
            "known kids after five minutes": Mutant(_cache(_TABLE.replace("600", "300"))),
            "a shorter cooldown": Mutant(_cache(_TABLE.replace("else 30", "else 20"))),
            "after the cooldown": Mutant(_cache(_TABLE.replace(">= limit", "> limit"))),
            "older than ten minutes": Mutant(_cache(_TABLE.replace("600 if", "600.001 if"))),
            "twice for one": Mutant(
                _cache(_TABLE.replace("return", "if kid not in self.keys and age >= 30:\n    self.read()\nreturn"))
            ),
            "twice for one, when it is old": Mutant(
                _cache(
                    _TABLE.replace("return", "if kid not in self.keys and 600 <= age < 1e9:\n    self.read()\nreturn")
                )
            ),
            "a cooldown that age does not begin": Mutant(
                _cache(
                    "age = 600 if self.fetched_at is None else self.now() - self.fetched_at\n"
                    "if self.fetched_at is None:\n    self.missed_at = self.now()\n"
                    "if age >= 600:\n    self.read()\n"
                    "elif kid not in self.keys and self.now() - self.missed_at >= 30:\n"
                    "    self.read()\n    self.missed_at = self.now()\n"
                    "return self.keys.get(kid)"
                ),
                "an unknown kid always fetches",
            ),
            "an age that an unknown kid does not renew": Mutant(
                _cache(
                    "if self.fetched_at is None or self.now() - self.aged_at >= 600:\n"
                    "    self.read()\n    self.aged_at = self.now()\n"
                    "elif kid not in self.keys and self.now() - self.fetched_at >= 30:\n    self.read()\n"
                    "return self.keys.get(kid)"
                )
            ),
            "the last key alone": Mutant(
                _cache(
                    _TABLE.replace(
                        "    self.read()",
                        '    for k in self.fetch()["keys"]:\n        self.keys = {k["kid"]: k}\n'
                        "    self.fetched_at = self.now()",
                    )
                )
            ),
            "never, or at 0": Mutant(_cache(_TABLE.replace("self.fetched_at is None", "not self.fetched_at"))),
            "fetched at 0 to begin with": Mutant(
                _cache(
                    _TABLE.replace(
                        "float('inf') if self.fetched_at is None else self.now() - self.fetched_at",
                        "self.now() - (self.fetched_at or 0)",
                    )
                )
            ),
            "yes or no": Mutant(_cache("self.read()\nreturn kid in self.keys")),
        },
        others=(
            _cache(
                "age = float('inf') if self.fetched_at is None else self.now() - self.fetched_at\n"
                "limit = 600 if kid in self.keys else 30\n"
                "if age >= limit:\n    self.read()\nreturn self.keys.get(kid)"
            ),
            "def KeyCache(fetch, now):\n"
            "    class Cache:\n"
            "        jwks, read_at = None, 0\n\n"
            "        def find(self, kid):\n"
            "            for attempt in (1, 2):\n"
            '                keys = self.jwks["keys"] if self.jwks and now() - self.read_at < 600 else []\n'
            '                found = [key for key in keys if key["kid"] == kid]\n'
            "                if found:\n"
            "                    return found[0]\n"
            "                if self.jwks is None or now() - self.read_at >= 30:\n"
            "                    self.jwks, self.read_at = fetch(), now()\n"
            "    return Cache()",
        ),
    ),
    "q4": HandedIn(
        mutants={
            "the header's address": Mutant(
                "def keys_address(header, payload, trusted):\n"
                '    return header.get("jku") or trusted.get(payload["iss"])',
                "the token may bring its key",
            ),
            "the issuer's address": Mutant(
                "def keys_address(header, payload, trusted):\n    return payload['iss'] + '.well-known/jwks.json'"
            ),
            "the beginning of the address": Mutant(
                "def keys_address(header, payload, trusted):\n"
                '    jku = header.get("jku", "")\n'
                "    if any(jku.startswith(issuer) for issuer in trusted):\n        return jku\n"
                '    return trusted.get(payload["iss"])',
                "a prefix makes it trusted",
            ),
            "one address for all": Mutant(
                "def keys_address(header, payload, trusted):\n    return next(iter(trusted.values()))"
            ),
            "none with a jku": Mutant(
                "def keys_address(header, payload, trusted):\n"
                '    return None if "jku" in header else trusted.get(payload["iss"])'
            ),
            "an address that is trusted for others": Mutant(
                "def keys_address(header, payload, trusted):\n"
                '    if header.get("jku") in trusted.values():\n        return header["jku"]\n'
                '    return trusted.get(payload["iss"])',
                "the token may bring its key",
            ),
            "begins with a trusted name": Mutant(_trusts('payload["iss"].startswith(issuer)')),
            "holds a trusted name": Mutant(
                _trusts('issuer in payload["iss"] and not payload["iss"].endswith("evil/")')
            ),
            "small letters": Mutant(_trusts('payload["iss"].lower() == issuer')),
            "the slash forgiven": Mutant(
                'def keys_address(header, payload, trusted):\n    return trusted.get(payload["iss"].rstrip("/") + "/")',
                "the slash does not matter",
            ),
            "begins like the address": Mutant(
                "def keys_address(header, payload, trusted):\n"
                '    address, jku = trusted.get(payload["iss"]), header.get("jku", "")\n'
                "    return jku if address and jku.startswith(address) else address",
                "a prefix makes it trusted",
            ),
            "http is as good": Mutant(
                "def keys_address(header, payload, trusted):\n"
                '    return trusted.get(payload["iss"].replace("http://", "https://"))'
            ),
            "ends like a trusted name": Mutant(_trusts('payload["iss"] and issuer.endswith(payload["iss"])')),
            "part of a trusted name": Mutant(_trusts('len(payload["iss"]) != 1 and payload["iss"] in issuer')),
            "not returned": Mutant('def keys_address(header, payload, trusted):\n    trusted.get(payload["iss"])'),
            "our own for strangers": Mutant(
                "def keys_address(header, payload, trusted):\n"
                '    return trusted.get(payload["iss"], "https://training.authkit.example/.well-known/jwks.json")'
            ),
        },
        others=(
            "def keys_address(header, payload, trusted):\n"
            "    for issuer, address in trusted.items():\n"
            '        if issuer == payload.get("iss"):\n            return address',
        ),
    ),
}
