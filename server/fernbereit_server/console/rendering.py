"""How does a page become HTML? Jinja2 with autoescape; nothing it names lies outside this collector."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined

from fernbereit import __version__
from fernbereit_server.console.choice import LANGUAGES, THEMES, Choice
from fernbereit_server.console.wording import words

ASSETS: Final = {"console.css": "text/css; charset=utf-8", "mark.svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A choice in the head of the page."""

    key: str
    text: str
    href: str
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What every page has around its content.

    `place` is the entry of the menu it belongs to, `here` the first word of its address.
    """

    language: str
    theme: str
    place: str
    here: str
    languages: tuple[Link, ...]
    themes: tuple[Link, ...]
    version: str = __version__

    @staticmethod
    def asset(name: str) -> str:
        """Return the address of a file of ours; it changes with the content, so browsers may keep it."""
        return f"/static/{name}?v={hashlib.sha256(asset(name)).hexdigest()[:12]}"


@cache
def asset(name: str) -> bytes:
    """Return a static file; raises `KeyError` for a name that is not in `ASSETS`."""
    if name not in ASSETS:
        raise KeyError(name)
    return (files("fernbereit_server.console") / "static" / name).read_bytes()


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("fernbereit_server.console"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def frame(choice: Choice, place: str, here: str, path: str, query: Mapping[str, str]) -> Frame:
    """Return what surrounds the page at `path`; its links keep the rest of the query."""
    own = words(choice.language)

    def link(name: str, key: str, *, current: bool) -> Link:
        kept = {k: v for k, v in query.items() if k not in ("lang", "theme")}
        text = own(f"layout.{'language' if name == 'lang' else 'theme'}.{key}")
        return Link(key=key, text=text, href=f"{path}?{urlencode({**kept, name: key})}", current=current)

    return Frame(
        language=choice.language,
        theme=choice.theme,
        place=place,
        here=here,
        languages=tuple(link("lang", key, current=key == choice.language) for key in LANGUAGES),
        themes=tuple(link("theme", key, current=key == choice.theme) for key in THEMES),
    )


def render(template: str, page: Frame, view: object) -> str:
    """Return the HTML of one page; `view` is the frozen object its template shows."""
    return _environment().get_template(template).render(page=page, view=view, t=words(page.language))
