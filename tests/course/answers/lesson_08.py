"""What is handed in for the exercises of lesson 08."""

from tests.course.handed_in import HandedIn, Mutant

_WHO = (
    "def answer_to(request, applications, apis, grants):\n"
    '    app, audience = applications.get(request["client_id"]), request["audience"]\n'
    '    if not app or not app["secret"] or request.get("client_secret") != app["secret"]:\n'
    '        return 401, "access_denied"\n'
)
_HOW = '    if "client_credentials" not in app["grant_types"]:\n        return 403, "unauthorized_client"\n'
_WHERE = '    if audience not in apis:\n        return 403, "access_denied"\n'
_GRANT = (
    '    granted = grants.get((request["client_id"], audience))\n'
    '    if granted is None:\n        return 403, "access_denied"\n'
)
_SCOPE = '    if not set(request.get("scope", "").split()) <= set(granted):\n        return 403, "access_denied"\n'
_DENIED = '        return 403, "access_denied"\n'
_DONE = "    return 200, None"
_RIGHT = f"{_WHO}{_HOW}{_WHERE}{_GRANT}{_SCOPE}{_DONE}"

_CHALLENGE = "import base64\nimport hashlib\n\n\ndef challenge_of(code_verifier):\n"
_DIGEST = "hashlib.sha256(code_verifier.encode()).digest()"

_FAMILIES = """import secrets


class Families:
    def __init__(self):
        self.family_of, self.newest = {}, {}

    def start(self):
        token = secrets.token_urlsafe()
        self.family_of[token], self.newest[token] = token, token
        return token

    def use(self, token):
        family = self.family_of.get(token)
        if family is None or family not in self.newest:
            return None
        if self.newest[family] != token:
            del self.newest[family]
            return None
        following = secrets.token_urlsafe()
        self.family_of[following], self.newest[family] = family, following
        return following"""


def _families(old: str, new: str) -> str:
    assert old in _FAMILIES, old
    return _FAMILIES.replace(old, new)


