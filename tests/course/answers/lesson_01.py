"""What is handed in for the exercises of lesson 01."""

from tests.course.handed_in import HandedIn, Mutant

ANSWERS = {
    "q2": HandedIn(
        mutants={
            "one API twice": Mutant("my_pair = (orders, orders)", "the slash does not matter"),
            "texts": Mutant('my_pair = ("https://orders.example/", "https://orders.example")'),
            "another host": Mutant(
                'my_pair = (orders, tenant.apis.find("https://stock.example/")'
                ' or tenant.apis.create(identifier="https://stock.example/"))'
            ),
            "three slashes": Mutant(
                'slashes = "https://orders.example///"\n'
                "my_pair = (orders, tenant.apis.find(slashes) or tenant.apis.create(identifier=slashes))"
            ),
            "of two tenants": Mutant(
                "elsewhere = authkit.training_tenant()\n"
                'my_pair = (orders, elsewhere.apis.create(identifier="https://orders.example"))'
            ),
        },
        others=('my_pair = [tenant.apis.get("https://orders.example"), tenant.apis.get("https://orders.example/")]',),
    ),
    "q3": HandedIn(
        mutants={
            "nothing is fixed": Mutant("def is_fixed(setting):\n    return False"),
            "renamed": Mutant(
                'def is_fixed(setting):\n    return setting in ("id", "signing_alg")', "the identifier can be renamed"
            ),
            "switched": Mutant(
                'def is_fixed(setting):\n    return setting in ("id", "identifier")', "the algorithm can be switched"
            ),
            "the name too": Mutant(
                'def is_fixed(setting):\n    return setting in ("id", "identifier", "signing_alg", "name")'
            ),
            "words": Mutant('def is_fixed(setting):\n    return "yes"'),
        },
        others=(
            "def is_fixed(setting):\n    change = {setting: getattr(orders, setting, None)}\n"
            '    return setting == "id" or (setting not in '
            '("name", "token_lifetime", "scopes", "allow_offline_access") and bool(change))',
        ),
    ),
    "q4": HandedIn(
        mutants={
            "unchanged": Mutant("my_api = tenant.apis.update(orders, token_lifetime=86400)"),
            "hours": Mutant("my_api = tenant.apis.update(orders, token_lifetime=720)", "lifetimes in another unit"),
            "shorter": Mutant("my_api = tenant.apis.update(orders, token_lifetime=3600)"),
            "the API as it was": Mutant("tenant.apis.update(orders, token_lifetime=2592000)\nmy_api = orders"),
            "a number": Mutant("my_api = 30"),
        },
        others=("my_api = tenant.apis.update(orders.id, token_lifetime=2592000)",),
    ),
}
