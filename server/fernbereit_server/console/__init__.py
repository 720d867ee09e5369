"""Pages for people: server-rendered, without scripts, in German and English, light and dark."""

from fernbereit_server.console.answers import no_such_page
from fernbereit_server.console.sources import build_router

__all__ = ["build_router", "no_such_page"]
