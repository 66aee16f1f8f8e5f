"""What is handed in for the exercises of lesson 00."""

from tests.course.handed_in import HandedIn, Mutant

_FORGED = 'authkit.attacks.edit_payload(token, sub="me")'

ANSWERS = {
    "q1": HandedIn(
        mutants={
            "the genuine token": Mutant("my_token = token", "the payload is protected"),
            "another name": Mutant('my_token = authkit.attacks.edit_payload(token, sub="the-boss")'),
            "another application": Mutant('my_token = authkit.attacks.edit_payload(token, sub="me@clients")'),
            "a name without end": Mutant('my_token = authkit.attacks.edit_payload(token, sub="x" * 5000)'),
            "a padded payload": Mutant(f'my_token = "{{}}.{{}}=.{{}}".format(*{_FORGED}.split("."))'),
            "a payload that is no JSON": Mutant('my_token = "{}.bWU.{}".format(*token.split(".")[::2])'),
            "no text": Mutant("my_token = token.encode()"),
            "a dot lost": Mutant(f'my_token = {_FORGED}.replace(".", "", 1)'),
            "without a signature": Mutant(f'my_token = {_FORGED}.rpartition(".")[0] + "."'),
        },
        others=('my_token = authkit.attacks.edit_payload(token, sub="me", scope="read:orders delete:orders")',),
    ),
}
