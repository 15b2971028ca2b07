"""What a scorecard says, in plain words of one language: the same on screen and on paper."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from metrics.appraisal.explaining import value_words
from metrics.appraisal.restoring import loss_words
from metrics.appraisal.scoring import Line
from metrics.appraisal.sheet import Item
from metrics.cards import CARDS
from metrics.scorecard import Cost, Duty, Finding, Moved, Scorecard, Scored, Work
from metrics.sentences import sentences
from metrics.units import MISSING
from metrics.wording import common, missing_words, month_name

QUARTER = 3  # months


def points_words(points: float | None) -> str:
    """Hundredths with both decimals, so that numbers in a column stand below each other; "—" for none."""
    return MISSING if points is None else f"{points / 100:.2f}"


def change_words(change: int | None) -> str:
    """Points more or less, with a shape: ▲ 0.68."""
    if change is None:
        return MISSING
    return f"{'▲' if change > 0 else '▼'} {abs(change) / 100:.2f}" if change else "0.00"


def round_words(score: Scored, language: str) -> str:
    """Which sheet over which period."""
    said = sentences(language)
    return said(
        "card.of_round",
        sheet=score.sheet.words[language],
        period=said(f"appraisal.round.{score.period}"),
        month=month_name(score.month, common(language)),
    )


def rank_words(score: Scored, language: str) -> str:
    """7 / 8; "—" where it is not ranked."""
    if score.rank is None:
        return MISSING
    return sentences(language)("card.of", rank=score.rank, peers=score.peers)


def parent_rank_words(score: Scored, language: str) -> str:
    """The place among those under the same unit; "" where these are all there are."""
    if score.parent_rank is None or score.parent_peers == score.peers:
        return ""
    return sentences(language)("card.rank_parent", rank=score.parent_rank, peers=score.parent_peers)


def before_title(card: Scorecard, language: str) -> str:
    """What the round before is called."""
    said = sentences(language)
    before = card.quarter
    if before is None:
        return said("card.before", month=MISSING)
    is_last = card.score.period == "quarter" and before.month == card.score.month - QUARTER
    month = month_name(before.month, common(language))
    return said("card.last_quarter" if is_last else "card.before", month=month)


def year_title(card: Scorecard, language: str) -> str:
    """What the round of a year before is called."""
    month = MISSING if card.score is None else month_name(card.score.month - 12, common(language))
    return sentences(language)("card.last_year", month=month)


def before_words(before: Scored | None, language: str) -> str:
    """The score of a round before with its rank."""
    said = sentences(language)
    if before is None:
        return said("card.none_before")
    if before.rank is None:
        return said("card.points_only", points=points_words(before.points))
    return said("card.with_rank", points=points_words(before.points), rank=before.rank)


def peers_words(card: Scorecard, language: str) -> str:
    """Highest, middle and lowest score of the peers, and who stands next ahead. "" where there is nobody else."""
    said, points = sentences(language), [one.points for one in card.peers]
    if len(points) < 2:
        return ""
    told = said(
        "card.spread",
        n=len(points),
        high=points_words(max(points)),
        middle=points_words(median(points)),
        low=points_words(min(points)),
    )
    ahead = card.ahead
    if ahead is None:
        return told + common(language)("list.semicolon") + said("card.first")
    nearest = said(
        "card.ahead",
        name=card.names.get(ahead.unit, MISSING),
        points=points_words(ahead.points),
        gap=points_words(ahead.points - card.score.points),
    )
    return told + common(language)("list.semicolon") + nearest


def cost_words(cost: Cost, language: str) -> str:
    """How many people or things would win points back."""
    return loss_words(cost, cost.item, language)


def moved_words(moved: Moved, language: str) -> str:
    """The item then and now: 72.3% → 75.0%; how it was scored where it has no value; once where it is all the same."""
    then = _told(moved.then, moved.now, moved.item, language)
    now = _told(moved.now, moved.then, moved.item, language)
    return now if then == now else f"{then} → {now}"


def _told(line: Line | None, other: Line | None, item: Item, language: str) -> str:
    if line is None:
        return MISSING
    if line.value is None:
        return sentences(language)(f"appraisal.status.{line.state}")
    return value_words(line.value, item, language, other.value if other else None)


def others_words(card: Scorecard, shown_items: int, language: str) -> str:
    """What the items after the first ones came to; "" where there are none."""
    n = len(card.moved) - shown_items
    if n <= 0:
        return ""
    change = change_words(card.moved_by_others(shown_items))
    return sentences(language)("card.others", n=n, change=change)


def days_words(finding: Finding, language: str) -> str:
    """How long there is still time."""
    said = sentences(language)
    if finding.days_left < 0:
        return said("card.days_over", n=-finding.days_left)
    return said("card.days_left", n=finding.days_left) if finding.days_left else said("card.days_today")


def duty_words(duty: Duty, language: str) -> str:
    """A duty with how many units did it of how many."""
    said, name = sentences(language), CARDS[duty.key].name[language]
    if duty.owed is None:
        return said("card.duty_unknown", name=name)
    return said("card.duty", name=name, done=duty.done, owed=duty.owed)


def duties_words(duties: Sequence[Duty], language: str) -> str:
    """How many are due, and how many are done."""
    said = sentences(language)
    if not duties:
        return said("card.duties_none")
    return said("card.duties_count", n=len(duties), done=sum(one.is_done for one in duties))


def work_words(work: Work, language: str) -> str:
    """An indicator with how many must be made up this month."""
    card = CARDS[work.key]
    n = missing_words(work.per_month, card, common(language))
    return sentences(language)("card.work_one", name=card.name[language], n=n)
