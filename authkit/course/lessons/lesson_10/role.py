"""What a removed role does to a live token."""

from __future__ import annotations

from typing import Final

from authkit.course.exercise import choice

ROLE: Final = choice(
    id="q5",
    title=(
        "Ada logged in when she had the role Clerk, and her token lives for a day. A minute later you remove the role. "
        "What is her token still good for?"
    ),
    options={
        "A": "Nothing: the API asks the tenant for her roles and finds none.",
        "B": "Nothing: the tenant takes back the tokens that the role had brought.",
        "C": "All it was good for before, until it expires.",
        "D": "All it was good for before, until the API fetches the JWKS again.",
    },
    right="C",
    reasons={
        "A": "Remember what a verifier was given: a name, a key set and the token. Which of them changed a minute ago?",
        "B": "The token is a text in Ada's browser, and its signature fits. What could the tenant take back, and how?",
        "D": "The JWKS holds public keys. Where in it would somebody's role stand?",
    },
    beliefs={
        "A": "removing a role ends live tokens",
        "B": "removing a role ends live tokens",
        "D": "the JWKS knows about users",
    },
    hints=(
        "Where do her permissions stand: at the tenant, or in the token?",
        "What the API reads was written, and signed, when the token was issued.",
        "Nothing that the verifier looks at has changed. Only time will.",
    ),
    done="What was signed stays signed. A removed role counts from her next token on.",
)
