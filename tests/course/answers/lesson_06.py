"""What is handed in for the exercises of lesson 06."""

from tests.course.handed_in import HandedIn, Mutant


def _accepts(body: str) -> str:
    return "def accepts(aud, api):\n" + "\n".join(f"    {line}" for line in body.splitlines())


def _nearly(compared: str, *imports: str) -> str:
    """Texts and lists are told apart, and each name is compared like this."""
    names = "names = [aud] if isinstance(aud, str) else aud if isinstance(aud, list) else []"
    return _accepts("\n".join([*imports, names, f"return any({compared} for n in names if isinstance(n, str))"]))


def _in_lists(compared: str, *imports: str) -> str:
    """A text is compared as it should be, and each name in a list like this."""
    return _accepts(
        "\n".join(
            [
                *imports,
                "if isinstance(aud, list):",
                f"    return any({compared} for n in aud if isinstance(n, str))",
                "return isinstance(aud, str) and aud == api",
            ]
        )
    )


def _in_time(body: str) -> str:
    return "def in_time(payload, now, leeway):\n" + "\n".join(f"    {line}" for line in body.splitlines())


def _bearer(body: str) -> str:
    return "def bearer_token(request):\n" + "\n".join(f"    {line}" for line in body.splitlines())


_RIGHT = """import jwt


def guard(request, api, now):
    sent = request.headers.get("Authorization", "").split()
    if len(sent) != 2 or sent[0].lower() != "bearer":
        return (401, 'Bearer realm="orders"')
    token = sent[1]
    try:
        header = jwt.get_unverified_header(token)
        keys = {key.key_id: key for key in jwt.PyJWKSet.from_dict(api["jwks"]).keys}
        claims = jwt.decode(
            token,
            keys[header["kid"]],
            algorithms=["RS256"],
            audience=api["audience"],
            issuer=api["issuer"],
            options={"require": ["exp"], "verify_exp": False, "verify_nbf": False},
        )
        if claims["exp"] <= now:
            raise jwt.ExpiredSignatureError
        if claims.get("nbf", 0) > now:
            raise jwt.ImmatureSignatureError
    except (jwt.PyJWTError, KeyError, TypeError):
        return (401, 'Bearer realm="orders", error="invalid_token"')
    scope = claims.get("scope")
    if not isinstance(scope, str) or api["scope"] not in scope.split():
        return (403, 'Bearer error="insufficient_scope", scope="' + api["scope"] + '"')
    return (200, None)
"""


def _audience(refused: str, *imports: str) -> str:
    """A guard that has switched PyJWT's aud off and refuses under this condition."""
    lines = [*imports, 'aud, mine = claims["aud"], api["audience"]', f"if {refused}:", "    raise jwt.PyJWTError"]
    return _guard(('"verify_exp": False,', _NO_AUD), (_IN_TIME, _indented(lines) + _IN_TIME))


def _issuer(refused: str, *imports: str) -> str:
    """A guard that does not tell PyJWT of an issuer and refuses under this condition."""
    lines = [*imports, 'iss, mine = claims.get("iss", ""), api["issuer"]', f"if {refused}:", "    raise jwt.PyJWTError"]
    return _guard(_NO_ISSUER, (_IN_TIME, _indented(lines) + _IN_TIME))


def _indented(lines: list[str]) -> str:
    return "".join(f"        {line}\n" for line in lines)


def _guard(*changes: tuple[str, str]) -> str:
    code = _RIGHT
    for old, new in changes:
        assert code.count(old) == 1, old
        code = code.replace(old, new)
    return code


_NO_AUD = '"verify_exp": False, "verify_aud": False,'
_IN_TIME = '        if claims["exp"] <= now:\n'
_NO_ISSUER = ('            issuer=api["issuer"],\n', "")
_SCOPE = 'not isinstance(scope, str) or api["scope"] not in scope.split()'
_HEADER = 'if len(sent) != 2 or sent[0].lower() != "bearer":'

