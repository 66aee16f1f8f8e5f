"""What happens to a copied key when the tenant rotates."""

from __future__ import annotations

from typing import Final

from authkit.course.exercise import choice

PASTED: Final = choice(
    id="q1",
    title=(
        "The tenant's public key was copied into the API's configuration. Tonight the tenant rotates. "
        "What does the API do with a genuine token that is issued tomorrow?"
    ),
    options={
        "A": "It accepts the token: the new key belongs to the same tenant.",
        "B": "It fetches the new public key, then accepts the token.",
        "C": "It refuses the token, in the same words as a forgery.",
        "D": "It accepts the token until the tenant revokes the old key.",
    },
    right="C",
    reasons={
        "A": "The API was given one key, and no tenant. The new signature comes from another pair: what does it fit?",
        "B": "A copied key is a text in a file. Which line of it says where to ask for another?",
        "D": "Revoking is about tokens under the old key. Which key signed this one, and does the API have it?",
    },
    beliefs={
        "A": "one key stands for the tenant",
        "B": "a copied key renews itself",
        "D": "old and new key are the same until revoked",
    },
    hints=(
        "Write down which keys exist after the rotation, and which of them the API holds.",
        "A signature fits the public half of the pair that made it, and no other.",
        "The new token was signed with the new private key; the API checks it with the old public one.",
    ),
    done="To the API a genuine token under an unknown key and a forgery look the same. Run the next cell and read why.",
)
