"""The pages of the door: plain HTML of this server alone, without scripts."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from urllib.parse import quote

from data.access.accounts import Account

_TEXT = Path(__file__).resolve().parent / "text"
_STYLE = """
:root { color-scheme: light dark; }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 24px;
  font: 16px/1.6 "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", sans-serif;
  background: light-dark(#f4f6f8, #12181f); color: light-dark(#1c2733, #e4e9ee); }
main { width: 100%; max-width: 380px; background: light-dark(#fff, #1a222b); padding: 32px 28px 24px;
  border: 1px solid light-dark(#dde2e8, #323d49); border-radius: 8px; }
h1 { margin: 0; font-size: 1.5rem; } .sub { margin: 0 0 20px; }
.sub, .notice, .rules { color: light-dark(#5a6673, #a3aeba); font-size: .9rem; }
label { display: block; margin: 14px 0 4px; }
input { width: 100%; padding: 9px 11px; font: inherit; color: inherit; border-radius: 6px;
  background: light-dark(#fff, #12181f); border: 1px solid light-dark(#b9c2cc, #4a5866); }
input:focus-visible, button:focus-visible, a:focus-visible { outline: 2px solid light-dark(#1d5a8a, #6fb1e4); }
button, a.button { display: block; width: 100%; margin-top: 22px; padding: 10px; font: inherit; font-weight: 600;
  border: 0; border-radius: 6px; text-align: center; text-decoration: none; white-space: normal; cursor: pointer;
  background: light-dark(#1d5a8a, #6fb1e4); color: light-dark(#fff, #12181f); }
.why { margin: 16px 0 0; padding: 8px 12px; border-radius: 6px; background: light-dark(#fbe8e4, #43201a);
  color: light-dark(#a93423, #f39182); }
.foot { display: flex; justify-content: space-between; gap: 16px; margin-top: 20px; }
a:not(.button) { color: light-dark(#1d5a8a, #7fbcea); white-space: nowrap; }
"""


@dataclass(frozen=True)
class Why:
    """Why the form is shown again: a rule of ``desk.Refused``, minutes to wait, faults of a password."""

    rule: str
    minutes: int = 0
    more: tuple[str, ...] = ()


def door(language: str, target: str, why: Why | None = None, name: str = "") -> str:
    """The form to sign in; ``target`` is where it leads, a place on this server."""
    said = _words(language)
    fields = (
        f'<input type="hidden" name="next" value="{escape(target)}">'
        + _field("name", said["name"], "text", "username", name)
        + _field("password", said["password"], "password", "current-password")
    )
    form = _form("/signin", fields, said["enter"], _why(said, why))
    return _document(language, said["title"], form, _other(language, target))


def way_in(language: str, go: str, why: Why | None = None) -> str:
    """The way to the identity server; ``go`` is our own address that leads there."""
    said = _words(language)
    link = f'<p><a class="button" href="{escape(go)}">{escape(said["go"])}</a></p>'
    return _document(language, said["title"], link + _why(said, why), _other(language))


def told(language: str, why: Why) -> str:
    """Why nobody comes in here, where there is nothing to fill in."""
    said = _words(language)
    return _document(language, said["title"], _why(said, why), _other(language))


def enough(language: str, most: int) -> str:
    """No more windows: one session has as many open as it may."""
    said = _words(language)
    words = f'<p class="why" role="alert">{escape(said["windows"].format(most=most))}</p>'
    link = f'<p><a class="button" href="/">{escape(said["on"])}</a></p>'
    return _document(language, said["windows_title"], words + link, "")


def moving_on(language: str, target: str) -> str:
    """Somebody is in. A page of ours has to lead on: browsers send the cookie with what our own pages ask for, and not
    with what another site's page has led to."""
    said = _words(language)
    head = f'<meta http-equiv="refresh" content="0; url={escape(target)}">'
    link = f'<p><a class="button" href="{escape(target)}">{escape(said["on"])}</a></p>'
    return _document(language, said["welcome"], link, "", head)


def left(language: str, again: str, end: str) -> str:
    """Somebody is out here; elsewhere they are not, and ``end`` is where they can be ("": it has no such place)."""
    said = _words(language)
    links = f'<p><a href="{escape(again)}">{escape(said["again_in"])}</a></p>'
    if end:
        links = f'<p><a class="button" href="{escape(end)}">{escape(said["end"])}</a></p>' + links
    about = said["left"] if end else said["left_proxy"]
    return _document(language, said["out"], f"<p>{escape(about)}</p>{links}", "")


def password(language: str, one: Account, least: int, why: Why | None = None) -> str:
    """The form to change the own password."""
    said = _words(language)
    must = f"<p>{escape(said['must_change'])}</p>" if one.must_change else ""
    fields = (
        f'<input type="hidden" name="name" autocomplete="username" value="{escape(one.name)}">'
        + _field("old", said["old"], "password", "current-password")
        + _field("new", said["new"], "password", "new-password")
        + _field("again", said["again"], "password", "new-password")
        + f'<p class="rules">{escape(said["rules"].format(least=least))}</p>'
    )
    form = must + _form("/password", fields, said["save"], _why(said, why))
    return _document(language, said["password_title"], form, "")


def out(language: str, one: Account) -> str:
    """Whether to sign out here, or everywhere."""
    said = _words(language)
    here = _form("/signout", "", said["out"], "")
    everywhere = _form(
        "/signout", '<input type="hidden" name="everywhere" value="yes">', said["everywhere"], ""
    )
    back = f'<a href="/">{escape(said["back"])}</a>'
    name = f"<p>{escape(said['out_who'].format(shown=one.shown))}</p>"
    return _document(language, said["out"], name + here + everywhere, back)


def _other(language: str, target: str = "/") -> str:
    """The same page in the other language."""
    other = "en" if language == "zh" else "zh"
    place = f"/signin?lang={other}" + (f"&next={quote(target, safe='')}" if target != "/" else "")
    return f'<a href="{escape(place)}">{escape(_words(language)["language"])}</a>'


def _document(language: str, title: str, content: str, foot: str, head: str = "") -> str:
    said = _words(language)
    code = "zh-CN" if language == "zh" else "en"
    return (
        f'<!doctype html><html lang="{code}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)} · {escape(said['product'])}</title>{head}<style>{_STYLE}</style></head><body><main>"
        f'<h1>{escape(said["product"])}</h1><p class="sub">{escape(said["subtitle"])}</p>{content}'
        f'<div class="foot"><span class="notice">{escape(said["notice"])}</span>{foot}</div></main></body></html>'
    )


def _form(action: str, fields: str, button: str, why: str) -> str:
    return f'<form method="post" action="{action}">{fields}<button>{escape(button)}</button></form>{why}'


def _field(name: str, label: str, kind: str, complete: str, value: str = "") -> str:
    return (
        f'<label for="{name}">{escape(label)}</label><input id="{name}" name="{name}" type="{kind}" '
        f'autocomplete="{complete}" value="{escape(value)}" required>'
    )


def _why(said: dict[str, str], why: Why | None) -> str:
    if why is None:
        return ""
    names = {"name": "has_name"}
    faults = ("、" if said["language"] == "English" else ", ").join(
        said[names.get(fault, fault)] for fault in why.more
    )
    words = said[why.rule].format(minutes=why.minutes, faults=faults)
    return f'<p class="why" role="alert">{escape(words)}</p>'


@cache
def _words(language: str) -> dict[str, str]:
    return tomllib.loads((_TEXT / f"{language}.toml").read_text("utf-8"))