ANSWERS = {
    "q1": HandedIn(
        mutants={
            "everybody": Mutant(_accepts("return True"), "the audience may be left out"),
            "if there is one": Mutant(_accepts("return not aud or api in aud"), "the audience may be left out"),
            "a part of a text": Mutant(_accepts("return aud is not None and api in aud")),
            "the beginning": Mutant(
                _accepts(
                    "names = aud if isinstance(aud, list) else [str(aud)]\n"
                    "return any(str(name).startswith(api) for name in names)"
                ),
                "a prefix makes it trusted",
            ),
            "the slash forgiven": Mutant(
                _accepts(
                    "names = aud if isinstance(aud, list) else [str(aud)]\n"
                    'return any(str(name).rstrip("/") == api.rstrip("/") for name in names)'
                ),
                "the slash does not matter",
            ),
            "capitals forgiven": Mutant(_accepts("return str(aud).lower() == api.lower()")),
            "no lists": Mutant(_accepts("return aud == api")),
            "lists of one": Mutant(_accepts("return aud == api or aud == [api]")),
            "the first of a list": Mutant(
                _accepts("return aud == api or isinstance(aud, list) and len(aud) > 0 and aud[0] == api")
            ),
            "the slash forgiven in lists": Mutant(
                _accepts(
                    "return aud == api or isinstance(aud, list) "
                    'and api.rstrip("/") in [str(name).rstrip("/") for name in aud]'
                ),
                "the slash does not matter",
            ),
            "capitals forgiven in lists": Mutant(
                _accepts(
                    "return aud == api or isinstance(aud, list) and api.lower() in [str(name).lower() for name in aud]"
                )
            ),
            "the end in lists": Mutant(
                _accepts("return aud == api or isinstance(aud, list) and any(str(name).endswith(api) for name in aud)")
            ),
            "numbers in lists": Mutant(
                _accepts("return aud == api or isinstance(aud, list) and (api in aud or 5 in aud)")
            ),
            "nothing in lists": Mutant(
                _accepts("return aud == api or isinstance(aud, list) and (api in aud or None in aud)")
            ),
            "a name in the code": Mutant(
                _accepts('return "https://orders.example/" in (aud if isinstance(aud, list) else [aud])')
            ),
            "a name in the code, for lists": Mutant(
                _accepts("if isinstance(aud, list):\n    return me in aud\nreturn isinstance(aud, str) and aud == api")
            ),
            "blanks forgiven": Mutant(_nearly("n.strip() == api.strip()")),
            "blanks forgiven in lists": Mutant(_in_lists("n.strip() == api.strip()")),
            "a line's end forgiven": Mutant(_nearly('re.match(re.escape(api) + "$", n)', "import re")),
            "the query forgiven": Mutant(
                _nearly("urlsplit(n)[:3] == urlsplit(api)[:3]", "from urllib.parse import urlsplit")
            ),
            "the query forgiven in lists": Mutant(
                _in_lists("urlsplit(n)[:3] == urlsplit(api)[:3]", "from urllib.parse import urlsplit")
            ),
            "the fragment forgiven": Mutant(
                _nearly("urldefrag(n)[0] == urldefrag(api)[0]", "from urllib.parse import urldefrag")
            ),
            "any scheme": Mutant(_nearly('n.replace("http://", "https://") == api')),
            "any port": Mutant(_nearly('n.replace(":443/", "/") == api')),
            "escapes forgiven": Mutant(_nearly("unquote(n) == api", "from urllib.parse import unquote")),
            "several with commas": Mutant(_nearly('api in n.split(",")')),
            "several with blanks": Mutant(_nearly('api in n.split(" ")')),
            "a pattern": Mutant(_nearly("re.fullmatch(api, n)", "import re")),
            "a pattern in lists": Mutant(_in_lists("re.fullmatch(api, n)", "import re")),
            "any list": Mutant(_accepts("return isinstance(aud, list) or aud == api")),
            "whatever holds the name": Mutant(
                _accepts(
                    'if isinstance(aud, str):\n    return aud == api\nreturn hasattr(aud, "__iter__") and api in aud'
                )
            ),
            "the name itself": Mutant(_accepts("return aud")),
            "refuses all": Mutant(_accepts("return False")),
        },
        others=(
            _accepts(
                "match aud:\n    case str():\n        return aud == api\n"
                "    case list():\n        return any(name == api for name in aud)\nreturn False"
            ),
            _accepts(
                "names = [aud] if isinstance(aud, str) else aud if isinstance(aud, list) else []\n"
                "return names.count(api) > 0"
            ),
            # numpy's truth
            _accepts(
                "import numpy\n"
                "names = [aud] if isinstance(aud, str) else aud if isinstance(aud, list) else []\n"
                "return numpy.any([name == api for name in names])"
            ),
        ),
    ),
    "q3": HandedIn(
        mutants={
            "exp in milliseconds": Mutant(_in_time('return payload["exp"] / 1000 > now'), "exp is in milliseconds"),
            "now in milliseconds": Mutant(
                _in_time('return payload.get("exp", 0) > now / 1000'), "exp is in milliseconds"
            ),
            "the wrong side": Mutant(_in_time('return payload.get("exp", 0) < now')),
            "one second too long": Mutant(_in_time('return now <= payload.get("exp", 0) + leeway')),
            "one second too short": Mutant(_in_time('return now < payload.get("exp", 0) + leeway - 1')),
            "whole seconds": Mutant(_in_time('return now < int(payload.get("exp") or 0) + leeway')),
            "no exp, no end": Mutant(
                _in_time('return now < payload.get("exp", now + 1) + leeway'), "a missing exp is harmless"
            ),
            "no nbf": Mutant(_in_time('return now < (payload.get("exp") or 0) + leeway')),
            "nbf too late": Mutant(_in_time('return payload.get("nbf", 0) < now < (payload.get("exp") or 0)')),
            "no leeway": Mutant(_in_time('return payload.get("nbf", 0) <= now < (payload.get("exp") or 0)')),
            "leeway the wrong way": Mutant(
                _in_time('exp = payload.get("exp") or 0\nreturn payload.get("nbf", 0) + leeway <= now < exp + leeway')
            ),
            "leeway and its boundary": Mutant(
                _in_time(
                    'exp, nbf = payload.get("exp") or 0, payload.get("nbf", 0)\n'
                    "return nbf - leeway <= now and (now < exp or leeway > 0 and now <= exp + leeway)"
                )
            ),
            "a text as a number": Mutant(
                _in_time(
                    'exp, nbf = float(payload.get("exp") or 0) if not isinstance(payload.get("exp"), list) else 0, '
                    'payload.get("nbf", 0)\nreturn nbf - leeway <= now < exp + leeway'
                )
            ),
            "the machine's clock": Mutant(_in_time('import time\nreturn payload.get("exp", 0) > time.time()')),
            "nothing said": Mutant(_in_time('assert now < payload["exp"]')),
        },
        others=(
            _in_time(
                'try:\n    if payload["exp"] <= now - leeway:\n        return False\n'
                "except (KeyError, TypeError):\n    return False\n"
                'if "nbf" in payload and payload["nbf"] > now + leeway:\n    return False\nreturn True'
            ),
            # numpy's truth
            _in_time(
                "import numpy\n"
                'exp, nbf = payload.get("exp"), payload.get("nbf", now)\n'
                "if not isinstance(exp, int | float) or not isinstance(nbf, int | float):\n    return False\n"
                "return numpy.float64(nbf - leeway) <= now and numpy.float64(exp + leeway) > now"
            ),
        ),
    ),
    "q4": HandedIn(
        mutants={
            "the whole header": Mutant(_bearer('return request.headers.get("Authorization")')),
            "an empty text": Mutant(_bearer('return request.headers.get("Authorization", "")[7:]')),
            "capitals matter": Mutant(
                _bearer(
                    'sent = request.headers.get("Authorization", "")\n'
                    'return sent[7:] if sent.startswith("Bearer ") else None'
                )
            ),
            "one other spelling": Mutant(
                _bearer(
                    'sent = request.headers.get("Authorization", "")\n'
                    'return sent[7:] if sent[:7] in ("Bearer ", "bearer ") else None'
                )
            ),
            "all in small letters": Mutant(
                _bearer(
                    'sent = request.headers.get("Authorization", "").lower()\n'
                    'return sent.removeprefix("bearer ") if sent.startswith("bearer ") else None'
                )
            ),
            "any scheme": Mutant(
                _bearer(
                    'sent = request.headers.get("Authorization", "").split()\nreturn sent[1] if len(sent) > 1 else None'
                )
            ),
            "begins with bearer": Mutant(
                _bearer(
                    'sent = request.headers.get("Authorization", "").split()\n'
                    'if not sent or not sent[0].lower().startswith("bearer"):\n    return None\n'
                    "return sent[-1]"
                )
            ),
            "a bare token": Mutant(
                _bearer(
                    'scheme, _, rest = request.headers.get("Authorization", "").partition(" ")\n'
                    'if scheme.lower() == "bearer":\n    return rest\n'
                    'return scheme if scheme.count(".") == 2 and scheme.startswith("ey") else None'
                )
            ),
            "nothing as a text": Mutant(
                _bearer(
                    'scheme, _, rest = request.headers.get("Authorization", "").partition(" ")\n'
                    'return rest if scheme.lower() == "bearer" else None'
                )
            ),
        },
        others=(
            _bearer(
                'sent = request.headers.get("authorization", "").split()\n'
                'if len(sent) == 2 and sent[0].casefold() == "bearer":\n    return sent[1]'
            ),
            "import re\n\n\ndef bearer_token(request):\n"
            '    found = re.fullmatch(r"bearer +(\\S+)", request.headers.get("Authorization", ""), re.I)\n'
            "    return found and found[1]",
        ),
    ),
    "q5": HandedIn(
        mutants={
            "authkit does it": Mutant(
                "def guard(request, api, now):\n"
                '    sent = request.headers.get("Authorization", "")\n'
                "    try:\n"
                '        authkit.Verifier(issuer=api["issuer"], audience=api["audience"], keys=api["jwks"])\n'
                "        authkit.decode(sent[7:])\n"
                "    except authkit.AuthKitError:\n"
                "        return 401, 'Bearer realm=\"orders\"'\n"
                "    return 200, None"
            ),
            "no challenge": Mutant(_guard(("(401, 'Bearer realm=\"orders\"')", "(401, None)"))),
            "a code without a token": Mutant(
                _guard(("(401, 'Bearer realm=\"orders\"')", "(401, 'Bearer error=\"invalid_token\"')"))
            ),
            "Bearer alone": Mutant(_guard(("(401, 'Bearer realm=\"orders\"')", "(401, 'Bearer')"))),
            "403 without a token": Mutant(
                _guard(("(401, 'Bearer realm=\"orders\"')", "(403, 'Bearer realm=\"orders\"')"))
            ),
            "another scheme": Mutant(_guard(("(401, 'Bearer realm=\"orders\"')", "(401, 'Basic realm=\"orders\"')"))),
            "the status alone": Mutant(_guard(("(401, 'Bearer realm=\"orders\"')", "401"))),
            "a text as status": Mutant(
                _guard(("(401, 'Bearer realm=\"orders\"')", "('401', 'Bearer realm=\"orders\"')"))
            ),
            "the machine's clock": Mutant(_guard(('"verify_exp": False, ', ""))),
            "the first key": Mutant(_guard(('keys[header["kid"]]', "list(keys.values())[0]")), "the first key will do"),
            "exp in milliseconds": Mutant(
                _guard((_IN_TIME, '        if claims["exp"] / 1000 <= now:\n')), "exp is in milliseconds"
            ),
            "refuses all": Mutant(_guard((_IN_TIME, "        if True:\n"))),
            "signature off": Mutant(
                _guard(('"verify_exp": False,', '"verify_exp": False, "verify_signature": False,')),
                "decoded is verified",
            ),
            "unsigned is believed": Mutant(
                _guard(
                    (
                        'options={"require": ["exp"],',
                        'options={"require": ["exp"], "verify_signature": header["alg"] != "none",',
                    )
                ),
                "the header chooses the algorithm",
            ),
            "the header's algorithm": Mutant(
                _guard(('keys[header["kid"]]', 'keys[header["kid"]].key'), ('["RS256"]', '[header["alg"]]')),
                "the header chooses the algorithm",
            ),
            "the header's algorithm, and its key": Mutant(
                _guard(('["RS256"]', '[header["alg"]]')), "the header chooses the algorithm"
            ),
            "two algorithms": Mutant(_guard(('["RS256"]', '["RS256", "RS384"]')), "the header chooses the algorithm"),
            "four algorithms": Mutant(
                _guard(('["RS256"]', '["RS256", "HS256", "ES256", "PS256"]')), "the header chooses the algorithm"
            ),
            "the header's key": Mutant(
                _guard(('keys[header["kid"]]', 'jwt.PyJWK(header["jwk"]) if "jwk" in header else keys[header["kid"]]')),
                "the token may bring its key",
            ),
            "an unknown kid": Mutant(_guard(("(jwt.PyJWTError, KeyError, TypeError)", "jwt.PyJWTError"))),
            "audience off": Mutant(_guard(('"verify_exp": False,', _NO_AUD)), "the audience may be left out"),
            "a missing audience": Mutant(
                _guard(
                    ('"verify_exp": False,', _NO_AUD),
                    (
                        _IN_TIME,
                        '        aud = claims.get("aud", api["audience"])\n'
                        '        if api["audience"] not in ([aud] if isinstance(aud, str) else aud):\n'
                        "            raise jwt.InvalidAudienceError\n" + _IN_TIME,
                    ),
                ),
                "the audience may be left out",
            ),
            "the slash forgiven": Mutant(
                _guard(('audience=api["audience"],', 'audience=[api["audience"], api["audience"].rstrip("/")],')),
                "the slash does not matter",
            ),
            "the beginning of the audience": Mutant(
                _guard(
                    ('"verify_exp": False,', _NO_AUD),
                    (
                        _IN_TIME,
                        '        aud = [claims["aud"]] if isinstance(claims["aud"], str) else claims["aud"]\n'
                        '        if not any(name.startswith(api["audience"]) for name in aud):\n'
                        "            raise jwt.InvalidAudienceError\n" + _IN_TIME,
                    ),
                ),
                "a prefix makes it trusted",
            ),
            "the end of the audience": Mutant(
                _audience("mine not in aud if isinstance(aud, list) else not aud.endswith(mine)")
            ),
            "texts alone are compared": Mutant(
                _audience("isinstance(aud, str) and aud != mine"), "the audience may be left out"
            ),
            "an empty audience": Mutant(
                _audience("aud and mine not in ([aud] if isinstance(aud, str) else aud)"),
                "the audience may be left out",
            ),
            "whatever holds the audience": Mutant(_audience("mine not in ([aud] if isinstance(aud, str) else aud)")),
            "the beginning of the audience in lists": Mutant(
                _audience("aud != mine if isinstance(aud, str) else not any(name.startswith(mine) for name in aud)"),
                "a prefix makes it trusted",
            ),
            "a part of the audience in lists": Mutant(
                _audience("aud != mine if isinstance(aud, str) else mine not in str(aud)")
            ),
            "the query of the audience forgiven": Mutant(
                _audience(
                    "urlsplit(mine)[:3] not in [urlsplit(one)[:3] for one in ([aud] if isinstance(aud, str) else aud)]",
                    "from urllib.parse import urlsplit",
                )
            ),
            "the fragment of the audience forgiven": Mutant(
                _audience(
                    "mine not in [urldefrag(one)[0] for one in ([aud] if isinstance(aud, str) else aud)]",
                    "from urllib.parse import urldefrag",
                )
            ),
            "blanks in the audience forgiven": Mutant(
                _audience("mine not in [one.strip() for one in ([aud] if isinstance(aud, str) else aud)]")
            ),
            "the application as audience": Mutant(
                _guard(
                    (
                        'audience=api["audience"],',
                        'audience=[api["audience"], '
                        'jwt.decode(token, options={"verify_signature": False}).get("azp", "")],',
                    )
                ),
                "the ID token calls the API",
            ),
            "no issuer": Mutant(_guard(('            issuer=api["issuer"],\n', ""))),
            "issuer if there": Mutant(
                _guard(
                    ('            issuer=api["issuer"],\n', ""),
                    (
                        _IN_TIME,
                        '        if claims.get("iss") not in (None, api["issuer"]):\n'
                        "            raise jwt.InvalidIssuerError\n" + _IN_TIME,
                    ),
                )
            ),
            "the beginning of the issuer": Mutant(
                _guard(
                    _NO_ISSUER,
                    (
                        _IN_TIME,
                        '        if not claims.get("iss", "").startswith(api["issuer"]):\n'
                        "            raise jwt.InvalidIssuerError\n" + _IN_TIME,
                    ),
                ),
                "a prefix makes it trusted",
            ),
            "the end of the issuer": Mutant(_issuer("not iss.endswith(mine)")),
            "the query of the issuer forgiven": Mutant(
                _issuer("urlsplit(iss)[:3] != urlsplit(mine)[:3]", "from urllib.parse import urlsplit")
            ),
            "blanks around the issuer forgiven": Mutant(_issuer("iss.strip() != mine")),
            "the issuer in any capitals": Mutant(
                _guard(
                    _NO_ISSUER,
                    (
                        _IN_TIME,
                        '        if claims.get("iss", "").lower() != api["issuer"]:\n'
                        "            raise jwt.InvalidIssuerError\n" + _IN_TIME,
                    ),
                )
            ),
            "the issuer's slash forgiven": Mutant(
                _guard(('issuer=api["issuer"],', 'issuer=[api["issuer"], api["issuer"].rstrip("/")],')),
                "the slash does not matter",
            ),
            "now in milliseconds": Mutant(
                _guard((_IN_TIME, '        if claims["exp"] <= now / 1000:\n')), "exp is in milliseconds"
            ),
            "one second too long": Mutant(_guard((_IN_TIME, '        if claims["exp"] < now:\n'))),
            "no exp, no end": Mutant(
                _guard(('"require": ["exp"], ', ""), (_IN_TIME, '        if claims.get("exp", now + 1) <= now:\n')),
                "a missing exp is harmless",
            ),
            "a text as a number": Mutant(_guard((_IN_TIME, '        if float(claims["exp"]) <= now:\n'))),
            "nbf if it is a number": Mutant(
                _guard(('claims.get("nbf", 0) > now', 'isinstance(claims.get("nbf"), int) and claims["nbf"] > now'))
            ),
            "the audience in any capitals": Mutant(
                _guard(
                    ('"verify_exp": False,', _NO_AUD),
                    (
                        _IN_TIME,
                        '        aud = [claims["aud"]] if isinstance(claims["aud"], str) else claims["aud"]\n'
                        '        if api["audience"] not in [name.lower() for name in aud]:\n'
                        "            raise jwt.InvalidAudienceError\n" + _IN_TIME,
                    ),
                )
            ),
            "nbf left out": Mutant(_guard(('claims.get("nbf", 0) > now', "False"))),
            "an error for a text": Mutant(
                _guard(("(jwt.PyJWTError, KeyError, TypeError)", "(jwt.PyJWTError, KeyError)"))
            ),
            "a code in single quotes": Mutant(
                _guard(('\'Bearer realm="orders", error="invalid_token"\'', "\"Bearer error='invalid_token'\""))
            ),
            "a realm in single quotes": Mutant(_guard(("'Bearer realm=\"orders\"'", "\"Bearer realm='orders'\""))),
            "no comma": Mutant(_guard(('realm="orders", error', 'realm="orders" error'))),
            "a semicolon": Mutant(_guard(('realm="orders", error', 'realm="orders"; error'))),
            "a parameter twice": Mutant(_guard(('realm="orders", error', 'error="none", error'))),
            "a quote left open": Mutant(_guard(("'Bearer realm=\"orders\"'", "'Bearer realm=\"orders'"))),
            "a forgotten f": Mutant(
                _guard(
                    (
                        '\'Bearer error="insufficient_scope", scope="\' + api["scope"] + \'"\'',
                        "'Bearer {error=insufficient_scope, scope='",
                    )
                )
            ),
            "a scope in single quotes": Mutant(
                _guard(
                    (
                        '\'Bearer error="insufficient_scope", scope="\' + api["scope"] + \'"\'',
                        "\"Bearer error='insufficient_scope', scope='\" + api['scope'] + \"'\"",
                    )
                )
            ),
            "403 for a bad token": Mutant(
                _guard(
                    (
                        '(401, \'Bearer realm="orders", error="invalid_token"\')',
                        "(403, 'Bearer error=\"invalid_token\"')",
                    )
                )
            ),
            "400 for a bad token": Mutant(
                _guard(
                    (
                        '(401, \'Bearer realm="orders", error="invalid_token"\')',
                        "(400, 'Bearer error=\"invalid_request\"')",
                    )
                )
            ),
            "401 without a code": Mutant(
                _guard(('(401, \'Bearer realm="orders", error="invalid_token"\')', "(401, 'Bearer realm=\"orders\"')"))
            ),
            "the scope first": Mutant(
                _guard(
                    (
                        "    token = sent[1]\n",
                        "    token = sent[1]\n"
                        "    try:\n"
                        '        said = jwt.decode(token, options={"verify_signature": False})\n'
                        "    except jwt.PyJWTError:\n"
                        "        said = {'scope': api['scope']}\n"
                        "    if api['scope'] not in said.get('scope', '').split() and said['aud'] == api['audience']:\n"
                        "        return (403, 'Bearer error=\"insufficient_scope\"')\n",
                    )
                )
            ),
            "one name as audience": Mutant(
                _guard(
                    ('"verify_exp": False,', _NO_AUD),
                    (
                        _IN_TIME,
                        '        if claims["aud"] != api["audience"]:\n'
                        "            raise jwt.InvalidAudienceError\n" + _IN_TIME,
                    ),
                )
            ),
            "capitals matter": Mutant(_guard(('sent[0].lower() != "bearer"', 'sent[0] != "Bearer"'))),
            "the scope alone": Mutant(_guard((_SCOPE, 'scope not in (api["scope"], None)'))),
            "a part of the scopes": Mutant(
                _guard((_SCOPE, 'api["scope"] not in (scope or "")')), "a scope is part of a text"
            ),
            "a scope is a text": Mutant(_guard((_SCOPE, 'api["scope"] not in (scope or "").split()'))),
            "a scope is there": Mutant(_guard((_SCOPE, 'api["scope"] not in claims.get("scope", "").split()'))),
            "a list of scopes": Mutant(
                _guard(
                    (_SCOPE, 'api["scope"] not in (scope.split() if isinstance(scope, str) else scope or [])'),
                )
            ),
            "two words or more": Mutant(_guard((_HEADER, 'if not sent or sent[0].lower() != "bearer":'))),
            "begins with bearer": Mutant(
                _guard((_HEADER, 'if len(sent) != 2 or not sent[0].lower().startswith("bearer"):'))
            ),
            "a bare token": Mutant(
                _guard(
                    (_HEADER, 'if not sent or len(sent) == 2 and sent[0].lower() != "bearer":'),
                    ("token = sent[1]", "token = sent[-1]"),
                )
            ),
            "no scope asked": Mutant(_guard((_SCOPE, "False"))),
            "401 for a missing scope": Mutant(
                _guard(
                    (
                        '(403, \'Bearer error="insufficient_scope", scope="\' + api["scope"] + \'"\')',
                        "(401, 'Bearer error=\"insufficient_scope\"')",
                    )
                )
            ),
            "403 without a code": Mutant(
                _guard(
                    (
                        '(403, \'Bearer error="insufficient_scope", scope="\' + api["scope"] + \'"\')',
                        "(403, 'Bearer error=\"access_denied\"')",
                    )
                )
            ),
            "403 without the scope": Mutant(
                _guard(
                    (
                        '(403, \'Bearer error="insufficient_scope", scope="\' + api["scope"] + \'"\')',
                        "(403, 'Bearer error=\"insufficient_scope\"')",
                    )
                )
            ),
            "names in the code": Mutant(_guard(('issuer=api["issuer"]', 'issuer="https://login.example/"'))),
        },
        others=(
            _RIGHT,
            # the parts of the lesson, and every key of that name
            "def guard(request, api, now):\n"
            "    token = bearer_token(request)\n"
            "    if token is None:\n"
            "        return [401, 'Bearer realm=\"shop\", scope=\"' + api['scope'] + '\"']\n"
            "    try:\n"
            "        kid = jwt.get_unverified_header(token).get('kid')\n"
            "        key = next(jwt.PyJWK(one) for one in api['jwks']['keys'] if one['kid'] == kid)\n"
            "        off = {'verify_exp': False, 'verify_nbf': False, 'verify_iat': False, 'verify_aud': False}\n"
            "        claims = jwt.decode(token, key, ['RS256'], issuer=api['issuer'], options=off)\n"
            "        good = accepts(claims.get('aud'), api['audience']) and in_time(claims, now, 0)\n"
            "    except Exception:\n"
            "        good = False\n"
            "    if not good:\n"
            "        return [401, 'bearer realm=shop, error=invalid_token, error_description=\"no, thanks\"']\n"
            "    scope = claims.get('scope')\n"
            "    if set(scope.split() if isinstance(scope, str) else ()).isdisjoint([api['scope']]):\n"
            '        return [403, f\'Bearer scope="{api["scope"]}",error="insufficient_scope"\']\n'
            "    return [200, '']",
        ),
    ),
}
