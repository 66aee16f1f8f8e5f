"""Exploring further: what authkit knows as tables of pandas; and code that protects an API."""

from authkit.explore.quick_start import QuickStart, quick_start
from authkit.explore.tables import table

__all__ = ["QuickStart", "quick_start", "table"]
