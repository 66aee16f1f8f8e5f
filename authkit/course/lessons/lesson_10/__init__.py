"""Rotate and respond: a rotation that nobody notices, a leaked key, and what ends a live token."""

from __future__ import annotations

from typing import Final

from authkit.course.lesson import Plan
from authkit.course.lessons.lesson_10.last import LAST
from authkit.course.lessons.lesson_10.leak import ANSWER
from authkit.course.lessons.lesson_10.order import ORDER
from authkit.course.lessons.lesson_10.role import ROLE
from authkit.course.lessons.lesson_10.when import WHEN

PLAN: Final = Plan(number="10", title="Rotate and respond", exercises=(ORDER, WHEN, ANSWER, LAST, ROLE))
