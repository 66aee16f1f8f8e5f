"""What no check of a token can see."""

from __future__ import annotations

from typing import Final

from authkit.course.exercise import choice

REPLAY: Final = choice(
    id="q4",
    title="Mallory has copied a token out of a log file. What must she change, so that the orders API answers her?",
    options={
        "A": "The signature: it is the application's, and she must make her own.",
        "B": "Nothing.",
        "C": "The sub, since she is not who it was issued to.",
        "D": "She must send the application's client secret with it.",
    },
    right="B",
    reasons={
        "A": "The tenant made the signature; the application only carries it. How would the API see who does so now?",
        "C": "If she changes one letter, the signature no longer fits. And if she leaves it, what does the API see?",
        "D": "The secret was shown to the tenant, when the token was issued. What does the API get to see of it?",
    },
    beliefs={
        "A": "the signature proves the sender",
        "C": "the signature proves the sender",
        "D": "the signature proves the sender",
    },
    hints=(
        "Compare, byte by byte, what the application sends with what she would send.",
        "The signature says who issued the token. Is there anything in the request that says who sends it?",
        "A bearer token works for its bearer (RFC 6750 §1.2): whoever holds it.",
    ),
    done="Run the next cell and see. A token is like a key to a door: it opens for whoever holds it, until exp.",
)
