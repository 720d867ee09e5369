"""How does text get onto a page without becoming mark-up? Through one door: the serializer of ElementTree.

Pages are trees of elements; whatever is text in the tree is text on the page. Style and script are the two
files of this package and nothing else; the page's policy names their hashes, so that no other could ever run.
"""

import base64
import hashlib
from functools import cache
from importlib.resources import files
from xml.etree.ElementTree import Element, tostring

Part = Element | str | None
"""What may stand in an element; None is left out."""


def e(tag: str, *parts: Part, **attributes: str | bool | None) -> Element:
    """Return an element; `class_` and `aria_live` are written `class` and `aria-live`.

    >>> page_text(e("p", "a < b", class_="x", hidden=True))
    '<p class="x" hidden="">a &lt; b</p>'
    """
    element = Element(tag)
    for name, value in attributes.items():
        if value is not None and value is not False:
            element.set(name.rstrip("_").replace("_", "-"), "" if value is True else str(value))
    for part in parts:
        _append(element, part)
    return element


def document(language: str, title: str, head: list[Element], body: Element) -> str:
    """Return a whole page."""
    first = [
        e("meta", charset="utf-8"),
        e("meta", name="viewport", content="width=device-width, initial-scale=1"),
        _meta("Content-Security-Policy", content_policy()),
        e("title", title),
        e("style", style()),
        *head,
    ]
    return "<!doctype html>\n" + page_text(e("html", e("head", *first), body, lang=language)) + "\n"


def page_text(element: Element) -> str:
    """Return the text of an element; everything in it that is text is escaped here."""
    return tostring(element, encoding="unicode", method="html")


def refresh(seconds: int) -> Element:
    """Return what has a browser without scripts ask again."""
    return e("noscript", _meta("refresh", str(seconds)))


@cache
def style() -> str:
    """Return the style sheet."""
    return _file("page.css")


@cache
def script() -> str:
    """Return the script; every page works without it."""
    return _file("page.js")


@cache
def content_policy() -> str:
    """Return the Content-Security-Policy of every page: nothing from anywhere but this page itself."""
    return (
        f"default-src 'none'; style-src '{_hash(style())}'; script-src '{_hash(script())}'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'"
    )


def _append(element: Element, part: Part) -> None:
    if part is None:
        return
    if isinstance(part, Element):
        element.append(part)
    elif len(element):
        element[-1].tail = (element[-1].tail or "") + part
    else:
        element.text = (element.text or "") + part


def _meta(name: str, content: str) -> Element:
    element = e("meta", content=content)
    element.set("http-equiv", name)
    return element


def _file(name: str) -> str:
    return (files("fernbereit_agent.self_check") / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
