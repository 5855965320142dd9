"""A line between browser and server that can be cut, at any byte."""

import contextlib
import random
import socket
import threading
from collections.abc import Callable
from urllib.parse import urlsplit


class Line:
    """Forwards connections to the server; while it is ``brittle`` each breaks after some random bytes of answer."""

    def __init__(self, url: str, seed: int) -> None:
        self.brittle = False
        self.cuts = 0
        self._to = (urlsplit(url).hostname, urlsplit(url).port)
        self._random = random.Random(seed)
        self._open: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._start(self._accept)

    def cut(self) -> None:
        """Break every connection now."""
        for end in list(self._open):
            _shut(end)

    def close(self) -> None:
        _shut(self._listener)
        self._listener.close()
        self.cut()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(self._to)
            except OSError:
                near.close()
                continue
            self._open |= {near, far}
            self._start(self._forward, near, far, False)
            self._start(self._forward, far, near, True)

    def _forward(self, source: socket.socket, target: socket.socket, answers: bool) -> None:
        left = self._random.randrange(200, 2_500)
        with contextlib.suppress(OSError):
            while data := source.recv(4_096):
                if answers and self.brittle and len(data) > left:
                    self.cuts += 1
                    target.sendall(data[:left])
                    break
                left -= len(data) if self.brittle else 0
                target.sendall(data)
        for end in (source, target):
            _shut(end)
        if answers:
            self._open -= {source, target}
            source.close()
            target.close()

    def _start(self, work: Callable[..., None], *arguments: object) -> None:
        threading.Thread(target=work, args=arguments, daemon=True).start()


def _shut(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
