"""A photo to be kept as evidence."""

from __future__ import annotations

import io

from PIL import Image


def a_photo() -> bytes:
    """A small PNG, red."""
    made = io.BytesIO()
    Image.new("RGB", (4, 3), "red").save(made, "PNG")
    return made.getvalue()
