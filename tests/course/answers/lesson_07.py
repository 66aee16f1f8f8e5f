"""What is handed in for the exercises of lesson 07."""

from tests.course.handed_in import HandedIn, Mutant

_EFFECTIVE = "def effective_scopes(requested, defined, client_grant, held, agreed):\n"
_ALLOWS = "def allows(claims, needed):\n"
_STATUS = "def status_for(claims, order):\n"
_ENOUGH = '    if "read:orders" not in claims.get("scope", "").split():\n        return 403\n'
_OWN = '    return 200 if order["customer"] == claims["sub"] else 404'
_CONSENT = "def consent_shown(first_party, skip_flag, callback):\n"
_URLSPLIT = "from urllib.parse import urlsplit\n\n\n"
_HOSTS = '("localhost", "127.0.0.1", "::1")'


def _limits(names: str, condition: str = "is not None") -> str:
    return (
        f"{_EFFECTIVE}    scopes = requested & defined\n    for limit in ({names}):\n"
        f"        if limit {condition}:\n            scopes = scopes & limit\n    return scopes"
    )


def _local(condition: str) -> str:
    return (
        f"{_URLSPLIT}{_CONSENT}    host = urlsplit(callback).hostname\n    local = {condition}\n"
        "    return local or not first_party or not skip_flag"
    )


