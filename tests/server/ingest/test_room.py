"""When is more read from the broker?"""

from fernbereit_server.ingest.room import Room
from fernbereit_server.ingest.tally import Tally


def test_there_is_room_below_both_bounds_only() -> None:
    """So many messages, so many bytes; each pause is counted once."""
    tally = Tally()
    room = Room(messages=3, size=100, tally=tally)
    free = []
    for size in (10, 80, 10, 0):
        room.enter(size)
        free.append(room.free.is_set())
    room.leave(2, 10)
    assert free == [True, True, False, False]
    assert room.free.is_set()
    assert tally.pauses == 1

    room.enter(500)
    assert not room.free.is_set()
    room.leave(2, 0)
    assert not room.free.is_set()
    room.leave(1, 500)
    assert room.free.is_set()
    assert tally.pauses == 2
