"""How does the answer look as a page? Served with buttons that work, or static with commands instead."""

from fernbereit.words import Words
from fernbereit_agent.self_check.answer import Answer, Point
from fernbereit_agent.self_check.frame import Served, button, page, status, symbol
from fernbereit_agent.self_check.markup import Part, e
from fernbereit_agent.self_check.wording import (
    ABOUT,
    PROGRAM,
    about_sentences,
    commands,
    contest_command,
    further,
    how_many,
)


def answer_page(
    told: Answer, words: Words, *, first: bool, served: Served | None = None, said: str = ""
) -> str:
    """Return the page; `said` is what is told about sending; `first` puts what this is about to the front."""
    about = _about(told, words, served, is_open=first)
    main: list[Part] = [
        e("h1", words("self_check.title")),
        _answer(told, words, served, said),
        _gone(words) if served else None,
        about if first else None,
        _works(told, words),
        *_points(told, words, served),
        _open(told, words),
        _notes(told, words),
        None if first else about,
    ]
    return page(words("self_check.title"), main, words, served)


def busy_page(words: Words, served: Served, step: str, done: int, of: int) -> str:
    """Return the page that is shown while the laptop is looked at."""
    main: list[Part] = [
        e("h1", words("self_check.title")),
        e(
            "section",
            e("h2", words("self_check.busy.title")),
            e("progress", value=str(done), max=str(of), aria_labelledby="live"),
            e("p", step, id="live", role="status"),
            e("p", words("self_check.busy.wait"), class_="soft"),
            class_="card",
        ),
        _gone(words),
    ]
    return page(words("self_check.busy.title"), main, words, served)


def failed_page(words: Words, served: Served) -> str:
    """Return the page that is shown when the laptop could not be looked at."""
    again = e(
        "div", button(words("self_check.do.check"), f"check?lang={words.lang}", served), class_="onward"
    )
    failed = e("section", e("p", words("self_check.busy.failed"), role="alert"), again, class_="card")
    main: list[Part] = [e("h1", words("self_check.title")), failed, _gone(words)]
    return page(words("self_check.title"), main, words, served)


def message_page(words: Words, text: str, served: Served | None = None) -> str:
    """Return a page that says one thing."""
    back = e("p", e("a", words("self_check.label.back"), href=f"./?lang={words.lang}")) if served else None
    main: list[Part] = [e("h1", words("self_check.title")), e("section", e("p", text), back, class_="card")]
    return page(words("self_check.title"), main, words, None)


def _answer(told: Answer, words: Words, served: Served | None, said: str) -> Part:
    do = words("self_check.do.check")
    command = commands(told, words)[0]
    onward: Part = (
        e("div", button(do, f"check?lang={told.lang}", served), class_="onward")
        if served
        else e("p", f"{command[0]} ", e("span", command[1], class_="command code"), class_="onward")
    )
    return e(
        "section",
        e("h2", symbol(told.look), e("span", told.sentence), class_="sentence"),
        *(e("p", sentence, class_="because") for sentence in told.because),
        _identity(told, words),
        onward,
        e("p", said, id="live", role="status", class_="soft") if served else None,
        class_=f"card answer {told.look}",
    )


def _identity(told: Answer, words: Words) -> Part:
    code = told.device_code
    no_code = words("self_check.label.no_code")
    rows: list[tuple[str, str, str | None]] = [
        ("self_check.label.device_code", code or no_code, "code" if code else None),
        ("self_check.label.checked_on", told.checked_on, None),
        ("self_check.label.help", told.contact or words("self_check.label.help_none"), None),
    ]
    cells = [e("div", e("dt", words(label)), e("dd", text, class_=kind)) for label, text, kind in rows]
    return e("dl", *cells, class_="identity")


def _works(told: Answer, words: Words) -> Part:
    rows: list[Part] = []
    for one in told.works:
        count = e("span", how_many((one,), words), class_="count")
        rows.append(e("li", symbol(one.look), e("span", one.name), count))
    passed = [e("li", title) for one in told.works for title in one.titles]
    total = words("self_check.label.works_count", count=how_many(told.works, words))
    return e(
        "section",
        e("h2", words("self_check.label.works")),
        e("p", total, class_="soft"),
        e("ul", *rows, class_="pillars"),
        _details(words("self_check.label.works_all"), e("ul", *passed, class_="passed")) if passed else None,
        class_="card",
    )


