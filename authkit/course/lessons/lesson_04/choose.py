"""Which algorithm fits who signs and who verifies."""

from __future__ import annotations

from typing import Final

from authkit.course.answer import Answer, TryAgain
from authkit.course.exercise import Exercise
from authkit.course.lessons.lesson_04.words import mapping

_SCENARIOS: Final = ("partner", "phone", "link", "thirty", "cookie")
_ALGORITHMS: Final = ("HS256", "RS256")


def _choose(answer: Answer) -> None:
    said = mapping(answer, _SCENARIOS, _ALGORITHMS)
    if len({said[name] for name in _SCENARIOS}) == 1:
        raise TryAgain(
            f"You chose {said['partner']} five times. Each of the two has something that the other has not. "
            "In which rows does nobody but the signer verify?"
        )
    if said["partner"] == "HS256":
        raise TryAgain(
            "With a shared secret the partner's people could write your tenant's tokens. Which key could you hand to "
            "them without trusting them?",
            "who verifies cannot sign",
        )
    if said["phone"] == "HS256":
        raise TryAgain(
            "A secret within an app is on every phone, and whoever unpacks the app has it. What may be on every phone?",
            "a secret in an app stays secret",
        )
    if said["thirty"] == "HS256":
        raise TryAgain(
            "With HS256 thirty servers have to get the new secret in the same minute, each from you. What could they "
            "fetch by themselves, because it may be published?",
            "a secret can be fetched like a key",
        )
    wrong = next((name for name in ("link", "cookie") if said[name] != "HS256"), None)
    if wrong is not None:
        raise TryAgain(
            f"For {wrong!r} you chose a pair of keys. It would work. Who else verifies there, and what does the pair "
            "cost in bytes?",
            "RS256 is always better",
        )


CHOOSE: Final = Exercise(
    id="q4",
    title="For each of five scenarios: HS256 or RS256",
    check=_choose,
    hints=(
        "Underline in each row who signs and who verifies.",
        "If both are the same program, a shared secret is shared with nobody, and HS256 is smaller and quicker.",
        "Two rows have one program on both sides. In the three others the verifier is somebody else.",
    ),
    solution=(
        "chosen = {\n"
        '    "partner": "RS256",\n'
        '    "phone": "RS256",\n'
        '    "link": "HS256",\n'
        '    "thirty": "RS256",\n'
        '    "cookie": "HS256",\n'
        "}"
    ),
    done="Ask who verifies. If it is anybody but the signer: RS256.",
    start="chosen = authkit.course.TODO",
)
