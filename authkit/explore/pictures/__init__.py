"""The pictures, one file each, drawn on the sheet that `sheet.py` lays out."""
