"""Inside a token: three parts in base64url, who may read them, and what the signature is and is not good for."""

from __future__ import annotations

from typing import Final

from authkit.course.lesson import Plan
from authkit.course.lessons.lesson_02.decode_part import DECODE_PART
from authkit.course.lessons.lesson_02.predict import PREDICT
from authkit.course.lessons.lesson_02.reader import READER
from authkit.course.lessons.lesson_02.replay import REPLAY

PLAN: Final = Plan(number="02", title="Inside a token", exercises=(READER, DECODE_PART, PREDICT, REPLAY))
