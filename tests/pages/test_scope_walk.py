"""Every role on every page, with every file and control that the page offers: nothing of a unit out of scope is there.

The district (``tests/pages/marked.py``) marks what belongs to a unit with its number, so the check looks for words.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain

import pytest
from streamlit.testing.v1 import AppTest

from data.installation import HOME_VARIABLE, Installation, make_installation
from data.store import open_store
from exports import papers
from exports.download import Download, download
from metrics import figures, ledger, published
from metrics.appraisal import rounds
from metrics.appraisal.scoring import Entry
from metrics.appraisal.sheet import find
from metrics.cards import CARDS
from metrics.coverage import ground_report
from metrics.filling_in import require_fill_in
from metrics.funds import settlements
from metrics.gaps import gap_page, is_listed
from metrics.late_reading import late_page
from metrics.past import past_figures
from metrics.principal import EVERYTHING, NOTHING, NotAllowedError, Principal, Scope
from metrics.proof import evidence_of, require_addable, require_removable
from metrics.supervision import ageing, findings, visits
from metrics.things import item_history, thing_page
from metrics.verifying import book, drawing
from metrics.why.asking import split
from pages import _board, _carry, _takeaway
from pages._menu import PAGES, menu_of
from pages._store import one_generation, register
from pages._text import text
from tests.pages import marked, sample
from tests.pages.conftest import FRAME
from tests.pages.marked import CENTRE, CLINIC, OCTOBER, OTHER_CENTRE, OTHER_CLINIC, PERSONS, THINGS, marks
from tests.roles import as_role

ZH = text("zh")
_OF_CENTRE = frozenset({CENTRE, *range(15, 20)})
ALL = frozenset((*sample.CENTRES, *sample.STATIONS))

LEADER = as_role("leader", "leader", EVERYTHING, EVERYTHING)
OFFICER = as_role("officer", "officer", EVERYTHING, EVERYTHING)
OF_OTHERS = replace(OFFICER, name="of_others", systems=frozenset({"S04"}))  # the list of persons is of S11
DIRECTOR = as_role("director", "director", EVERYTHING, Scope(_OF_CENTRE))
DOCTOR = as_role("doctor", "doctor", Scope(frozenset({CLINIC})), Scope(frozenset({CLINIC})))
CLERK = as_role("clerk", "clerk", EVERYTHING, NOTHING)
AUDITOR = as_role("auditor", "auditor", NOTHING, NOTHING)
ADMINISTRATOR = as_role("administrator", "administrator", EVERYTHING, NOTHING)
EVERYBODY = (LEADER, OFFICER, OF_OTHERS, DIRECTOR, DOCTOR, CLERK, AUDITOR, ADMINISTRATOR)

#: Addresses that name what is somebody's: each role asks for all of them.
ASKED = [
    ("indicator", {"ind": PERSONS, "unit": "Kxq15"}),
    ("indicator", {"ind": PERSONS, "unit": "Kxq10"}),
    ("indicator", {"ind": PERSONS, "unit": "0"}),
    ("indicator", {"ind": THINGS, "unit": "Kxq15"}),
    ("indicator", {"ind": THINGS, "unit": "Kxq10"}),
    ("scorecard", {"unit": "Kxq02"}),
    *(
        ("todo", {"unit": unit, "where": where})
        for unit in ("Kxq15", "Kxq10")
        for where in ("home", "centre")
    ),
    ("todo", {"unit": "Kxq15", "doctor": "Dxq15"}),
    ("duties", {"unit": "Kxq10"}),
    ("supervision", {"show": "findings", "unit": "0"}),
    ("supervision", {"show": "tables"}),
    *(("supervision", {name: str(n)}) for name in ("finding", "visit") for n in (1, 3, 4)),
    ("appraisal", {"sheet": "small", "round": "1", "subject": "Kxq02"}),
    ("appraisal", {"sheet": "small", "round": "1", "subject": "Kxq03"}),
    ("appraisal", {"sheet": "small", "round": "1", "show": "appeals"}),
    ("appraisal", {"sheet": "small", "round": "1", "show": "history"}),
    ("appraisal", {"sheet": "small", "round": "3", "show": "open"}),
    ("appraisal", {"sheet": "small", "round": "3", "subject": "Kxq02"}),
    ("appraisal", {"sheet": "doctors", "round": "2", "show": "ranking"}),
    ("appraisal", {"sheet": "doctors", "round": "2", "show": "doctors"}),
    ("appraisal", {"sheet": "doctors", "round": "2", "subject": "Kxq15/Dxq15"}),
    ("appraisal", {"sheet": "doctors", "round": "2", "subject": "Kxq10/Dxq10"}),
    ("verify", {}),
    ("verify", {"show": "draw", "ind": PERSONS}),
    *(("verify", {"check": n, "part": part}) for n in ("1", "2") for part in ("entry", "sheet", "result")),
    ("verify", {"check": "1", "line": "2"}),
    ("funds", {"month": "2026-10"}),
    ("forms", {"what": "reported_count", "unit": "Kxq15"}),
    ("forms", {"what": "money", "unit": "Kxq10"}),
    ("data", {"part": "imports"}),
    ("data", {"part": "late", "rows": "yes"}),
    ("map", {"unit": "Kxq10"}),
    ("map", {"mode": "rules"}),
]

#: Words on controls, by the rights of which one is needed.
CONTROLS = {
    ("supervise",): ("supervision.plan_one", "supervision.issue"),
    ("decide",): (
        "appraisal.open_round",
        "appraisal.withdraw_yes",
        "appraisal.grant",
        "appraisal.refuse",
        "funds.withdraw_yes",
    ),
    ("score", "decide"): ("FormSubmitter:entry",),  # its word stands on other buttons too
    ("answer",): ("appraisal.ask",),
    ("reveal",): ("reveal.yes",),
    ("verify",): ("verify.draw", "verify.repeat"),
    ("import",): ("data.upload_button", "forms.upload_button", "data.prepare"),
    ("import", "answer"): ("forms.submit",),
}


@dataclass
class Seen:
    """What somebody was shown and given on their way: texts by place, and the words on buttons."""

    texts: dict[str, str] = field(default_factory=dict)
    buttons: set[str] = field(default_factory=set)
    files: dict[str, str] = field(default_factory=dict)
    unearned: set[str] = field(default_factory=set)
    broken: dict[str, str] = field(default_factory=dict)


@pytest.fixture
def here(marked_installation: Installation, monkeypatch: pytest.MonkeyPatch) -> Installation:
    monkeypatch.setenv(HOME_VARIABLE, str(marked_installation.folder))
    return marked_installation


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> dict[str, list]:
    """What pages offer to be taken away while they run: files that are there, and lines whose files are made."""
    found: dict[str, list] = {"files": [], "lines": [], "rights": []}
    button, list_ = _takeaway.file_button, _carry.take_away

    def noted_button(label, what, file, *more, **named) -> None:
        found["files"].append((what, file))
        found["rights"].append((f"download_{what}", named.get("right", "export")))
        button(label, what, file, *more, **named)

    def noted_list(page, lines) -> None:
        found["lines"] += [(page, one) for line in lines for one in line.files]
        list_(page, lines)

    for place in ("_takeaway", "_carry", "_edit", "_finding", "_log_show", "_returns", "_verify_sheet"):
        monkeypatch.setattr(f"pages.{place}.file_button", noted_button)
    monkeypatch.setattr(_carry, "take_away", noted_list)
    return found


_WALKED: dict[str, Seen] = {}  # a walk takes seconds: one each


def all_of(at: AppTest) -> str:
    """Everything that was sent to the browser, labels and choices too; every mark is plain letters."""
    return "\n".join(str(node.proto) for node in _nodes(at._tree) if getattr(node, "proto", None) is not None)


def _nodes(block) -> Iterator:
    for child in getattr(block, "children", {}).values():
        yield child
        yield from _nodes(child)


def plain(content: bytes) -> str:
    """What can be read in a file; of Office files all parts."""
    if content[:2] != b"PK":
        return content.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return "\n".join(packed.read(name).decode("utf-8", "replace") for name in packed.namelist())


def walk(who: Principal, asked_by: Callable, offered: dict[str, list]) -> Seen:
    """Every page of the menu at its first sight, then every address of ``ASKED``."""
    asked_by(who)
    if who.name in _WALKED:
        return _WALKED[who.name]
    seen = _WALKED[who.name] = Seen()
    at = AppTest.from_file(FRAME, default_timeout=30).run()
    may = menu_of(who)
    for page, params in chain(((name, {}) for name in may), ASKED):
        if page not in may:
            continue
        where = f"{who.name} {page} {params}"
        offered["files"].clear()
        offered["lines"].clear()
        offered["rights"].clear()
        at.switch_page(PAGES[page].script)
        at.query_params.clear()
        for name, value in ({"lang": "zh"} | params).items():
            at.query_params[name] = value
        at.run()
        if at.exception:
            seen.broken[where] = at.exception[0].message
            at = AppTest.from_file(FRAME, default_timeout=30).run()
            continue
        # What the address itself says comes back in notices.
        shown = all_of(at)
        shown = shown.replace("\\", "")
        for value in params.values():
            if marks(value):  # a number alone would take the digits out of marks
                shown = shown.replace(value, "")
        seen.texts[where] = shown
        for one in (*at.get("button"), *at.get("form_submit_button")):
            seen.buttons |= {one.label, str(one.key).partition("_")[0]}
        drawn = " ".join(one.proto.id for one in at.get("download_button"))
        seen.unearned |= {key for key, right in offered["rights"] if key in drawn and not who.may(right)}
        seen.buttons |= {"download"} if at.get("download_button") else set()
        for what, file in offered["files"]:
            if f"{what}" not in seen.files and at.get("download_button"):
                seen.files[what] = plain(file.make())
        for page_here, one in offered["lines"]:
            if not who.may("export") or one.what in seen.files:
                continue
            if isinstance(one, _carry.Ready):
                seen.files[one.what] = plain(one.file.make())
            elif who in (DIRECTOR, DOCTOR) and not one.what.startswith("picture"):
                seen.files[one.what] = _made(who, page_here, one)
    return seen


def _made(who: Principal, here, one: _carry.Made) -> str:
    with one_generation() as known, known.published() as published, register().reading() as reading:
        desk = papers.Desk(who, published, reading, here.unit, here.month, "zh")
        try:
            return plain(one.make(desk, lambda what, share: None).content)
        except papers.NoMapError:
            return ""


@pytest.mark.parametrize("who", EVERYBODY, ids=lambda who: who.name)
def test_nothing_out_of_scope_is_shown_or_given(who, here, asked_by, offered) -> None:
    seen = walk(who, asked_by, offered)
    assert not seen.broken
    assert not seen.unearned
    persons = who.persons if who.in_charge_of(CARDS[PERSONS].system) else NOTHING
    scopes = {"U": who.figures, "K": who.figures, "W": who.own, "D": who.own, "P": persons}
    found: set[tuple[str, int]] = set()
    leaks = {}
    for where, words in chain(seen.texts.items(), seen.files.items()):
        here_found = marks(words)
        if " log " in where or where == "log":  # what was done is told with the unit at which it was
            here_found = {(kind, unit) for kind, unit in here_found if kind not in "UK"}
        found |= here_found
        if wrong := {(kind, unit) for kind, unit in here_found if unit not in scopes[kind]}:
            leaks[where] = sorted(wrong)
    assert not leaks
    for kind, scope in scopes.items():  # what is in scope is there, so that looking for words can fail
        if any(unit in scope for unit in marked.PLACES):
            assert {unit for of, unit in found if of == kind}, f"{who.name} is shown nothing of {kind}"
    for rights, words in CONTROLS.items():
        if not any(who.may(right) for right in rights):
            assert not seen.buttons & {word_of(word) for word in words}, (who.name, rights)
    gives = any(who.may(right) for right in ("export", "import", "log"))
    assert ("download" in seen.buttons) == gives and bool(seen.files) == gives


@pytest.mark.parametrize("who", [LEADER, DIRECTOR, DOCTOR, OF_OTHERS], ids=lambda who: who.name)
def test_who_was_drawn_is_shown_to_nobody_but_who_checks(who, here, asked_by, offered) -> None:
    """Not even of one's own units: whoever told that nothing was done is not known to who did not do it."""
    seen = walk(who, asked_by, offered)
    of_checks = "\n".join(words for where, words in seen.texts.items() if f"{who.name} verify" in where)
    assert not {(kind, unit) for kind, unit in marks(of_checks) if kind in "PDW"}
    assert not [what for what in seen.files if what.startswith("check sheet")]
    officer = walk(OFFICER, asked_by, offered)
    told = "\n".join(words for where, words in officer.texts.items() if "officer verify" in where)
    assert {("P", CLINIC), ("D", CLINIC)} <= marks(told)
    assert [what for what in officer.files if what.startswith("check sheet")]


