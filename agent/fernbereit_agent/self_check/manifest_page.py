"""How does the manifest look as a page? Every field: why, how long, who sees it; and the bytes last sent."""

from collections.abc import Iterator
from itertools import groupby

from fernbereit.fields import FieldEntry, fields
from fernbereit.words import Words, load
from fernbereit_agent.manifest import ENVELOPE, NEVER, LastSent
from fernbereit_agent.self_check.frame import Served, page
from fernbereit_agent.self_check.markup import Part, e

_COLUMNS = ("field", "why", "retention", "visibility")


def manifest_page(words: Words, sent: LastSent, served: Served | None = None) -> str:
    """Return the page; the words of fields are those of the shared language."""
    shared = load(words.lang)
    back = e("a", words("self_check.label.back"), href=f"./?lang={words.lang}") if served else None
    last = e("a", shared("manifest.last_sent"), href="#last-sent")
    main: list[Part] = [
        e("h1", shared("manifest.title")),
        e("p", shared("manifest.intro", count=len(fields()))),
        e("p", last, class_="ways"),
        e("p", back, class_="ways") if served else None,
        _list(shared, "manifest.never", NEVER),
        *_sections(shared),
        _list(shared, "manifest.envelope", ENVELOPE),
        _last_sent(words, shared, sent),
    ]
    return page(words("self_check.label.manifest"), main, words, served, "manifest")


def _sections(shared: Words) -> Iterator[Part]:
    for section, entries in groupby(fields(), key=lambda entry: entry.section):
        head = e("tr", *(e("th", shared(f"manifest.{name}"), scope="col") for name in _COLUMNS))
        rows = [_row(shared, entry) for entry in entries]
        name = f"section-{section}"
        table = e("table", e("thead", head), e("tbody", *rows), aria_labelledby=name)
        title = e("h2", shared(f"section.{section}"), id=name)
        yield e("section", title, e("div", table, class_="scroll"), class_="card")


def _row(shared: Words, entry: FieldEntry) -> Part:
    kept, seen_by = shared(f"retention.{entry.retention}"), shared(f"visibility.{entry.visibility}")
    cells = (shared.why(entry), kept, seen_by)
    name = e("span", f"{entry.section}.{entry.path}", class_="code")
    return e(
        "tr",
        e("th", shared.label(entry), name, scope="row"),
        *(
            e("td", text, data_label=shared(f"manifest.{column}"))
            for text, column in zip(cells, _COLUMNS[1:], strict=True)
        ),
    )


def _list(shared: Words, title: str, keys: tuple[str, ...]) -> Part:
    rows = [e("li", shared(key)) for key in keys]
    return e("section", e("h2", shared(title)), e("ul", *rows, class_="sentences"), class_="card")


def _last_sent(words: Words, shared: Words, sent: LastSent) -> Part:
    if sent.text is None:
        shown = e("p", shared(sent.missing or "manifest.nothing_sent", path=sent.path))
    else:
        shown = e(
            "pre", sent.text, class_="bytes code", role="region", tabindex="0", aria_labelledby="last-sent"
        )
    path = e("p", words("self_check.manifest.path", path=sent.path), class_="soft")
    older = e("p", shared("manifest.older")) if sent.older else None
    title = e("h2", shared("manifest.last_sent"), id="last-sent")
    return e("section", title, path, older, shown, class_="card")
