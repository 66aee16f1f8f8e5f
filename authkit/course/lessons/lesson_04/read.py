"""Who can read what was signed."""

from __future__ import annotations

from typing import Final

from authkit.course.exercise import choice

READ: Final = choice(
    id="q2",
    title="Somebody copies a token that is signed with RS256. What do they need in order to read its payload?",
    options={
        "A": "The private key: RS256 encrypts the token.",
        "B": "The public key, which opens what the private key closed.",
        "C": "Nothing at all.",
        "D": "The client secret of the application that it was issued to.",
    },
    right="C",
    reasons={
        "A": "An API has no private key. By that answer it could not read one token. What does it read scopes from?",
        "B": "The public key says whether the signature fits. Which of the three parts does it need for that, and why "
        "can it see them?",
        "D": "An API never learns that secret, and reads the payload of every token. How does it do it?",
    },
    beliefs={"A": "RS256 encrypts", "B": "RS256 encrypts", "D": "client_secret encrypts"},
    hints=(
        "You have read the payload of a token already. What did you hand to authkit.decode?",
        "Base64url is a spelling. It hides nothing.",
        "Count the keys that decode takes.",
    ),
    done="A signature says who wrote it, and hides nothing. Run the next cell: no key is in it.",
)