ANSWERS = {
    "q1": HandedIn(
        mutants={
            "nobody authorised it": Mutant(
                f"{_WHO}{_HOW}{_WHERE}"
                '    if not set(request.get("scope", "").split()) <= set(apis[audience]):\n'
                f'        return 403, "access_denied"\n{_DONE}',
                "any application of the tenant may ask",
            ),
            "the client id is enough": Mutant(
                _RIGHT.replace(' or not app["secret"] or request.get("client_secret") != app["secret"]', ""),
                "the client id is enough",
            ),
            "none equals none": Mutant(_RIGHT.replace(' or not app["secret"]', "")),
            "any grant type": Mutant(f"{_WHO}{_WHERE}{_GRANT}{_SCOPE}{_DONE}"),
            "without the slash": Mutant(
                _RIGHT.replace('request["audience"]\n', 'request["audience"].rstrip("/") + "/"\n', 1),
                "the slash does not matter",
            ),
            "the API's scopes": Mutant(_RIGHT.replace("set(granted)", "set(apis[audience])")),
            "an empty grant is none": Mutant(_RIGHT.replace("if granted is None", "if not granted")),
            "everyone is unknown": Mutant(_RIGHT.replace("403", "401")),
            "the API first": Mutant(
                _RIGHT.replace(_WHERE, "").replace("    if not app or", f"{_WHERE}    if not app or", 1)
            ),
            "the scope is needed": Mutant(_RIGHT.replace('request.get("scope", "").split()', '[request.get("scope")]')),
            "the scopes as one": Mutant(
                _RIGHT.replace(_SCOPE, f'    if request.get("scope", "") not in ["", *granted]:\n{_DENIED}')
            ),
            "a part of a scope": Mutant(
                _RIGHT.replace(
                    _SCOPE,
                    f'    if any(one not in " ".join(granted) for one in request.get("scope", "").split()):\n{_DENIED}',
                )
            ),
            "the last scope": Mutant(_RIGHT.replace(".split())", ".split()[-1:])")),
            "the grant type first": Mutant(
                f'{_WHO.splitlines(keepends=True)[0]}    app = applications.get(request["client_id"])\n'
                f"    if app:\n    {_HOW.replace('        return', '            return')}"
                f"{''.join(_WHO.splitlines(keepends=True)[1:])}{_WHERE}{_GRANT}{_SCOPE}{_DONE}"
            ),
            "the grant type last": Mutant(f"{_WHO}{_WHERE}{_GRANT}{_SCOPE}{_HOW}{_DONE}"),
            "the client grant of any API": Mutant(
                _RIGHT.replace(
                    'grants.get((request["client_id"], audience))',
                    'next((grants[one] for one in grants if one[0] == request["client_id"]), None)',
                )
            ),
            "anyone's secret": Mutant(
                _RIGHT.replace('!= app["secret"]:', 'not in [one["secret"] for one in applications.values()]:')
            ),
            "a secret only if one is sent": Mutant(
                _RIGHT.replace(
                    'request.get("client_secret") != app["secret"]',
                    '("client_secret" in request and request["client_secret"] != app["secret"])',
                ),
                "the client id is enough",
            ),
            "a part of the secret": Mutant(
                _RIGHT.replace(
                    'request.get("client_secret") != app["secret"]',
                    'request.get("client_secret", "") not in app["secret"]',
                )
            ),
            "the secret and more": Mutant(
                _RIGHT.replace(
                    'request.get("client_secret") != app["secret"]',
                    'app["secret"] not in request.get("client_secret", "")',
                )
            ),
            "a grant is enough": Mutant(f"{_WHO}{_HOW}{_GRANT}{_SCOPE}{_DONE}"),
            "an empty grant is no limit": Mutant(_RIGHT.replace("if not set(", "if granted and not set(")),
            "below an API": Mutant(
                _RIGHT.replace(
                    _WHERE, f"    audience = next((one for one in apis if audience.startswith(one)), None)\n{_WHERE}"
                )
            ),
            "the error alone": Mutant(
                'def answer_to(request, applications, apis, grants):\n    return "access_denied"'
            ),
        },
        others=(
            "def answer_to(request, applications, apis, grants):\n"
            '    who, where = request["client_id"], request["audience"]\n'
            '    secret = applications.get(who, {}).get("secret")\n'
            "    checks = [\n"
            '        (lambda: secret is not None and secret == request.get("client_secret"), 401, "access_denied"),\n'
            '        (lambda: "client_credentials" in applications[who]["grant_types"], 403, "unauthorized_client"),\n'
            '        (lambda: where in apis and (who, where) in grants, 403, "access_denied"),\n'
            '        (lambda: all(one in grants[who, where] for one in request.get("scope", "").split()),\n'
            '         403, "access_denied"),\n'
            "    ]\n"
            "    return next(([status, error] for passed, status, error in checks if not passed()), [200, None])",
        ),
    ),
    "q2": HandedIn(
        mutants={
            "plain": Mutant(f"{_CHALLENGE}    return code_verifier"),
            "padded": Mutant(f"{_CHALLENGE}    return base64.urlsafe_b64encode({_DIGEST}).decode()"),
            "the other alphabet": Mutant(
                f'{_CHALLENGE}    return base64.b64encode({_DIGEST}).decode().rstrip("=")',
            ),
            "hexadecimal": Mutant(f"{_CHALLENGE}    return hashlib.sha256(code_verifier.encode()).hexdigest()"),
            "hexadecimal, encoded": Mutant(
                f"{_CHALLENGE}    digits = hashlib.sha256(code_verifier.encode()).hexdigest()\n"
                '    return base64.urlsafe_b64encode(digits.encode()).decode().rstrip("=")'
            ),
            "encoded only": Mutant(
                f'{_CHALLENGE}    return base64.urlsafe_b64encode(code_verifier.encode()).decode().rstrip("=")'
            ),
            "bytes": Mutant(f'{_CHALLENGE}    return base64.urlsafe_b64encode({_DIGEST}).rstrip(b"=")'),
            "bytes as they are displayed": Mutant(f"{_CHALLENGE}    return str(base64.urlsafe_b64encode({_DIGEST}))"),
            "stripped of more": Mutant(
                f'{_CHALLENGE}    return base64.urlsafe_b64encode({_DIGEST}).decode().strip("=-_")'
            ),
            "another hash": Mutant(
                f"{_CHALLENGE}    hashed = hashlib.sha1(code_verifier.encode()).digest()\n"
                '    return base64.urlsafe_b64encode(hashed).decode().rstrip("=")'
            ),
            "copied": Mutant(f'{_CHALLENGE}    return "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"'),
            "not returned": Mutant(f"{_CHALLENGE}    hashed = {_DIGEST}"),
        },
        others=(
            f"{_CHALLENGE}    text = base64.b64encode({_DIGEST}).decode()\n"
            '    return text.replace("+", "-").replace("/", "_").replace("=", "")',
            f'{_CHALLENGE}    return str(base64.b64encode({_DIGEST}, altchars=b"-_"), "ascii")[:43]',
        ),
    ),
    "q4": HandedIn(
        mutants={
            "the replay alone is refused": Mutant(
                _families("            del self.newest[family]\n", ""), "refusing the replay is enough"
            ),
            "the replayed token becomes the newest": Mutant(
                _families("            del self.newest[family]\n", "            self.newest[family] = token\n")
            ),
            "used tokens go on": Mutant(
                _families(
                    "        if self.newest[family] != token:\n            del self.newest[family]\n"
                    "            return None\n",
                    "",
                )
            ),
            "no rotation": Mutant(
                _families("        following = secrets.token_urlsafe()\n", "        following = token\n")
            ),
            "everybody is out": Mutant(_families("del self.newest[family]", "self.newest.clear()")),
            "only the last but one is known": Mutant(
                _families(
                    "        following = secrets.token_urlsafe()\n",
                    "        following = secrets.token_urlsafe()\n"
                    "        kept = {one: of for one, of in self.family_of.items() if of != family or one == token}\n"
                    "        self.family_of = kept\n",
                )
            ),
            "unknown tokens raise": Mutant(_families("self.family_of.get(token)", "self.family_of[token]")),
            "unknown tokens end families": Mutant(
                _families(
                    "        if family is None or",
                    "        if family is None:\n            self.newest.clear()\n        if family is None or",
                )
            ),
            "one store for all": Mutant(
                _families(
                    "    def __init__(self):\n        self.family_of, self.newest = {}, {}",
                    "    family_of, newest = {}, {}",
                )
            ),
            "nothing is taken": Mutant(_families("if family is None or", "if True or")),
            "one login": Mutant(_families("        token = secrets.token_urlsafe()\n", '        token = "first"\n')),
            "a counter": Mutant(
                _families("secrets.token_urlsafe()", 'f"token {len(self.family_of)}"'), "a number is secret enough"
            ),
            "true": Mutant(_families("        return following", "        return True")),
            "filed under the last login": Mutant(
                _families(
                    "self.family_of[token], self.newest[token] = token, token",
                    "self.family_of[token], self.newest[token], self.last = token, token, token",
                ).replace(
                    "self.family_of[following], self.newest[family] = family, following",
                    "self.family_of[following], self.newest[self.last] = self.last, following",
                )
            ),
            "replays end the last login": Mutant(
                _families(
                    "self.family_of[token], self.newest[token] = token, token",
                    "self.family_of[token], self.newest[token], self.last = token, token, token",
                )
                .replace("        following = secrets", "        self.last = family\n        following = secrets")
                .replace(
                    "            del self.newest[family]\n",
                    "            del self.newest[family]\n            self.newest.pop(self.last, None)\n",
                )
            ),
            "a number behind the login": Mutant(
                _families(
                    "        following = secrets.token_urlsafe()\n",
                    '        following = f"{family}.{len(self.family_of)}"\n',
                ),
                "a number is secret enough",
            ),
            "a hash of the one before": Mutant(
                _families(
                    "        following = secrets.token_urlsafe()\n",
                    "        following = hashlib.sha256(token.encode()).hexdigest()\n",
                ).replace("import secrets", "import hashlib\nimport secrets")
            ),
            "drawn from random": Mutant(
                _FAMILIES.replace("secrets.token_urlsafe()", "random.randbytes(32).hex()").replace(
                    "import secrets", "import random\nimport secrets"
                ),
                "any chance will do",
            ),
            "drawn from random at each use": Mutant(
                _families(
                    "        following = secrets.token_urlsafe()\n",
                    "        following = str(random.getrandbits(128))\n",
                ).replace("import secrets", "import random\nimport secrets"),
                "any chance will do",
            ),
            "the clock, hashed": Mutant(
                _FAMILIES.replace(
                    "secrets.token_urlsafe()", "hashlib.sha256(str(time.time_ns()).encode()).hexdigest()"
                ).replace("import secrets", "import hashlib\nimport time"),
                "a number is secret enough",
            ),
            "too short": Mutant(_FAMILIES.replace("secrets.token_urlsafe()", "secrets.token_hex(4)")),
        },
        others=(
            """from secrets import token_hex


class Families:
    def __init__(self):
        self.lines = []

    def start(self):
        self.lines.append([token_hex(16)])
        return self.lines[-1][0]

    def use(self, token):
        for line in self.lines:
            if token in line:
                line.append(token_hex(16) if line[-1] == token else None)
                return line[-1]
        return None""",
            _FAMILIES.replace(
                "following = secrets.token_urlsafe()", 'following = f"{family[:8]}.{secrets.token_urlsafe(16)}"'
            ),
            _FAMILIES.replace("secrets.token_urlsafe()", "str(secrets.randbits(128))"),
            _families("{}, {}\n", "{}, {}\n        self.key = secrets.token_bytes()\n")
            .replace(
                "= secrets.token_urlsafe()",
                "= hmac.digest(self.key, str(len(self.family_of)).encode(), 'sha256').hex()",
            )
            .replace("import secrets", "import hmac\nimport secrets"),
        ),
    ),
}
