"""The pages, in the order of the menu: address, script, and the right that it takes to open one."""

from __future__ import annotations

from dataclasses import dataclass

from metrics.principal import NOTHING, Principal


@dataclass(frozen=True)
class Entry:
    """One page of the menu. No script may be called like a package of ours (data, metrics, ...): the server puts this
    folder first on the path of imports."""

    script: str
    right: str = "figures"
    either: tuple[str, ...] = ()  # and one of these
    of_work: bool = False  # there is nothing on it but work: nobody opens it who sees nobody's


PAGES: dict[str, Entry] = {
    "overview": Entry("overview.py"),
    "indicator": Entry("indicator.py"),
    "scorecard": Entry("scorecard.py"),
    "todo": Entry("todo.py", "persons"),
    "duties": Entry("duties.py"),
    "appraisal": Entry("appraisal.py"),
    "supervision": Entry("supervision.py", of_work=True),
    "worth": Entry("worth.py", "signals"),
    "verify": Entry("verify.py", of_work=True),
    "funds": Entry("funds.py", of_work=True),
    "map": Entry("grid.py"),
    "siting": Entry("siting.py"),
    "catalogue": Entry("catalogue.py"),
    "method": Entry("method.py"),
    "forms": Entry("forms.py", either=("import", "answer")),
    "quality": Entry("quality.py"),
    "data": Entry("sources.py"),
    "accounts": Entry("accounts.py", "accounts"),
    "log": Entry("log.py", "log"),
}


def menu_of(principal: Principal) -> dict[str, Entry]:
    """The pages that somebody may open."""
    sees_work = principal.own != NOTHING
    return {
        name: entry
        for name, entry in PAGES.items()
        if principal.may(entry.right)
        and (not entry.either or any(principal.may(right) for right in entry.either))
        and (sees_work or not entry.of_work)
    }


def script_of(page: str) -> str:
    """The script of a page, as navigation knows it."""
    return PAGES[page].script