def test_every_control_is_seen_by_somebody(here, asked_by, offered) -> None:
    """Else the walk would look for words that nobody is shown."""
    seen = walk(OFFICER, asked_by, offered).buttons | walk(DIRECTOR, asked_by, offered).buttons
    offered_words = {word for words in CONTROLS.values() for word in words}
    assert {word for word in offered_words if word_of(word) not in seen} <= {
        "data.upload_button",
        "data.prepare",
    }


def word_of(control: str) -> str:
    return control if ":" in control else ZH(control)


# -- past the pages ----------------------------------------------------------------------------------


def refused(call: Callable[[], object]) -> bool:
    """Whether a call says no, or gives nothing."""
    try:
        found = call()
    except (NotAllowedError, LookupError):
        return True
    return found is None or (hasattr(found, "__len__") and len(found) == 0) or getattr(found, "total", 1) == 0


@pytest.mark.parametrize("who", [DIRECTOR, DOCTOR], ids=lambda who: who.name)
def test_functions_refuse_what_is_forged(who, here) -> None:
    store, today = open_store(here), date.today()
    with store.snapshot() as known, register().reading() as r, known.published() as p, known.records() as k:
        elsewhere = {
            "people": lambda: gap_page(known, who, PERSONS, OTHER_CLINIC, OCTOBER, "ytd", 1, 20, "zh"),
            "everybody": lambda: gap_page(known, who, PERSONS, sample.BUREAU, OCTOBER, "ytd", 1, 20, "zh"),
            "why": lambda: split(known, who, PERSONS, OTHER_CLINIC, OCTOBER, "ytd", OCTOBER - 1),
            "past": lambda: past_figures(
                known, who, PERSONS, OTHER_CLINIC, OCTOBER, "ytd", [date(2026, 11, 10)]
            ),
            "late": lambda: late_page(known, who, OTHER_CLINIC, OCTOBER - 11, OCTOBER, 1, 20),
            "things": lambda: thing_page(known, who, THINGS, OTHER_CLINIC, OCTOBER, "ytd", 1, 20, "zh"),
            "items": lambda: item_history(known, who, sample.STATIONS[0], OCTOBER),
            "finding": lambda: findings.one(who, r, 1),
            "its story": lambda: findings.story(who, r, 1),
            "its evidence": lambda: evidence_of(who, r, "finding", "1"),
            "visit": lambda: visits.one(who, r, 1),
            "evidence of a score": lambda: evidence_of(who, r, "appraisal_entry", f"1/{OTHER_CENTRE}//plan"),
            "adding evidence": lambda: require_addable(who, r, "finding", "1"),
            "taking it away": lambda: require_removable(who, r, 1),
            "doctor's lines": lambda: rounds.lines(who, r, 2, OTHER_CLINIC, f"Dxq{OTHER_CLINIC}"),
            "ledger": lambda: settlements.paid(who, k, marked.YEAR).keys() - who.own.units,
            "list of all": lambda: ledger.batches(who, k),
            "where units are": lambda: ground_report.standing(who, k),
            "who is drawn": lambda: book.lines(who, r, 2),
            "a check under way": lambda: book.one(who, r, 1),
            "units of a check": lambda: set(book.units_of(who, r, 2)["unit"]) - who.own.units,
            "figures of others": lambda: set(figures.units(DOCTOR, p)["unit"]) - DOCTOR.figures.units,
        }
        assert [name for name, call in elsewhere.items() if not refused(call)] == []
        for table in (findings.findings(who, r), rounds.appeals(who, r), ageing.ageing(who, r, today)):
            assert set(table["unit"]) <= who.own.units
        for rows in (rounds.results(who, r, 2), rounds.entries(who, r, 1)):
            assert set(rows["unit"]) <= who.own.units
        assert {line.unit for line in settlements.doctors_of(who, r, 1)} <= who.own.units
        entry, words = Entry(points=1), "x"
        with register().writing() as w:
            writes = {
                "plan": lambda: visits.plan(who, w, OTHER_CLINIC, "monthly", today),
                "issue": lambda: findings.issue(
                    who, w, OTHER_CLINIC, "sup_drugs", "low", "x", issued_on=today
                ),
                "withdraw a finding": lambda: findings.withdraw(who, w, 4, 1, words),
                "score": lambda: rounds.save_entry(who, w, 3, CENTRE, "", "plan", entry),
                "open": lambda: rounds.open_round(who, w, find("small", "1"), OCTOBER - 4, "quarter"),
                "take back": lambda: rounds.withdraw(who, w, 1, 2, words),
                "appeal": lambda: rounds.ask_appeal(who, w, 1, OTHER_CENTRE, "", "plan", words),
                "grant": lambda: rounds.grant_appeal(who, w, 1, 1, 1, words),
                "settle": lambda: settlements.open_draft(who, w, 2025, "work_points", None),
                "unsettle": lambda: settlements.withdraw(who, w, 1, 2, words),
                "draw": lambda: drawing.sample(known, who, PERSONS, CLINIC, OCTOBER, "ytd", size=1),
                "answer": lambda: book.enter(who, w, 1, 1, book.Answer(1, "denied")),
                "close": lambda: book.close(who, w, 1, 1),
                "fill in": lambda: require_fill_in(who, "reported_count", OTHER_CLINIC),
                "fill in money": lambda: require_fill_in(who, "money", CLINIC),
            }
            assert [name for name, call in writes.items() if not refused(call)] == []
    store.close()


