"""HS256: how one secret signs and verifies, who holds it, how it is spelt, and how good it has to be."""

from __future__ import annotations

from typing import Final

from authkit.course.lesson import Plan
from authkit.course.lessons.lesson_03.guess import GUESS
from authkit.course.lessons.lesson_03.make_secret import MAKE
from authkit.course.lessons.lesson_03.parties import PARTIES
from authkit.course.lessons.lesson_03.reading import READING
from authkit.course.lessons.lesson_03.sign import SIGN

PLAN: Final = Plan(number="03", title="HS256: one shared secret", exercises=(SIGN, PARTIES, READING, GUESS, MAKE))