ANSWERS = {
    "q1": HandedIn(
        mutants={
            "asked is granted": Mutant(f"{_EFFECTIVE}    return requested & defined", "a scope is a permission"),
            "all that is held": Mutant(
                f"{_EFFECTIVE}    scopes = set(defined)\n    for limit in (client_grant, held, agreed):\n"
                "        if limit is not None:\n            scopes &= limit\n    return scopes"
            ),
            "the application forgotten": Mutant(_limits("held, agreed")),
            "consent forgotten": Mutant(_limits("client_grant, held")),
            "any word will do": Mutant(
                _limits("client_grant, held, agreed").replace("requested & defined", "requested")
            ),
            "empty is none": Mutant(_limits("client_grant, held, agreed", "")),
            "none is empty": Mutant(
                f"{_EFFECTIVE}    return requested & defined & (client_grant or set()) & (held or set()) "
                "& (agreed or set())"
            ),
            "the last limit alone": Mutant(
                _limits("client_grant, held, agreed")
                .replace("            scopes = ", "            result = ")
                .replace("    for", "    result = scopes\n    for")
                .replace("return scopes", "return result")
            ),
            "the first limit alone": Mutant(
                f"{_EFFECTIVE}    scopes = requested & defined\n"
                "    if client_grant is not None:\n        scopes &= client_grant\n"
                "    elif held is not None:\n        scopes &= held\n"
                "    elif agreed is not None:\n        scopes &= agreed\n    return scopes"
            ),
            "a limit in place of the request": Mutant(
                f"{_EFFECTIVE}    limits = [one for one in (client_grant, held, agreed) if one is not None]\n"
                "    return defined & (set.intersection(*limits) if limits else requested)"
            ),
            "all or nothing": Mutant(
                _limits("client_grant, held, agreed") + " if scopes == requested else set()",
            ),
            "a text": Mutant(f'{_EFFECTIVE}    return " ".join(requested & defined)'),
        },
        others=(
            f"{_EFFECTIVE}    rest = [one for one in (client_grant, held, agreed) if one is not None]\n"
            "    return sorted(requested.intersection(defined, *rest))",
            f"{_EFFECTIVE}    def asks(limit, name):\n        return limit is None or name in limit\n\n"
            "    return (name for name in requested if name in defined and\n"
            "            all(asks(limit, name) for limit in (client_grant, held, agreed)))",
        ),
    ),
    "q2": HandedIn(
        mutants={
            "part of a text": Mutant(
                f'{_ALLOWS}    return needed in claims.get("scope", "")', "a scope is part of a text"
            ),
            "begins with it": Mutant(
                f'{_ALLOWS}    return any(one.startswith(needed) for one in claims.get("scope", "").split())'
            ),
            "a verb covers all": Mutant(
                f'{_ALLOWS}    scopes = claims.get("scope", "").split()\n'
                '    return any(needed in (one, one.split(":")[0]) for one in scopes)'
            ),
            "a family of names": Mutant(
                f'{_ALLOWS}    scopes = claims.get("scope", "").split()\n'
                '    return any(one == needed or needed.startswith(one + ":") for one in scopes)'
            ),
            "a wildcard": Mutant(
                f'{_ALLOWS}    scopes = claims.get("scope", "").split()\n    return needed in scopes or "*" in scopes'
            ),
            "permissions will do": Mutant(
                f'{_ALLOWS}    return needed in claims.get("scope", "").split() '
                'or needed in claims.get("permissions", [])'
            ),
            "permissions where there is no scope": Mutant(
                f'{_ALLOWS}    scopes = claims.get("scope", "").split() or claims.get("permissions", [])\n'
                "    return needed in scopes"
            ),
            "a wildcard for a verb": Mutant(
                f'{_ALLOWS}    scopes = claims.get("scope", "").split()\n'
                '    return needed in scopes or needed.split(":")[0] + ":*" in scopes'
            ),
            "an administrator may do all": Mutant(
                f'{_ALLOWS}    scopes = claims.get("scope", "").split()\n'
                '    return needed in scopes or "admin" in scopes'
            ),
            "cut at commas too": Mutant(
                f'{_ALLOWS}    return needed in claims.get("scope", "").replace(",", " ").split()'
            ),
            "the needed in small letters": Mutant(
                f'{_ALLOWS}    scopes = claims.get("scope", "").split()\n'
                "    return needed in scopes or needed.lower() in scopes"
            ),
            "small letters": Mutant(f'{_ALLOWS}    return needed in claims.get("scope", "").lower().split()'),
            "the only one": Mutant(f'{_ALLOWS}    return claims.get("scope", "") == needed'),
            "no scope claim": Mutant(f'{_ALLOWS}    return needed in claims["scope"].split()'),
            "nothing said, all allowed": Mutant(
                f'{_ALLOWS}    return "scope" not in claims or needed in claims["scope"].split()'
            ),
            "empty allows all": Mutant(
                f'{_ALLOWS}    scope = claims.get("scope", "")\n    return not scope or needed in scope.split()'
            ),
            "words": Mutant(f'{_ALLOWS}    return "yes" if needed in claims.get("scope", "").split() else "no"'),
        },
        others=(
            f"{_ALLOWS}    return f\" {{needed}} \" in f\" {{claims.get('scope', '')}} \"",
            f'import numpy as np\n\n\n{_ALLOWS}    return np.isin(needed, claims.get("scope", "").split())',
            f'import numpy as np\n\n\n{_ALLOWS}    return np.any(np.array(claims.get("scope", "").split()) == needed)',
            f'{_ALLOWS}    return bool({{needed}} & set((claims.get("scope") or "").split(" ")))',
        ),
    ),
    "q3": HandedIn(
        mutants={
            "the scope is enough": Mutant(
                f"{_STATUS}{_ENOUGH}    return 200 if order else 404", "a scope grants this record"
            ),
            "the application's orders": Mutant(
                f"{_STATUS}{_ENOUGH}"
                '    mine = (claims["sub"], claims["azp"])\n'
                '    return 200 if order and order["customer"] in mine else 404'
            ),
            "another claim": Mutant(
                f'{_STATUS}{_ENOUGH}    return 200 if order and order["customer"] == claims.get("email") else 404'
            ),
            "the scope forgotten": Mutant(
                f'{_STATUS}    return 200 if order and order["customer"] == claims["sub"] else 404'
            ),
            "part of a text": Mutant(
                f'{_STATUS}    if "read:orders" not in claims["scope"]:\n        return 403\n'
                '    return 200 if order and order["customer"] == claims["sub"] else 404'
            ),
            "hidden behind 404": Mutant(
                f"{_STATUS}{_ENOUGH.replace('403', '404')}"
                '    return 200 if order and order["customer"] == claims["sub"] else 404'
            ),
            "no such order": Mutant(f'{_STATUS}{_ENOUGH}    return 200 if order["customer"] == claims["sub"] else 404'),
            "forbidden to exist": Mutant(
                f'{_STATUS}{_ENOUGH}    return 200 if order and order["customer"] == claims["sub"] else 403'
            ),
            "refused to exist": Mutant(f"{_STATUS}{_ENOUGH}    if order is None:\n        return 403\n{_OWN}"),
            "a token without scope": Mutant(
                f'{_STATUS}    if "read:orders" not in claims["scope"].split():\n        return 403\n'
                f"    if order is None:\n        return 404\n{_OWN}"
            ),
            "no scope, no limit": Mutant(
                f'{_STATUS}    if "scope" in claims and "read:orders" not in claims["scope"].split():\n'
                f"        return 403\n    if order is None:\n        return 404\n{_OWN}"
            ),
            "by its number": Mutant(f'{_STATUS}{_ENOUGH}    return 200 if order and order["id"] == 7 else 404'),
            "one customer": Mutant(
                f'{_STATUS}{_ENOUGH}    return 200 if order and order["customer"] == "auth0|ben" else 404'
            ),
            "begins with the customer": Mutant(
                f'{_STATUS}{_ENOUGH}    return 200 if order and claims["sub"].startswith(order["customer"]) else 404'
            ),
            "the customer begins with it": Mutant(
                f'{_STATUS}{_ENOUGH}    return 200 if order and order["customer"].startswith(claims["sub"]) else 404'
            ),
            "whoever has this name anywhere": Mutant(
                f'{_STATUS}{_ENOUGH}    name = claims["sub"].split("|")[-1]\n'
                '    return 200 if order and order["customer"].split("|")[-1] == name else 404'
            ),
            "in small letters": Mutant(
                f'{_STATUS}{_ENOUGH}    own = order and order["customer"].lower() == claims["sub"].lower()\n'
                "    return 200 if own else 404"
            ),
            "the customer ends with it": Mutant(
                f'{_STATUS}{_ENOUGH}    return 200 if order and order["customer"].endswith(claims["sub"]) else 404'
            ),
            "ends with the customer": Mutant(
                f'{_STATUS}{_ENOUGH}    return 200 if order and claims["sub"].endswith(order["customer"]) else 404'
            ),
            "a manager sees all": Mutant(
                f'{_STATUS}{_ENOUGH}    if order and "delete:orders" in claims["scope"].split():\n        return 200\n'
                '    return 200 if order and order["customer"] == claims["sub"] else 404',
                "a scope grants this record",
            ),
            "404 before 403": Mutant(f"{_STATUS}    if order is None:\n        return 404\n{_ENOUGH}{_OWN}"),
            "whose before what": Mutant(
                f'{_STATUS}    if order and order["customer"] != claims["sub"]:\n        return 404\n'
                f"{_ENOUGH}    return 200 if order else 404"
            ),
            "true": Mutant(f'{_STATUS}    return bool(order) and order["customer"] == claims["sub"]'),
        },
        others=(
            f"{_STATUS}    if not allows(claims, 'read:orders'):\n        return 403\n"
            "    return 200 if order and order['customer'] == claims['sub'] else 404",
            f'{_STATUS}    mine = order is not None and claims["sub"] == order["customer"]\n'
            '    may = "read:orders" in (claims.get("scope") or "").split(" ")\n'
            "    return (200 if mine else 404) if may else 403",
        ),
    ),
    "q4": HandedIn(
        mutants={
            "the flag alone": Mutant(f"{_CONSENT}    return not skip_flag"),
            "the first party alone": Mutant(f"{_CONSENT}    return not first_party"),
            "localhost is mine": Mutant(
                f"{_CONSENT}    return not (first_party and skip_flag)", "localhost is trusted"
            ),
            "a host with its port": Mutant(
                f'{_URLSPLIT}{_CONSENT}    local = urlsplit(callback).netloc in ("localhost", "127.0.0.1", "[::1]")\n'
                "    return local or not first_party or not skip_flag",
            ),
            "by name only": Mutant(
                f'{_URLSPLIT}{_CONSENT}    local = urlsplit(callback).hostname == "localhost"\n'
                "    return local or not first_party or not skip_flag"
            ),
            "begins with it": Mutant(
                f'{_CONSENT}    local = callback.startswith(("http://localhost", "http://127.0.0.1", "http://[::1]"))\n'
                "    return local or not first_party or not skip_flag"
            ),
            "the word anywhere": Mutant(
                f"{_URLSPLIT}{_CONSENT}    url = urlsplit(callback)\n"
                f'    local = url.hostname in {_HOSTS} or "localhost" in url.path + url.query\n'
                "    return local or not first_party or not skip_flag"
            ),
            "by name and the old number": Mutant(_local('host in ("localhost", "127.0.0.1")')),
            "begins with it, with https too": Mutant(
                f'{_CONSENT}    local = callback.split("://")[1].startswith(("localhost", "127.0.0.1", "[::1]"))\n'
                "    return local or not first_party or not skip_flag"
            ),
            "begins with the number": Mutant(_local(f'host in {_HOSTS} or host.startswith("127")')),
            "ends with the word": Mutant(_local(f'host in {_HOSTS} or host.endswith("localhost")')),
            "the number anywhere": Mutant(_local(f'host in {_HOSTS} or "127.0.0.1" in callback')),
            "at home the flag counts for strangers": Mutant(
                f"{_URLSPLIT}{_CONSENT}    if urlsplit(callback).hostname in {_HOSTS}:\n"
                "        return first_party and skip_flag\n    return not (first_party and skip_flag)"
            ),
            "at home a first party without the flag": Mutant(
                f"{_URLSPLIT}{_CONSENT}    if urlsplit(callback).hostname in {_HOSTS}:\n"
                "        return skip_flag or not first_party\n    return not (first_party and skip_flag)"
            ),
            "elsewhere by its look": Mutant(
                f"{_URLSPLIT}{_CONSENT}    if urlsplit(callback).hostname in {_HOSTS}:\n        return True\n"
                '    return not skip_flag or not (first_party or "localhost" in callback)'
            ),
            "https for the word alone": Mutant(
                f"{_URLSPLIT}{_CONSENT}    url = urlsplit(callback)\n"
                f'    local = url.hostname in {_HOSTS} and (url.scheme == "http" or url.hostname == "localhost")\n'
                "    return local or not first_party or not skip_flag"
            ),
            "something behind the host": Mutant(
                f"import re\n\n\n{_CONSENT}"
                r'    local = re.match(r"https?://(localhost|127\.0\.0\.1|\[::1\])[:/]", callback)'
                "\n    return bool(local) or not first_party or not skip_flag"
            ),
            "a text of three hosts": Mutant(_local('host in ("localhost 127.0.0.1 ::1")')),
            "a part of the number": Mutant(_local('host in ("localhost", "::1") or host in "127.0.0.1"')),
            "always": Mutant(f"{_CONSENT}    return True"),
            "words": Mutant(f'{_CONSENT}    return "shown"'),
        },
        others=(
            f"import ipaddress\n{_URLSPLIT}{_CONSENT}"
            "    host = urlsplit(callback).hostname\n"
            "    try:\n        local = ipaddress.ip_address(host).is_loopback\n"
            '    except ValueError:\n        local = host == "localhost" or host.endswith(".localhost")\n'
            "    return local or not all([first_party, skip_flag])",
            f"import numpy as np\n{_URLSPLIT}{_CONSENT}"
            f"    local = urlsplit(callback).hostname in {_HOSTS}\n"
            "    return np.logical_or(local, not (first_party and skip_flag))",
            f'{_URLSPLIT}{_CONSENT}    host = urlsplit(callback).netloc.rsplit("@")[-1]\n'
            '    host = host[: host.index("]") + 1] if host.startswith("[") else host.partition(":")[0]\n'
            '    return host in {"localhost", "127.0.0.1", "[::1]"} or not (first_party and skip_flag)',
        ),
    ),
}
