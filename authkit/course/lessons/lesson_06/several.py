"""What a token for two APIs is good for when it was stolen at one."""

from __future__ import annotations

from typing import Final

from authkit.course.exercise import choice

SEVERAL: Final = choice(
    id="q2",
    title=(
        "One RS256 token has aud [orders, billing], and the scopes of both. The orders API is broken into, and its log "
        "of received tokens is stolen. What can the thief do at the billing API?"
    ),
    options={
        "A": "Nothing: the thief has no private key, and RS256 prevents forging.",
        "B": "Send it the stolen tokens as they are, until they expire.",
        "C": "Make new tokens for it with the orders API's public key.",
        "D": "Nothing: billing sees that the token was first sent to orders.",
    },
    right="B",
    reasons={
        "A": "True, none can be forged. These tokens are genuine already. What does the thief have to change in them?",
        "C": "A public key verifies, and does not sign. Which key would the thief need for a token of their own?",
        "D": "The bytes are the same wherever they were before. Which claim says who has received a token?",
    },
    beliefs={
        "A": "RS256 prevents replay",
        "C": "the public key signs",
        "D": "a token knows where it was",
    },
    hints=(
        "Look for the step at which the billing API would notice something. Go through its checks one by one.",
        "Forging is making a new token; replaying is sending a genuine one again. Which of the two needs a key?",
        "Signature genuine, iss right, billing is in aud, not expired: every check passes.",
    ),
    done="RS256 prevents cross-forging, not cross-replay. Prefer one audience a token: a stolen one opens one door.",
)
