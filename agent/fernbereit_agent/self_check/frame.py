"""What stands around every page of the self-check? Head, language, foot; and the parts pages share."""

from dataclasses import dataclass
from xml.etree.ElementTree import Element

from fernbereit import __version__
from fernbereit.words import LANGUAGES, Words
from fernbereit_agent.self_check.markup import Part, document, e, refresh, script

LANGUAGE_NAMES = {"de": "Deutsch", "en": "English"}
_PATHS = {
    "good": "M5.5 10.5l3 3 6-7",
    "warning": "M10 5v6",
    "critical": "M6.5 6.5l7 7m0-7l-7 7",
    "neutral": "M6 10h8",
    "unknown": "M7.6 7.8a2.4 2.4 0 1 1 3.5 2.2c-.8.4-1.1.8-1.1 1.6",
}
_DOTS = {"warning": "14.5", "unknown": "14.6"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """What a page needs to know of the server behind it; a static page has none."""

    token: str
    """Goes with every form, so that no other page can send one."""
    minutes: int
    """After so many without a visit the server ends."""
    busy: bool = False
    watch: bool = False
    """Whether the page asks how sending goes on."""


def page(title: str, main: list[Part], words: Words, served: Served | None, place: str = "") -> str:
    """Return a page; `place` is its own address below the secret, for the choice of language."""
    lang = words.lang
    content = e("main", *main, class_="wide", id="content", tabindex="-1")
    parts: list[Part] = [
        e("a", words("self_check.label.skip"), class_="skip", href="#content"),
        e(
            "header",
            e("div", _mark(), _languages(words, place) if served else None, class_="wide"),
            class_="head",
        ),
        content,
        _foot(words, served),
        e("script", script()) if served else None,
    ]
    body = e(
        "body",
        *parts,
        data_progress=f"progress?lang={lang}" if served else None,
        data_minutes=str(served.minutes) if served else None,
        data_busy=bool(served and served.busy),
        data_watch=bool(served and served.watch),
    )
    again = [refresh(3)] if served and served.busy else []
    return document(lang, f"{title} · Fernbereit", again, body)


def symbol(look: str) -> Element:
    """Return the symbol of a look; its word stands beside it."""
    dot = e("circle", class_="dot", cx="10", cy=_DOTS[look], r="1.4") if look in _DOTS else None
    return e(
        "svg",
        e("path", d=_PATHS[look]),
        dot,
        class_=f"symbol {look}",
        viewBox="0 0 20 20",
        aria_hidden="true",
        focusable="false",
    )


def status(look: str, word: str) -> Element:
    """Return symbol and word."""
    return e("span", symbol(look), e("span", word), class_="status")


def button(text: str, action: str, served: Served, *, quiet: bool = False, **fields: str) -> Element:
    """Return a form that is one button; `described_by` names the element that says what it is about."""
    described = fields.pop("described_by", None)
    hidden = [e("input", type="hidden", name=name, value=value) for name, value in fields.items()]
    return e(
        "form",
        e("input", type="hidden", name="token", value=served.token),
        *hidden,
        e("button", text, type="submit", class_="quiet" if quiet else None, aria_describedby=described),
        method="post",
        action=action,
    )


def _mark() -> Element:
    stroke = {"fill": "none", "stroke_linecap": "round"}
    return e(
        "span",
        e(
            "svg",
            e("rect", width="32", height="32", rx="8", fill="#0072b2"),
            e(
                "path",
                d="M7 20.5 16 9l9 11.5",
                stroke="#fff",
                stroke_width="2.5",
                stroke_linejoin="round",
                **stroke,
            ),
            e("path", d="M11.5 25h9", stroke="#e69f00", stroke_width="3", **stroke),
            viewBox="0 0 32 32",
            aria_hidden="true",
            focusable="false",
        ),
        "Fernbereit",
        class_="mark",
    )


def _languages(words: Words, place: str) -> Element:
    links = [
        e(
            "li",
            e(
                "a",
                LANGUAGE_NAMES[lang],
                href=f"{place or './'}?lang={lang}",
                lang=lang,
                hreflang=lang,
                aria_current="true" if lang == words.lang else None,
            ),
        )
        for lang in LANGUAGES
    ]
    return e("nav", e("ul", *links), class_="choices", aria_label=words("self_check.label.language"))


def _foot(words: Words, served: Served | None) -> Element:
    text = words("self_check.label.foot", version=__version__)
    expires = e("p", words("self_check.serve.expires", minutes=served.minutes)) if served else None
    return e("footer", e("div", e("p", text), expires, class_="wide"), class_="foot")
