"""Time, issuer, audience: what a good signature leaves open, and a guard that asks it with PyJWT alone."""

from __future__ import annotations

from typing import Final

from authkit.course.lesson import Plan
from authkit.course.lessons.lesson_06.accepts import ACCEPTS
from authkit.course.lessons.lesson_06.bearer import BEARER
from authkit.course.lessons.lesson_06.guard import GUARD
from authkit.course.lessons.lesson_06.in_time import IN_TIME
from authkit.course.lessons.lesson_06.several import SEVERAL

PLAN: Final = Plan(number="06", title="Time, issuer, audience", exercises=(ACCEPTS, SEVERAL, IN_TIME, BEARER, GUARD))
