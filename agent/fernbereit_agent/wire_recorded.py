"""What did the authority's own servers answer a recorded laptop, and how is that written down?"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from fernbereit_agent.laptop import NetworkFault, Page, RecordedLaptop
from fernbereit_agent.network_faults import fault, word_for
from fernbereit_agent.wire import ShortPage, Wire

Kept = TypeVar("Kept")

OTHER_TEXT = "(another text)"


class RecordedWire:
    """Answers what was written down; nobody answered what was not."""

    def __init__(self, laptop: RecordedLaptop) -> None:
        self._laptop = laptop

    def stun(self, address: str, port: int) -> float | None:
        """Return the recorded milliseconds, or raise its fault."""
        took_ms: float | None = _told(self._laptop.stun.get(f"{address}:{port}", "unreachable"))
        return took_ms

    def echo(self, address: str, port: int, count: int) -> tuple[float | None, ...]:
        """Return the recorded milliseconds, or raise its fault."""
        took_ms: tuple[float | None, ...] = _told(self._laptop.echoes.get(f"{address}:{port}", "unreachable"))
        return took_ms[:count]

    def short_page(self, url: str, timeout_s: float) -> ShortPage | None:  # noqa: ARG002
        """Return the recorded page, or raise its fault."""
        page: Page | None = _told(self._laptop.pages.get(url, "unreachable"))
        if page is None:
            return None
        return ShortPage(status=page.status, text=page.text, elsewhere=page.elsewhere)


class RecordingWire:
    """Passes every question on and keeps the answers."""

    def __init__(self, inner: Wire) -> None:
        self._inner = inner
        self.stuns: dict[str, float | NetworkFault | None] = {}
        self.echoes: dict[str, tuple[float | None, ...] | NetworkFault] = {}
        self._pages: dict[str, Page | NetworkFault | None] = {}

    def pages(self, expected: str) -> dict[str, Page | NetworkFault | None]:
        """Return the pages that came; what is not the expected text may name a network or a person."""
        return {
            url: page.model_copy(update={"text": OTHER_TEXT})
            if isinstance(page, Page) and page.text != expected
            else page
            for url, page in self._pages.items()
        }

    def stun(self, address: str, port: int) -> float | None:
        """Keep and return the milliseconds of a binding request."""
        took_ms = _kept(self.stuns, f"{address}:{port}", lambda: self._inner.stun(address, port))
        self.stuns[f"{address}:{port}"] = took_ms and round(took_ms, 3)
        return took_ms

    def echo(self, address: str, port: int, count: int) -> tuple[float | None, ...]:
        """Keep and return the milliseconds of a series."""
        took_ms = _kept(self.echoes, f"{address}:{port}", lambda: self._inner.echo(address, port, count))
        self.echoes[f"{address}:{port}"] = tuple(each and round(each, 3) for each in took_ms)
        return took_ms

    def short_page(self, url: str, timeout_s: float) -> ShortPage | None:
        """Keep and return what answered in place of a page."""
        page = _kept(self._pages, url, lambda: self._inner.short_page(url, timeout_s))
        self._pages[url] = (
            None if page is None else Page(status=page.status, text=page.text, elsewhere=page.elsewhere)
        )
        return page


def _told(answer: Any) -> Any:
    if isinstance(answer, str):
        raise fault(cast("NetworkFault", answer))
    return answer


def _kept(recorded: dict[str, Any], key: str, ask: Callable[[], Kept]) -> Kept:
    try:
        return ask()
    except OSError as error:
        recorded[key] = word_for(error)
        raise
