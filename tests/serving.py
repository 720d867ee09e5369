"""How is an application served on a real port of this process, for programs that are not ours?"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import uvicorn
from fastapi import FastAPI

from processes import free_port, listening, wait_for


@contextmanager
def serving(app: FastAPI, port: int | None = None) -> Iterator[str]:
    """Serve on the loopback and yield `host:port`; nothing of the application itself is started."""
    chosen = port or free_port()
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=chosen, log_level="warning", lifespan="off")
    )
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    try:
        wait_for("a listening server", lambda: listening(chosen))
        yield f"127.0.0.1:{chosen}"
    finally:
        server.should_exit = True
        thread.join(timeout=10)
