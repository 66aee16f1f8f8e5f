"""Exploring further: what authkit knows as tables of pandas and pictures of matplotlib; and code that protects an API.

pandas and matplotlib are imported when a table or a picture is made, not before.
"""

from authkit.explore.figures import Picture
from authkit.explore.matrix import verdict_matrix
from authkit.explore.pictures.anatomy import token_anatomy
from authkit.explore.pictures.cracking import crack_times
from authkit.explore.pictures.rotation import rotation_timeline
from authkit.explore.pictures.signing import signing_comparison
from authkit.explore.pictures.validity import validity_timeline
from authkit.explore.quick_start import QuickStart, quick_start
from authkit.explore.tables import table

__all__ = [
    "Picture", "QuickStart", "crack_times", "quick_start", "rotation_timeline", "signing_comparison", "table",
    "token_anatomy", "validity_timeline", "verdict_matrix",
]  # fmt: skip
