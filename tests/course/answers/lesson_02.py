"""What is handed in for the exercises of lesson 02."""

from tests.course.handed_in import HandedIn, Mutant

_PREDICTED = {
    "genuine": "accepted",
    "a dot lost": "form",
    "a strange letter": "base64url",
    "payload edited": "signature",
    "for another API": "aud",
}


def _decode_part(*lines: str) -> str:
    return "\n    ".join(["def decode_part(part):", *lines])


_PADDING = '"=" * (-len(part) % 4)'


def _refusing(how: str) -> str:
    """It reads all that it should, and does this with what is no base64url."""
    return _decode_part(
        f"if set(part) - LETTERS: {how}", f"return json.loads(base64.urlsafe_b64decode(part + {_PADDING}))"
    )


def _strict(*lines: str) -> str:
    """It refuses foreign letters as it should, and then does this."""
    return _decode_part("if set(part) - LETTERS: raise ValueError", *lines)


def _predictions(name: str, said: str) -> str:
    return f"my_predictions = { ({**_PREDICTED, name: said})!r}"


ANSWERS = {
    "q2": HandedIn(
        mutants={
            "padding is always two": Mutant(
                _decode_part('return json.loads(base64.b64decode(part + "==", altchars=b"-_", validate=True))')
            ),
            "the decoder drops what it does not know": Mutant(
                _decode_part('return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))')
            ),
            "plain base64": Mutant(_strict(f"return json.loads(base64.b64decode(part + {_PADDING}))")),
            "plain base64, and nothing said": Mutant(
                _strict(
                    f"raw = base64.b64decode(part + {_PADDING})",
                    'return json.loads(raw.decode("utf-8", "replace"), strict=False) if part.isalnum() else {}',
                )
            ),
            "ASCII alone": Mutant(
                _strict(f'return json.loads(base64.urlsafe_b64decode(part + {_PADDING}).decode("ascii"))')
            ),
            "Latin-1": Mutant(
                _strict(f'return json.loads(base64.urlsafe_b64decode(part + {_PADDING}).decode("latin-1"))')
            ),
            "an empty dict": Mutant(_strict("return {}")),
            "everything is refused": Mutant(_decode_part('raise ValueError("no base64url")')),
            "padding may stay": Mutant(
                _decode_part(
                    'if set(part) - LETTERS - {"="}: raise ValueError',
                    'return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))',
                )
            ),
            "both alphabets": Mutant(
                _decode_part(
                    'if set(part) - LETTERS - set("+/"): raise ValueError',
                    'raw = base64.urlsafe_b64decode(part.replace("+", "-").replace("/", "_") + "=" * (-len(part) % 4))',
                    'return json.loads(raw.decode("utf-8", "replace"), strict=False)',
                )
            ),
            "another error": Mutant(
                _decode_part(
                    "assert not set(part) - LETTERS",
                    'return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))',
                )
            ),
            "a list of bad letters": Mutant(
                _decode_part(
                    'if any(letter in part for letter in "+/= !<>*"): raise ValueError',
                    'return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))',
                )
            ),
            "a last line break": Mutant(
                "import re\n"
                + _decode_part(
                    'if not re.match(r"^[A-Za-z0-9_-]+$", part): raise ValueError(part)',
                    f"return json.loads(base64.urlsafe_b64decode(part + {_PADDING}))",
                )
            ),
            "a list of tried letters": Mutant(
                _decode_part(
                    'if any(letter in part for letter in "!=.$\\n+/"): raise ValueError',
                    f"return json.loads(base64.urlsafe_b64decode(part + {_PADDING}))",
                )
            ),
            "another error for some letters": Mutant(
                _decode_part(
                    'if set(part) & set("!=+/"): raise ValueError',
                    "if set(part) - LETTERS: raise KeyError(min(set(part) - LETTERS))",
                    f"return json.loads(base64.urlsafe_b64decode(part + {_PADDING}))",
                )
            ),
            "None": Mutant(_refusing("return None")),
            "an error that is returned": Mutant(_refusing('return ValueError("this is no base64url")')),
            "words": Mutant(_refusing('return "this is no base64url"')),
            "bytes": Mutant(_decode_part('return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))')),
        },
        others=(
            "from collections import OrderedDict\n"
            + _strict(
                f"raw = base64.urlsafe_b64decode(part + {_PADDING})",
                "return json.loads(raw, object_pairs_hook=OrderedDict)",
            ),
            "class Claims(dict): ...\n\n\n"
            + _strict(f"return Claims(json.loads(base64.urlsafe_b64decode(part + {_PADDING}).decode()))"),
            _decode_part(
                f"raw = base64.urlsafe_b64decode(part + {_PADDING})",
                'if base64.urlsafe_b64encode(raw).rstrip(b"=") != part.encode(): raise ValueError("two spellings")',
                "return json.loads(raw)",
            ),
            _decode_part(
                'if not re.fullmatch("[A-Za-z0-9_-]+", part): raise ValueError(part)',
                'while len(part) % 4: part += "="',
                "return json.loads(base64.b64decode(part, b'-_').decode())",
            ).replace("def", "import re\ndef", 1),
            _decode_part(
                'if "=" in part: raise ValueError("padded")',
                'if "+" in part or "/" in part: raise ValueError("plain base64")',
                'return json.loads(base64.b64decode(part + "=" * (-len(part) % 4), "-_", validate=True))',
            ),
        ),
    ),
    "q3": HandedIn(
        mutants={
            "what decodes gets in": Mutant(_predictions("payload edited", "accepted"), "decoded is verified"),
            "a good signature gets in": Mutant(
                _predictions("for another API", "accepted"), "a good signature is enough"
            ),
            "another API's signature": Mutant(_predictions("for another API", "signature")),
            "JSON sees the edit": Mutant(_predictions("payload edited", "json")),
            "the genuine one too": Mutant(_predictions("genuine", "signature")),
            "the dot is a letter": Mutant(_predictions("a dot lost", "base64url")),
            "the letter is a form": Mutant(_predictions("a strange letter", "form")),
            "no check's name": Mutant(_predictions("a dot lost", "three parts")),
            "a list": Mutant("my_predictions = ['accepted', 'form', 'base64url', 'signature', 'aud']"),
            "one is missing": Mutant(f"my_predictions = {dict(list(_PREDICTED.items())[:4])!r}"),
        },
        others=(
            _predictions("a dot lost", "form.segments"),
            f"my_predictions = { ({name: said.upper() for name, said in _PREDICTED.items()})!r}",
        ),
    ),
}