def test_lists_of_other_systems_are_not_of_an_officer_of_some(here) -> None:
    store, of = open_store(here), (PERSONS, CLINIC, OCTOBER, "ytd")
    assert gap_page(store, OFFICER, *of, 1, 20, "zh").total == 1
    with pytest.raises(NotAllowedError):
        gap_page(store, OF_OTHERS, *of, 1, 20, "zh")
    with pytest.raises(NotAllowedError):
        is_listed(store, OF_OTHERS, *of, CLINIC)
    store.close()


def test_whoever_may_not_export_gets_no_paper_made(here) -> None:
    for who in (CLERK, ADMINISTRATOR, AUDITOR):
        with pytest.raises(NotAllowedError):
            papers.Desk(who, None, None, CENTRE, OCTOBER, "zh")
        with pytest.raises(NotAllowedError):
            download(None, who, "x", Download("x.csv", "text/csv", lambda: b"x"))()


def test_targets_of_single_units_are_told_to_whoever_sees_them(tmp_path) -> None:
    made = make_installation(tmp_path / "own", kind="own")
    store = open_store(made)
    sample.fill(store, {PERSONS: CARDS[PERSONS]}, "own")
    row = {"indicator": PERSONS, "year": 2026, "value": 0.5, "source": "x", "own": True, "in_force": False}
    with store.change("published") as draft:
        for unit in (CLINIC, OTHER_CLINIC):
            draft.published.execute(published.target.insert().values(unit=unit, **row))
    with store.published() as connection:
        told = figures.targets_of(DOCTOR, connection, CARDS[PERSONS])
        assert set(told["unit"].dropna()) == {CLINIC}
        assert len(figures.targets_of(LEADER, connection, CARDS[PERSONS])) == len(told) + 1
    store.close()


