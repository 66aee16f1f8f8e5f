"""What becomes of a token whose role was removed."""

from __future__ import annotations

from typing import Final

from authkit.course.exercise import choice

REMOVED: Final = choice(
    id="q5",
    title="Ben holds a token with delete:orders, good for 24 hours. Ada takes the role Manager from him. "
    "He sends the token to the API. What happens?",
    options={
        "A": "It is refused: when the role goes, the tenant ends the tokens that came of it.",
        "B": "It is accepted, but only for what Ben may still do: delete:orders no longer counts.",
        "C": "It is accepted, delete:orders included, until its exp.",
        "D": "It is refused: the signature no longer fits, as Ben's permissions have changed.",
    },
    right="C",
    reasons={
        "A": "The token is a text in Ben's hands, and the API verifies it alone. How would the tenant reach it?",
        "B": "The API reads the scope in the token, which was signed before. From whom would it learn of the change?",
        "D": "The signature was made over the bytes of the token, and none of them changed. What is not in those "
        "bytes?",
    },
    beliefs={
        "A": "removing a role ends live tokens",
        "B": "the API asks the tenant",
        "D": "the signature covers the tenant's settings",
    },
    hints=(
        "Which of the two, tenant or API, is asked when Ben sends the token?",
        "The verifier has the token, the tenant's public key and a clock. Nothing of it knows roles.",
        "The scope was written into the token when it was signed, and the token is good until exp.",
    ),
    done="A role decides when a token is issued, and never again. What is out stays good until its exp.",
)
