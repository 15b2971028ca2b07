"""Events in the register: who may mark what, edits with their version, and what is taken away stays in the history."""

from __future__ import annotations

from dataclasses import replace

import pytest

from data.installation import make_installation
from data.register import EditedMeanwhileError, history_of, open_register
from metrics.cards import CARDS
from metrics.changing import marking
from metrics.principal import EVERYTHING, LOCAL, NotAllowedError, Scope
from tests.roles import as_role

MONTH = 2026 * 12 + 4
CARD = CARDS["htn_followup_count"]
OTHER = next(card for card in CARDS.values() if card.system != CARD.system)
OFFICER = as_role("科长", "officer", EVERYTHING, EVERYTHING)
OF_ONE = replace(as_role("慢病科", "officer", EVERYTHING, EVERYTHING), systems=frozenset({CARD.system}))
DIRECTOR = as_role("主任", "director", EVERYTHING, Scope(frozenset({2, 3})))
CLERK = as_role("数据员", "clerk", EVERYTHING, EVERYTHING)


@pytest.fixture
def register(tmp_path):
    made = open_register(make_installation(tmp_path / "own", kind="own"))
    yield made
    made.close()


def mark(register, who, unit=2, card=CARD, month=MONTH, words="新增体检车", rebase=True) -> int:
    with register.writing() as connection:
        return marking.mark(who, connection, unit, card, month, words, rebase)


def seen(register, who, unit=2, card=CARD) -> list[str]:
    with register.reading() as connection:
        return marking.events_of(who, connection, unit, card)["words"].tolist()


def test_an_event_is_seen_where_it_belongs(register):
    mark(register, OFFICER, words="本机构本指标")
    mark(register, OFFICER, card=None, words="本机构全部指标")
    mark(register, OFFICER, unit=None, words="全部机构本指标", month=MONTH - 1)
    mark(register, OFFICER, unit=None, card=None, words="全部", month=MONTH - 2)
    assert seen(register, OFFICER) == ["全部", "全部机构本指标", "本机构本指标", "本机构全部指标"]
    assert seen(register, OFFICER, unit=3) == ["全部", "全部机构本指标"]
    assert seen(register, OFFICER, card=OTHER) == ["全部", "本机构全部指标"]
    elsewhere = as_role("村医", "doctor", Scope(frozenset({3})), Scope(frozenset({3})))
    assert seen(register, elsewhere, unit=2) == [
        "全部",
        "全部机构本指标",
    ]  # what is of unit 2 is not theirs to see


@pytest.mark.parametrize(
    ("who", "unit", "card", "may"),
    [
        (LOCAL, None, None, True),
        (OFFICER, None, None, True),
        (OF_ONE, 2, CARD, True),
        (OF_ONE, None, CARD, True),
        (OF_ONE, 2, OTHER, False),
        (OF_ONE, 2, None, False),
        (DIRECTOR, 2, CARD, False),
        (CLERK, 2, CARD, False),
    ],
)
def test_who_may(register, who, unit, card, may):
    assert marking.may_mark(who, unit, card) is may
    if may:
        assert mark(register, who, unit, card) == 1
        return
    with pytest.raises(NotAllowedError):
        mark(register, who, unit, card)
    number = mark(register, LOCAL, unit, card)
    with register.writing() as connection, pytest.raises(NotAllowedError):
        marking.remove(who, connection, number, 1)
    assert len(seen(register, LOCAL, unit or 2, card or CARD)) == 1


def test_edits_know_their_version(register):
    number = mark(register, OFFICER)
    with register.writing() as connection:
        marking.amend(OFFICER, connection, number, 1, MONTH, "换了体检车", False)
    with register.writing() as connection, pytest.raises(EditedMeanwhileError):
        marking.remove(OFFICER, connection, number, 1)
    with register.writing() as connection:
        marking.remove(OFFICER, connection, number, 2)
    assert seen(register, OFFICER) == []
    with register.writing() as connection, pytest.raises(LookupError):
        marking.amend(OFFICER, connection, number, 3, MONTH, "再来", True)
    with register.reading() as connection:
        steps = [(one["action"], one["by"]) for one in history_of(connection, "marked_event", str(number))]
    assert steps == [("add", "科长"), ("change", "科长"), ("withdraw", "科长")]


@pytest.mark.parametrize("words", ["", "  \n"])
def test_no_event_without_words(register, words):
    with pytest.raises(ValueError, match="words"):
        mark(register, OFFICER, words=words)
