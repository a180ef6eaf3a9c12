"""250 slow connections to a server, until SIGTERM: 100 send a byte a second, 50 read a little of their answers four times a
second, 100 idle. Beside them a newcomer connects ten times a second and asks something, so that it shows when the server
accepts no one while it serves others.

    slow.py URL TOKEN_PATH

Prints `ready` when all are connected and wait for something, and at the end a line: how many answers the slow ones got, how
many of them the server gave up as docs/limits.md says, how many newcomers were answered, their median and 99th percentile in
milliseconds, and how many things went wrong. What these were is on standard error.
"""

import collections
import os
import signal
import socket
import sys
import threading
import time
import urllib.parse

from server import TLS

SENDERS, READERS, IDLERS = 100, 50, 100
# docs/limits.md: the time for a head, idling included, and the time for a body.
HEAD_SECONDS, BODY_SECONDS = 60, 10
# A short request, which is complete in time, byte by byte.
SHORT = b"GET /health HTTP/1.1\r\nHost: a\r\n\r\n"
LARGE = b"GET /.well-known/openid-configuration HTTP/1.1\r\nHost: a\r\n\r\n"
# Requests that a slow reader has sent before it reads: more than the buffers of the system hold answers to.
AHEAD = 200
BYTES_A_TIME = 2048
# The requests of all slow readers are answered at once as far as the buffers hold the answers: so long it is a burst of
# requests, which is not what is measured.
SETTLE_SECONDS = 3


class Closed(Exception):
    """The server closed the connection."""


