"""How does a program end with the one that started it, however that one ended?

    python -m fernbereit_server.demo.tied MODULE ARGUMENTS...

runs `python -m MODULE ARGUMENTS...` in this process and asks it to end once standard input is at its end. The
starter holds the other end of that pipe and never writes: the system closes it with the starter, even one
that was killed.
"""

import os
import runpy
import signal
import sys
import threading
import time

_PATIENCE_S = 10.0


def main() -> None:
    """Run the module named on the command line."""
    module, *arguments = sys.argv[1:]
    threading.Thread(target=_end_with_starter, name="starter", daemon=True).start()
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def _end_with_starter() -> None:
    # The bare descriptor: a thread inside a buffered reader would hold up the end of the interpreter.
    while os.read(0, 1):
        pass
    if sys.platform == "win32":
        os.kill(os.getpid(), signal.SIGTERM)
    else:  # to the main thread, whatever it waits for
        main_thread = threading.main_thread().ident
        assert main_thread is not None
        signal.pthread_kill(main_thread, signal.SIGTERM)
    time.sleep(_PATIENCE_S)
    os._exit(1)


if __name__ == "__main__":
    main()
