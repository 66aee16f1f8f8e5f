"""Who can read a token."""

from __future__ import annotations

from typing import Final

from authkit.course.exercise import choice

READER: Final = choice(
    id="q1",
    title="A token stands in a log file. Who of those who find it there can read what its payload says?",
    options={
        "A": "Only the API, which has the key.",
        "B": "Everyone.",
        "C": "Only who has the tenant's public key.",
        "D": "Nobody: base64url has to be cracked first.",
    },
    right="B",
    reasons={
        "A": "The API needs a key to check the signature. Which key did you use in section 2 to read the header?",
        "C": "A public key checks a signature. Which step between base64url and JSON would need one?",
        "D": "base64url is a spelling, as Morse is one. What does someone have to know to turn it back?",
    },
    beliefs={"A": "the payload is secret", "C": "the payload is secret", "D": "the payload is secret"},
    hints=(
        "What did you need in section 2 to read the header?",
        "Encoding turns bytes into letters by a rule that everyone knows. Encrypting needs a key.",
        "No key was used, so no key is needed: count who that leaves.",
    ),
    done="A token is a postcard. Put nothing into it that its holder, or a log file, must not know.",
)
