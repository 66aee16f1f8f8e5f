"""RS256: what each half of a key pair can do, who chooses the algorithm, and which algorithm to choose."""

from __future__ import annotations

from typing import Final

from authkit.course.lesson import Plan
from authkit.course.lessons.lesson_04.certificate import CERTIFICATE
from authkit.course.lessons.lesson_04.choose import CHOOSE
from authkit.course.lessons.lesson_04.read import READ
from authkit.course.lessons.lesson_04.thief import THIEF
from authkit.course.lessons.lesson_04.verify import REPAIR

PLAN: Final = Plan(number="04", title="RS256: a key pair", exercises=(THIEF, READ, REPAIR, CHOOSE, CERTIFICATE))
