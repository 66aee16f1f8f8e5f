"""A guard with PyJWT alone."""

from __future__ import annotations

from typing import Final

from authkit.course.exercise import Exercise
from authkit.course.guard_trial import try_guard

GUARD: Final = Exercise(
    id="q5",
    title="Write guard(request, api, now) with PyJWT alone: 200, 401 or 403, and the challenge",
    check=try_guard,
    hints=(
        "Write the order down first: no token, a bad token, a token that may not, a good one. Each is one return.",
        "jwt.decode does signature, aud and iss if it is told them, and requires what it is told to require. The time "
        "you compare yourself, within the same try. PyJWT's errors are jwt.PyJWTError; an unknown kid is a KeyError.",
        'key = jwt.PyJWKSet.from_dict(api["jwks"])[kid]; claims = jwt.decode(token, key, algorithms=["RS256"], '
        'audience=..., issuer=..., options={"require": ["exp"], "verify_exp": False, ...}); then nbf and exp against '
        "now; then the scope: is it a text, and then split().",
    ),
    solution=(
        "import jwt\n"
        "\n"
        "\n"
        "def guard(request, api, now):\n"
        '    scheme, _, token = request.headers.get("Authorization", "").partition(" ")\n'
        '    if scheme.lower() != "bearer" or not token.strip():\n'
        "        return 401, 'Bearer realm=\"orders\"'\n"
        "    try:\n"
        '        claims = verified(token.strip(), api["jwks"], api["issuer"], api["audience"])\n'
        '        if not claims.get("nbf", now) <= now < claims["exp"]:  # a TypeError if one is no number\n'
        '            raise jwt.InvalidTokenError("not in its time")\n'
        "    except (jwt.PyJWTError, KeyError, TypeError):\n"
        "        return 401, 'Bearer error=\"invalid_token\"'\n"
        '    scope = claims.get("scope")\n'
        '    if not isinstance(scope, str) or api["scope"] not in scope.split():\n'
        '        return 403, f\'Bearer error="insufficient_scope", scope="{api["scope"]}"\'\n'
        "    return 200, None\n"
        "\n"
        "\n"
        "def verified(token, jwks, issuer, audience):\n"
        '    key = jwt.PyJWKSet.from_dict(jwks)[jwt.get_unverified_header(token)["kid"]]\n'
        '    options = {"require": ["exp", "iss", "aud"], "verify_iat": False}\n'
        '    options |= {"verify_exp": False, "verify_nbf": False}  # guard compares them with now\n'
        '    return jwt.decode(token, key, algorithms=["RS256"], issuer=issuer, audience=audience, options=options)'
    ),
    done="Every forgery refused, every good token let in, and each caller told what to do next. Take it to work.",
    start="def guard(request, api, now):\n    return authkit.course.TODO",
)