# -- visits of the site ------------------------------------------------------------------------------


def test_a_page_that_is_not_ones_own_leads_to_the_first_one(here, asked_by) -> None:
    asked_by(DOCTOR)
    assert not {"accounts", "log"} & set(menu_of(DOCTOR))
    at = AppTest.from_file(FRAME, default_timeout=30)
    at.query_params["lang"] = "zh"
    at.run()
    with pytest.MonkeyPatch.context() as patch:
        went: list[str] = []
        patch.setattr("pages._board.st.switch_page", lambda script, query_params: went.append(script))
        for link in ("accounts?lang=zh", "log", "http://x.example/indicator", "indicator?unit=Kxq15"):
            _board.follow(link)
        assert went == ["indicator.py"]


def test_an_account_without_units_is_told_so(here, asked_by) -> None:
    asked_by(as_role("nobody", "doctor", NOTHING, NOTHING))
    at = AppTest.from_file(FRAME, default_timeout=30).run()
    assert not at.exception and ZH("empty.no_units_in_scope") in [one.value for one in at.info]


def test_nothing_of_a_visit_is_there_for_the_next_account(here, asked_by) -> None:
    """A person shown in full, a unit chosen, files made: gone once somebody else is there."""
    asked_by(DIRECTOR)
    at = AppTest.from_file(FRAME, default_timeout=30).run()
    at.session_state["revealed"] = {"x": "Pxq15·全名"}
    at.session_state["prepared"] = ("x", {"x": "y"})
    at.run()
    assert "revealed" in at.session_state
    asked_by(DOCTOR)
    at.run()
    assert "revealed" not in at.session_state and at.session_state["prepared"][0] != "x"
