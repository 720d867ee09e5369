"""How many bytes does one look at the targets cost? Run by `test_cost_on_the_wire.py` in a namespace.

Argument: JSON with `targets`, `samples` and the `folder` of a certificate. Everything is served here: nothing
else speaks on this loopback, so the kernel's count of its bytes is that of the look. Prints it as JSON.
"""

import json
import os
import socket
import ssl
import subprocess
import sys
import threading
from pathlib import Path

from fernbereit import echo
from fernbereit_agent.host import LocalHost
from fernbereit_agent.probes import targets_linux
from fernbereit_agent.probes.targets_tried import bytes_of_a_look
from fernbereit_agent.settings import ProbeSettings


def serve_datagrams(server: socket.socket) -> None:
    """Answer the questions of the reflector, and binding requests."""
    while True:
        question, asker = server.recvfrom(2048)
        bound = b"\x01\x01\x00\x0c" + question[4:20] + bytes.fromhex("002000080001a147e112a643")
        server.sendto(echo.answer(question) or bound, asker)


def serve_tls(server: socket.socket, context: ssl.SSLContext) -> None:
    """Shake hands with whoever wants to."""
    while True:
        connection, _ = server.accept()
        try:
            with connection:
                context.wrap_socket(connection, server_side=True).close()
        except OSError:
            continue


def serve_page(server: socket.socket) -> None:
    """Answer with the page, and as many headers as servers usually send."""
    while True:
        connection, _ = server.accept()
        with connection:
            connection.recv(4096)
            head = b"HTTP/1.1 200 OK\r\n" + b"X-Header: something or other\r\n" * 10
            connection.sendall(head + b"\r\nfernbereit\n")


def carried() -> int:
    """Return how many bytes the loopback has carried, Ethernet heads included."""
    (line,) = (
        each for each in Path("/proc/net/dev").read_text().splitlines() if each.strip().startswith("lo:")
    )
    return int(line.split(":")[1].split()[0])


def main() -> None:
    """Serve, look once, print."""
    asked = json.loads(sys.argv[1])
    subprocess.run(["ip", "link", "set", "lo", "mtu", "1500", "up"], check=True)
    folder = Path(asked["folder"])
    os.environ["SSL_CERT_FILE"] = str(folder / "ca.pem")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "server.pem")
    tls, page = socket.create_server(("127.0.0.1", 0)), socket.create_server(("127.0.0.1", 0))
    datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    datagrams.bind(("127.0.0.1", 0))
    for serve, arguments in (
        (serve_tls, (tls, context)),
        (serve_page, (page,)),
        (serve_datagrams, (datagrams,)),
    ):
        threading.Thread(target=serve, args=arguments, daemon=True).start()
    port = datagrams.getsockname()[1]
    settings = ProbeSettings.model_validate(
        {
            "stun": f"127.0.0.1:{port}",
            "reflector": f"127.0.0.1:{port}",
            "portal": f"http://127.0.0.1:{page.getsockname()[1]}/fernbereit.txt",
            "targets": tuple(
                {
                    "name": f"t{number}",
                    "host": "127.0.0.1",
                    "port": tls.getsockname()[1],
                    "samples": asked["samples"],
                }
                for number in range(asked["targets"])
            ),
        }
    )
    before = carried()
    facts = targets_linux.read(LocalHost(), settings)
    cost = carried() - before
    answer = {"bytes": cost, "reckoned": bytes_of_a_look(settings), "facts": facts.model_dump(mode="json")}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
