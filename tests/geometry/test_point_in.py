"""Which shape a point lies in, against asking every shape about every point."""

from __future__ import annotations

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from data.geometry.point_in import which

whole = st.integers(0, 6)


@settings(max_examples=max(60, settings().max_examples))
@given(
    st.lists(st.tuples(whole, whole, st.integers(1, 3), st.integers(1, 3)), max_size=8),
    st.lists(st.tuples(whole, whole), max_size=20),
)
def test_as_asked_one_by_one(boxes, points):
    """Small whole numbers: points on borders and corners, shapes over each other."""
    shapes = np.array([shapely.box(x, y, x + w, y + h) for x, y, w, h in boxes], object)
    expected = [
        next((i for i, (a, b, w, h) in enumerate(boxes) if a <= x <= a + w and b <= y <= b + h), -1)
        for x, y in points
    ]
    found = which(shapes, np.array([p[0] for p in points]), np.array([p[1] for p in points]))
    assert found.tolist() == expected


def test_missing_points_lie_nowhere():
    shapes = np.array([shapely.box(0, 0, 1, 1)], object)
    assert which(shapes, np.array([0.5, np.nan, 3.0]), np.array([0.5, 0.5, np.nan])).tolist() == [0, -1, -1]


def test_a_hole_is_outside():
    ring = shapely.Polygon([(0, 0), (9, 0), (9, 9), (0, 9)], [[(3, 3), (6, 3), (6, 6), (3, 6)]])
    assert which(np.array([ring], object), np.array([4.0, 1.0]), np.array([4.0, 1.0])).tolist() == [-1, 0]
