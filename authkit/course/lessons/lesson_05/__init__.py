"""Verify with a JWKS: which key of the set, when to fetch the set again, and who says where it is."""

from __future__ import annotations

from typing import Final

from authkit.course.lesson import Plan
from authkit.course.lessons.lesson_05.address import ADDRESS
from authkit.course.lessons.lesson_05.find_key import FIND_KEY
from authkit.course.lessons.lesson_05.key_cache import KEY_CACHE
from authkit.course.lessons.lesson_05.pasted_key import PASTED

PLAN: Final = Plan(number="05", title="Verify with a JWKS", exercises=(PASTED, FIND_KEY, KEY_CACHE, ADDRESS))
