"""The terms on which a year's money is due and settled: dated data, and what an official changes in a what-if."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from metrics.funds.money import FEN_PER_YUAN, exact
from metrics.standards import FOLDER, read_csv, value_in
from metrics.standards.files import StandardsError

PER_HEAD, PREPAID, HELD_BACK, QUALITY, VILLAGE_DOCTORS = (
    "fund_per_head",
    "fund_prepay_share",
    "fund_reward_share",
    "fund_quality_least",
    "fund_village_doctor_share",
)
_SCORE = "score"  # a band's coefficient: the score itself over the full score


@dataclass(frozen=True)
class Band:
    """From a score on (0 to 100): the share of the reward that is paid; None: the score over 100."""

    score_from: Fraction
    coefficient: Fraction | None


@dataclass(frozen=True)
class Terms:
    """What a year's settlement rests on.

    per_head    fen a resident and year
    prepaid     share paid in advance; ``held_back``: share paid after the appraisal; together at most 1
    programmes  programme -> share of the money; the shares are proportions, whatever they add up to
    work_points (programme, card) -> points for one of what the card's numerator counts
    quality     quality coefficient below which work points are cut by it
    village_doctors  share of the services that village doctors render to the people of their clinics, 0 to 1
    """

    year: int
    per_head: int
    prepaid: Fraction
    held_back: Fraction
    bands: tuple[Band, ...]
    programmes: dict[str, Fraction]
    work_points: dict[tuple[str, str], Fraction]
    quality: Fraction
    village_doctors: Fraction

    def __post_init__(self) -> None:
        if not 0 <= self.village_doctors <= 1:
            raise StandardsError(
                f"{self.year} 年村医承担的公卫工作比例 {float(self.village_doctors):g} 不在 0 和 1 之间，请改正。\n"
                f"The share of village doctors of {self.year} is not between 0 and 1: correct it."
            )
        if not 0 <= self.prepaid <= 1 or not 0 <= self.held_back <= 1 or self.prepaid + self.held_back > 1:
            raise StandardsError(
                f"{self.year} 年预拨比例 {float(self.prepaid):g} 与考核比例 {float(self.held_back):g} 之和超过 1，请改正。\n"
                f"The shares prepaid and held back of {self.year} add up to more than 1: correct them."
            )

    def coefficient(self, score: Fraction) -> Fraction:
        """The share of the reward that a score (0 to 100) earns."""
        for band in sorted(self.bands, key=lambda band: band.score_from, reverse=True):
            if score >= band.score_from:
                return min(Fraction(1), score / 100 if band.coefficient is None else band.coefficient)
        return Fraction(0)


def terms_of(year: int) -> Terms:
    """The terms in force for a year, from parameters and the fund files of ``metrics/standards``."""
    month = year * 12 + 11
    points = _in_force("fund_work_points.csv", year, "programme", "card")
    return Terms(
        year=year,
        per_head=int(exact(value_in(PER_HEAD, month)) * FEN_PER_YUAN),
        prepaid=exact(value_in(PREPAID, month)),
        held_back=exact(value_in(HELD_BACK, month)),
        bands=tuple(
            Band(
                exact(row["score_from"]), None if row["coefficient"] == _SCORE else exact(row["coefficient"])
            )
            for row in _in_force("fund_bands.csv", year, "score_from").values()
        ),
        programmes={
            key: exact(row["share"])
            for (key,), row in _in_force("fund_programmes.csv", year, "programme").items()
        },
        work_points={key: exact(row["points"]) for key, row in points.items()},
        quality=exact(value_in(QUALITY, month)),
        village_doctors=exact(value_in(VILLAGE_DOCTORS, month)),
    )


def programme_words(year: int) -> dict[str, dict[str, str]]:
    """programme -> {"zh": name, "en": name}, in the order of the file."""
    rows = _in_force("fund_programmes.csv", year, "programme")
    return {key: {"zh": row["zh"], "en": row["en"]} for (key,), row in rows.items()}


def _in_force(file: str, year: int, *key: str) -> dict[tuple[str, ...], dict[str, str]]:
    """The rows of the newest version not after the year: a version is all rows of one ``from_year``."""
    rows = read_csv(FOLDER / file)
    versions = {int(row["from_year"]) for row in rows if int(row["from_year"]) <= year}
    if not versions:
        raise StandardsError(
            f"{file} 没有适用于 {year} 年的内容，请补充。\n{file} has nothing for {year}: add a version."
        )
    return {
        tuple(row[column] for column in key): row for row in rows if int(row["from_year"]) == max(versions)
    }
