"""Invented people's names, ID numbers, phone numbers and addresses.

ID numbers carry a valid check digit but an area code that no county has (990100 and above), so that
no number can be anyone's.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data.demo.rows import glue, text_of_whole

_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段钱汤尹黎易常武乔贺赖龚文"
_MALE = "伟强磊军洋勇杰涛明超刚平辉鹏华飞鑫波斌宇浩凯健俊帆帅旭宁龙林欢建国志文德福贵根生旺"
_FEMALE = "芳娜敏静丽艳娟霞秀英玲燕红梅兰萍桂珍淑琴慧颖倩雪琳洁莉婷欣怡梦瑶佳美凤云莲香"
_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
_CHECK = pa.array(list("10X98765432"))


def names(rng: np.random.Generator, sex: np.ndarray) -> pa.Array:
    """A name for each person: surname and one or two characters."""
    n = len(sex)
    surname = _letters(_SURNAMES, (rng.random(n) ** 1.6 * len(_SURNAMES)).astype(int))
    male, female = np.array(list(_MALE)), np.array(list(_FEMALE))
    first = np.where(
        sex == 1, male[rng.integers(len(male), size=n)], female[rng.integers(len(female), size=n)]
    )
    second = np.where(
        sex == 1, male[rng.integers(len(male), size=n)], female[rng.integers(len(female), size=n)]
    )
    second = np.where(rng.random(n) < 0.22, "", second)
    return glue(surname, pa.array(first), pa.array(second))


def _letters(letters: str, index: np.ndarray) -> pa.Array:
    return pa.array(list(letters)).take(pa.array(index))


def id_numbers(rng: np.random.Generator, area: np.ndarray, born: np.ndarray, sex: np.ndarray) -> pa.Array:
    """18-character ID numbers, unique within an area; ``area`` six digits as a whole number."""
    ymd = calendar_digits(born)
    key = (area.astype(np.int64) * 100_000_000 + ymd) * 2 + (sex == 1)
    order = np.argsort(key, kind="stable")
    ordered = key[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    rank = np.empty(len(key), np.int64)
    rank[order] = np.arange(len(key)) - np.repeat(starts, np.diff(np.r_[starts, len(key)]))
    if len(rank) and rank.max() >= 499:
        raise ValueError("more than 499 people of one sex, birthday and area: use more area codes")
    # A number that depends on the day only, so that sequences do not all begin at 001.
    serial = ((rank + ymd * 7919 % 499) % 499 + 1) * 2 - (sex == 1)
    body = area.astype(np.int64) * 10**11 + ymd * 1000 + serial
    digits = body[:, None] // 10 ** np.arange(16, -1, -1) % 10
    check = (digits * _WEIGHTS).sum(axis=1) % 11
    return glue(text_of_whole(body), _CHECK.take(pa.array(check)))


def calendar_digits(days: np.ndarray) -> np.ndarray:
    """Days as the number yyyymmdd."""
    d = np.asarray(days).astype("datetime64[D]")
    month = d.astype("datetime64[M]")
    m = month.astype(np.int64)
    return (
        (m // 12 + 1970) * 10_000
        + (m % 12 + 1) * 100
        + (d - month.astype("datetime64[D]")).astype(np.int64)
        + 1
    )


def phones(rng: np.random.Generator, n: int) -> pa.Array:
    """Phone numbers of a range that is not given out (they begin with 100)."""
    return text_of_whole(10_000_000_000 + rng.integers(0, 100_000_000, n))


def empi(prefix: int, n: int) -> pa.Array:
    """The source system's own number of a person."""
    return glue("E", text_of_whole(np.full(n, prefix), 2), text_of_whole(np.arange(n), 8))


def record_codes(place_codes: pa.Array, serial: np.ndarray) -> pa.Array:
    """17-digit record codes: county 6, town 3, village 3, person 5."""
    return glue(pc.utf8_slice_codeunits(place_codes, 0, 12), text_of_whole(serial, 5))