class Slow:
    """All slow connections, and what became of them."""

    def __init__(self, url, token_path):
        address = urllib.parse.urlsplit(url)
        self.address, self.tls = (address.hostname, address.port), address.scheme == "https"
        self.post = f"POST {token_path} HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n".encode()
        self.lock = threading.Lock()
        self.counts = collections.Counter()
        self.newcomers = []
        self.connected = threading.Barrier(SENDERS + READERS + IDLERS + 1)

    def connect(self, receives=None):
        raw = socket.socket()
        if receives:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receives)
        raw.settimeout(30)
        raw.connect(self.address)
        return TLS.wrap_socket(raw) if self.tls else raw

    def note(self, what):
        with self.lock:
            self.counts[what] += 1

    def wrong(self, message):
        self.note("wrong")
        print(message, file=sys.stderr, flush=True)

    def start(self):
        senders = [self.finishes, self.never_ends, self.sends_a_body]
        for number in range(SENDERS):
            self.thread(senders[number % len(senders)], number)
        for number in range(READERS):
            self.thread(self.reads, number)
        for number in range(IDLERS):
            self.thread(self.idles, number)
        self.connected.wait()
        time.sleep(SETTLE_SECONDS)
        threading.Thread(target=self.arrives, daemon=True).start()

    def thread(self, way, number):
        threading.Thread(target=self.over_and_over, args=(way, number), daemon=True).start()

    def over_and_over(self, way, number):
        first = True
        while True:
            try:
                connection = self.connect(4096 if way == self.reads else None)
                if first:
                    first = False
                    self.connected.wait()
                with connection:
                    way(connection, number)
            except (OSError, Closed) as error:
                self.wrong(f"{way.__name__}: {type(error).__name__} {error}")
                if first:
                    self.connected.abort()
                time.sleep(1)

    def finishes(self, connection, number):
        """A request that is complete in the end, and must be answered. Part of it is there at once, so that not all end at
        the same time."""
        begun = number % (len(SHORT) - 1)
        connection.sendall(SHORT[:begun])
        answer = dribble(connection, (SHORT[at:at + 1] for at in range(begun, len(SHORT))))
        connection.settimeout(30)
        answer = answer or connection.recv(4096)
        self.expect(answer, b"HTTP/1.1 200 ", "a request that is complete after half a minute")

    def never_ends(self, connection, _):
        """A head without an end: the server ends it in its time."""
        begun = time.monotonic()
        try:
            dribble(connection, endless(b"GET /health HTTP/1.1\r\nHost: a\r\nX-Slow: "))
        except (Closed, ConnectionError):
            self.given_up(begun, HEAD_SECONDS)

    def sends_a_body(self, connection, _):
        """A body that does not arrive in time, and is refused."""
        begun = time.monotonic()
        connection.sendall(self.post)
        answer = dribble(connection, endless(b""))
        if answer.startswith(b"HTTP/1.1 408 "):
            self.given_up(begun, BODY_SECONDS)
        else:
            self.wrong(f"a slow body was answered {answer[:100]}")

    def reads(self, connection, _):
        """Many requests, whose answers are taken slowly: the server has to keep what it cannot send."""
        connection.sendall(LARGE * AHEAD)
        seen, answered = b"", 0
        while answered < AHEAD:
            data = connection.recv(BYTES_A_TIME)
            if not data:
                raise Closed(f"after {answered} of {AHEAD} answers")
            seen += data
            while (length := whole_answer(seen)) is not None:
                self.expect(seen, b"HTTP/1.1 200 ", "the metadata")
                seen, answered = seen[length:], answered + 1
            time.sleep(0.25)

    def idles(self, connection, number):
        """Half of them have asked something before. The server closes the connection in its time."""
        if number % 2:
            connection.sendall(SHORT)
            self.expect(connection.recv(4096), b"HTTP/1.1 200 ", "a request before idling")
        begun = time.monotonic()
        connection.settimeout(2 * HEAD_SECONDS)
        data = connection.recv(4096)
        if data:
            self.wrong(f"an idle connection got {data[:100]}")
        self.given_up(begun, HEAD_SECONDS)

    def arrives(self):
        """A newcomer, again and again."""
        while True:
            begun = time.monotonic()
            try:
                with self.connect() as connection:
                    connection.sendall(SHORT)
                    answer = connection.recv(4096)
                if answer.startswith(b"HTTP/1.1 200 "):
                    self.newcomers.append(time.monotonic() - begun)
                else:
                    self.wrong(f"a newcomer was answered {answer[:100]}")
            except OSError as error:
                self.wrong(f"a newcomer: {error}")
            time.sleep(max(0, begun + 0.1 - time.monotonic()))

    def expect(self, answer, start, what):
        if answer.startswith(start):
            self.note("answered")
        else:
            self.wrong(f"{what} was answered {answer[:100]}")

    def given_up(self, begun, after):
        took = time.monotonic() - begun
        if after - 1 <= took <= after + 5:
            self.note("given up")
        else:
            self.wrong(f"given up after {took:.1f} s, not {after} s")

    def report(self):
        with self.lock:
            newcomers = sorted(self.newcomers)
            median, late = (newcomers[int(len(newcomers) * part)] * 1e3 if newcomers else 0 for part in (0.5, 0.99))
            counts = [self.counts[what] for what in ("answered", "given up")]
            print(*counts, len(newcomers), f"{median:.1f} {late:.1f}", self.counts["wrong"], flush=True)


def dribble(connection, data):
    """Sends a byte a second, until there are no more or something is answered."""
    connection.settimeout(1)
    for byte in data:
        connection.sendall(byte)
        try:
            answer = connection.recv(4096)
        except TimeoutError:
            continue
        if not answer:
            raise Closed
        return answer
    return b""


def endless(head):
    for at in range(len(head)):
        yield head[at:at + 1]
    while True:
        yield b"x"


def whole_answer(data):
    """The length of the first answer, if it is there as a whole."""
    head, end, _ = data.partition(b"\r\n\r\n")
    if not end:
        return None
    fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
    length = len(head) + len(end) + int(fields[b"content-length"])
    return length if len(data) >= length else None


def main():
    slow = Slow(*sys.argv[1:])
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    threading.stack_size(256 * 1024)
    slow.start()
    print("ready", flush=True)
    ended.wait()
    slow.report()
    # Its threads wait for their connections.
    os._exit(0)


if __name__ == "__main__":
    main()
