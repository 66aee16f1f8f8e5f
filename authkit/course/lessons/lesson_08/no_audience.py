"""The access token of a login that names no API."""

from __future__ import annotations

from typing import Final

from authkit.course.exercise import choice

NO_AUDIENCE: Final = choice(
    id="q3",
    title="Ben logs in, and the request names no audience. Which access token does the application get?",
    options={
        "A": "A JWT like the others; its aud is empty.",
        "B": "A JWT that every API of the tenant accepts.",
        "C": "A text that is no JWT, and means something to the tenant alone.",
        "D": "None: the tenant refuses the request.",
    },
    right="C",
    reasons={
        "A": "A JWT is written for an API: its dialect, lifetime and algorithm are the API's settings. "
        "Whose settings would this one have?",
        "B": "Such a token would let each API call all the others with it. What is aud there to prevent?",
        "D": "The application may only want to know who logged in, and that needs no API. "
        "Who can answer that, besides an API?",
    },
    beliefs={
        "A": "a token without audience is a JWT",
        "B": "the audience may be left out",
        "D": "every login is for an API",
    },
    hints=(
        "What does the tenant know of this token's reader, if no API is named?",
        "A JWT is for a reader who does not want to ask. Here only the tenant itself is left as a reader.",
        "The tenant can look its own tokens up: it needs no claims inside them.",
    ),
    done="An opaque token: good for the tenant's userinfo endpoint, and for no API. 'jwt malformed' says an API of it.",
)
