"""Every card is whole: words, sources, records, parameters; and the list of requirements says the truth."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from commands.figures import catalogue
from commands.systems import DOCUMENT, SYSTEMS, document, missing
from data.records import RECORDS
from metrics import standards
from metrics.card import Card, Gap, Unit, Words, words
from metrics.cards import CARDS
from metrics.catalogue import requirements
from metrics.context import named_tables, rules_of
from metrics.targets import targets

ROOT = Path(__file__).resolve().parents[2]

# Of populations that most cards share: who is a resident, when a year begins, who stays in it, what is divided by.
SHARED = {"resident_months", "year_first_month", "keep_departed", "coverage_kind"}

each_card = pytest.mark.parametrize("card", CARDS.values(), ids=CARDS)


@each_card
def test_words_in_both_languages(card: Card) -> None:
    texts = {
        name: text
        for name in ("name", "question", "rule", "caveat", "reason")
        if (text := getattr(card, name))
    }
    assert {"name", "question", "rule"} <= set(texts)
    for name, text in texts.items():
        assert isinstance(text, Words)
        assert any("一" <= letter <= "鿿" for letter in text.zh), f"{name} is not Chinese"
        assert text.en.strip(), f"{name} has no English"
        assert not any("一" <= letter <= "鿿" for letter in text.en), f"{name}: Chinese in the English"
    if card.gap is not Gap.NONE:
        assert card.reason, "a gap list says why someone is on it"


@each_card
def test_names_its_source_and_system(card: Card) -> None:
    assert card.key == card.key.lower()
    assert card.system in SYSTEMS
    assert card.source.strip()
    assert card.catalogue


def test_names_are_told_apart() -> None:
    for language in ("zh", "en"):
        names = [card.name[language] for card in CARDS.values()]
        assert sorted(names) == sorted(set(names))


@each_card
def test_reads_records_that_its_rule_names(card: Card) -> None:
    assert card.reads
    assert set(card.reads) <= set(RECORDS)
    assert set(card.reads) <= named_tables(rules_of([card])), "delivery of a table that the rule never reads"


@each_card
def test_shares_of_amounts_say_so(card: Card) -> None:
    """Both sides in fen, shown in yuan: a share of money says what its sides are; a share of anything else does not."""
    sums_money = ".amount" in str(card.numerator)
    is_share = card.unit is Unit.PERCENT and card.statistic is None and card.derived is None
    assert (card.parts is Unit.YUAN) == (sums_money and is_share)


def test_targets_are_of_cards_and_name_their_source() -> None:
    for target in targets(set(CARDS)):
        card = CARDS[target["indicator"]]
        assert target["source"].strip()
        assert target["value"] >= 0 or card.derived is not None, f"{card.key}: only a change is negative"
        if card.unit is Unit.PERCENT:
            assert target["value"] <= 1, f"{card.key}: a share is written as 0.95"


# -- parameters -----------------------------------------------------------------------------------------


@each_card
def test_parameters_exist(card: Card) -> None:
    assert set(card.parameters) <= set(standards.parameters())
    assert len(set(card.parameters)) == len(card.parameters)


def test_rules_say_which_parameters_they_rest_on() -> None:
    """A parameter changes exactly the cards that list it; those of shared populations need not be listed."""
    command = [sys.executable, "-m", "tests.spec.parameter_use"]
    told = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for key, changed in json.loads(told).items():
        listed = {card.key for card in CARDS.values() if key in card.parameters}
        assert listed <= set(changed), f"{key} is listed where it changes nothing"
        if key not in SHARED:
            assert listed == set(changed), key


@each_card
def test_words_say_the_values_that_the_rule_uses(card: Card) -> None:
    for text in (card.name, card.question, card.rule, card.reason, card.caveat):
        assert text is None or "{" not in text.zh + text.en


def test_a_changed_value_changes_the_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bureau visits newborns within 10 days, not 28: the rule in words says so too."""
    card = CARDS["ch_newborn_visit_rate"]
    monkeypatch.setattr("metrics.card.values_of", lambda key: (28, 10))
    told = replace(card, rule=words("{newborn_visit_days} 天内", "within {newborn_visit_days} days"))
    assert told.rule == words("10 天内", "within 10 days")
    with pytest.raises(ValueError, match="not in parameters"):
        replace(card, rule=words("{elder_age} 岁", "{elder_age} years"))


# -- the list of requirements ---------------------------------------------------------------------------


def test_requirements_are_told_apart() -> None:
    rows = [row.row for row in requirements()]
    assert len(set(rows)) == len(rows)
    assert {row.system for row in requirements()} == set(SYSTEMS)
    for row in requirements():
        assert row.name.zh and row.name.en
        assert row.source


def test_cards_answer_requirements_that_exist() -> None:
    rows = {row.row for row in requirements()}
    for card in CARDS.values():
        assert set(card.catalogue) <= rows, card.key


def test_every_requirement_has_a_card() -> None:
    assert missing("en") == ""


def test_answers_name_the_document_that_asks_for_them() -> None:
    """Of the cards of a requirement at least one names one of the documents in which it stands."""
    for row in requirements():
        asked = [name.strip() for name in row.source.split(";")]
        answers = [card.source for card in row.cards]
        assert any(name in source for name in asked for source in answers), row.row


def test_document_is_current() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == document(), "run: python -m commands.systems"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_command_lists_every_requirement(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert catalogue(argparse.Namespace(language=language, missing=False)) == 0
    told = capsys.readouterr().out
    for row in requirements():
        assert row.row in told and row.name[language] in told
        assert all(card.key in told for card in row.cards)


def test_command_fails_while_a_requirement_is_open(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = argparse.Namespace(language="en", missing=True)
    whole = tuple(row for row in requirements() if row.is_done)
    monkeypatch.setattr("commands.systems.requirements", lambda: whole)
    assert catalogue(arguments) == 0
    lacking = replace(whole[0], cards=())
    monkeypatch.setattr("commands.systems.requirements", lambda: (lacking, *whole[1:]))
    assert catalogue(arguments) == 1
    assert lacking.row in capsys.readouterr().out
