"""A stand-in for clamd: the same INSTREAM protocol on a loopback socket."""

import socket
import socketserver
import struct
import threading
from contextlib import contextmanager

SIGNATURE = b"malicious-test-words"


class _Handler(socketserver.StreamRequestHandler):
    def handle(self):
        if self.rfile.read(10) != b"zINSTREAM\0":
            self.wfile.write(b"UNKNOWN COMMAND\0")
            return
        body = b""
        while size := struct.unpack(">I", self.rfile.read(4))[0]:
            body += self.rfile.read(size)
        self.server.seen.append(body)
        self.wfile.write(self.server.answer(body))


def word_of(body):
    """Return clamd's answer on a body."""
    return b"stream: Test.Words FOUND\0" if SIGNATURE in body else b"stream: OK\0"


@contextmanager
def running_scanner(settings, answer=word_of):
    """Serve as clamd and point the setting at it; yields the list of what was sent."""
    with socketserver.TCPServer(("127.0.0.1", 0), _Handler) as server:
        server.seen, server.answer = [], answer
        settings.CLAMAV_SOCKET = f"127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server.seen
        finally:
            server.shutdown()
            thread.join()


def scanner_down(settings):
    """Point the setting at a port where nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.CLAMAV_SOCKET = f"127.0.0.1:{free.getsockname()[1]}"
