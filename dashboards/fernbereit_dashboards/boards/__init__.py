"""Which boards are there? `BOARDS` is the whole list; each module reads as its table of contents."""

from collections.abc import Callable

from fernbereit_dashboards.board import Board
from fernbereit_dashboards.boards import fleet_overview
from fernbereit_dashboards.words import Words

BOARDS: tuple[Callable[[Words], Board], ...] = (fleet_overview.make,)
