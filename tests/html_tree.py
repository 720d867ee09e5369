"""What stands in a page? A small tree of elements for the tests of structure."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta"}


@dataclass
class Element:
    """One element with its attributes, its children and all text below it."""

    tag: str
    attributes: dict[str, str]
    children: list["Element"] = field(default_factory=list)
    text: str = ""

    def all(self, *tags: str) -> Iterator["Element"]:
        """Yield every element below this one with one of these tags, in order of the page."""
        for child in self.children:
            if child.tag in tags:
                yield child
            yield from child.all(*tags)

    def every(self) -> Iterator["Element"]:
        """Yield every element below this one."""
        for child in self.children:
            yield child
            yield from child.every()

    def classes(self) -> set[str]:
        """Return the class names."""
        return set(self.attributes.get("class", "").split())


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("root", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].children.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        ended = self.open.pop()
        if ended.tag != tag:
            raise ValueError(f"</{tag}> closes <{ended.tag}>")

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.text += data


def parse(html: str) -> Element:
    """Read a page; raises `ValueError` where elements are not closed in order."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    if len(reader.open) > 1:
        raise ValueError(f"<{reader.open[-1].tag}> is not closed")
    return reader.root
