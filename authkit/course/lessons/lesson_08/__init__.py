"""Flows and refresh: who is refused a token, PKCE, tokens for no API, and what happens to a stolen refresh token."""

from __future__ import annotations

from typing import Final

from authkit.course.lesson import Plan
from authkit.course.lessons.lesson_08.challenge import CHALLENGE
from authkit.course.lessons.lesson_08.families import FAMILIES
from authkit.course.lessons.lesson_08.no_audience import NO_AUDIENCE
from authkit.course.lessons.lesson_08.refuse import REFUSE

PLAN: Final = Plan(number="08", title="Flows and refresh", exercises=(REFUSE, CHALLENGE, NO_AUDIENCE, FAMILIES))
