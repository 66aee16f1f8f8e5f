"""Scopes, roles, consent: what a token may carry, what an API makes of it, and for how long."""

from __future__ import annotations

from typing import Final

from authkit.course.lesson import Plan
from authkit.course.lessons.lesson_07.allows import ALLOWS
from authkit.course.lessons.lesson_07.consent import CONSENT
from authkit.course.lessons.lesson_07.effective_scopes import EFFECTIVE
from authkit.course.lessons.lesson_07.record import RECORD
from authkit.course.lessons.lesson_07.removed_role import REMOVED

PLAN: Final = Plan(number="07", title="Scopes, roles, consent", exercises=(EFFECTIVE, ALLOWS, RECORD, CONSENT, REMOVED))