def _points(told: Answer, words: Words, served: Served | None) -> list[Part]:
    title = e("h2", words("self_check.label.points"), class_="points-title")
    if not told.points:
        return [title, e("p", words("self_check.label.no_points"))]
    points = [_point(point, words, served) for point in told.points]
    read_out = e("p", words("self_check.label.read_out"), class_="soft")
    more: Part = None
    if told.further:
        others = [_point(point, words, served) for point in told.further]
        more = _details(
            further(told, words), e("ol", *others, class_="points", start=str(len(told.points) + 1))
        )
    return [title, read_out, e("ol", *points, class_="points"), more]


def _point(point: Point, words: Words, served: Served | None) -> Part:
    state = words(f"self_check.label.{point.result}")
    if point.essential:
        state = f"{state}, {words('self_check.label.essential')}"
    rows = (
        ("seen", f"{point.field}: {point.seen}", None),
        ("expected", point.expected, None),
        ("remedy", point.remedy, "remedy"),
        ("whom", point.whom, None),
    )
    facts: list[Part] = []
    for label, text, kind in rows:
        facts += [e("dt", words(f"self_check.label.{label}")), e("dd", text, class_=kind)]
    return e(
        "li",
        e(
            "div",
            status("critical" if point.result == "fail" else "unknown", state),
            e("span", point.code, class_="code"),
            class_="point-head",
        ),
        e("h3", point.title, id=f"title-{point.check}"),
        e("dl", *facts, class_="facts"),
        e("p", words("self_check.label.contested"), class_="said") if point.contested else None,
        _contest(point, words, served),
        id=f"check-{point.check}",
    )


def _contest(point: Point, words: Words, served: Served | None) -> Part:
    kind = "withdraw" if point.contested else "contest"
    if served is None:
        command = contest_command(point.code, withdraw=point.contested)
        return e(
            "p",
            f"{words(f'self_check.command.{kind}')} ",
            e("span", command, class_="command code"),
            class_="said",
        )
    return button(
        words(f"self_check.do.{kind}"),
        f"contest?lang={words.lang}",
        served,
        quiet=True,
        check=point.check,
        do=kind,
        described_by=f"title-{point.check}",
    )


def _open(told: Answer, words: Words) -> Part:
    if not told.open:
        return None
    rows = [e("li", f"{one.title}: ", e("span", one.why, class_="why")) for one in told.open]
    inner = e(
        "div", e("p", words("self_check.label.open_why"), class_="soft"), e("ul", *rows, class_="plain")
    )
    summary = f"{words('self_check.label.open')} ({len(told.open)})"
    return e("section", _details(summary, inner), class_="card", aria_label=words("self_check.label.open"))


def _notes(told: Answer, words: Words) -> Part:
    if not told.notes:
        return None
    rows = [e("li", note) for note in told.notes]
    return e(
        "section", e("h2", words("self_check.label.notes")), e("ul", *rows, class_="plain"), class_="card"
    )


def _about(told: Answer, words: Words, served: Served | None, *, is_open: bool) -> Part:
    sentences = e("ul", *(e("li", one) for one in about_sentences(told, words)), class_="sentences")
    policy = e("p", f"{words('self_check.label.policy')}: {told.policy}", class_="soft")
    label = words("self_check.label.manifest")
    link: Part = e("p", e("a", label, href=f"manifest?lang={told.lang}"))
    if served is None:
        shown = e("span", f"{PROGRAM} manifest --html", class_="command code")
        link = e("p", f"{words('self_check.command.manifest')} ", shown)
    return e("section", e("h2", words(ABOUT)), sentences, link, None if is_open else policy, class_="card")


def _gone(words: Words) -> Part:
    return e("p", words("self_check.serve.expired"), class_="notice", id="gone", role="alert", hidden=True)


def _details(summary: str, inner: Part) -> Part:
    return e("details", e("summary", e("span", summary)), inner)
