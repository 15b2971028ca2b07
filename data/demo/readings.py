"""What is written down at a contact: blood pressures, and the doctor's name."""

from __future__ import annotations

import numpy as np

from data.demo.rows import Words
from data.demo.world import World


def pressures(
    world: World, rng: np.random.Generator, at_goal: np.ndarray, elder: np.ndarray, unit: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Blood pressures (mmHg) at or above the goal; weak units round theirs to tens, as they really do."""
    n = len(at_goal)
    good = np.clip(rng.normal(127, 7, n), 101, 139)
    good = np.where(elder & (rng.random(n) < 0.14), 140 + rng.integers(0, 9, n), good)
    bad = np.clip(rng.normal(157, 8, n), np.where(elder, 151, 141), 195)
    sbp = np.where(at_goal, good, bad).astype(np.int64)
    dbp = np.where(
        at_goal, np.clip(rng.normal(78, 6, n), 58, 89), np.clip(rng.normal(90, 7, n), 66, 112)
    ).astype(np.int64)
    rounds = (world.units.quality[unit] < -0.4) & (rng.random(n) < 0.7)
    sbp = np.where(rounds, np.where(at_goal, sbp // 10 * 10, -(-sbp // 10) * 10), sbp)
    return sbp, np.where(rounds, dbp // 10 * 10, dbp)


def doctors(world: World, unit: np.ndarray, rng: np.random.Generator) -> Words:
    """A doctor of the unit: the centre has twelve, a station two."""
    surnames = "陈王李赵周吴郑孙钱冯褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜"
    given = ("建华", "志强", "丽萍", "海燕", "国庆", "秀兰", "文斌", "晓东", "雪梅", "永刚", "春燕", "玉兰")
    names = tuple(f"{s}{g}" for g in given for s in surnames)
    n = np.where(unit == world.centre, 12, 2)
    return Words((unit * 12 + (rng.random(len(unit)) * n).astype(np.int64)) % len(names), names)
