"""What the Python agents need besides OAuth: patience with servers, and the browser of their user."""

import email.utils
import os
import shlex
import subprocess
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit


class Trouble(Exception):
    """What stands in the agent's way. The text is shown, so it must hold nothing secret.

    `wait` is the number of seconds after which the same may succeed; without it, repetition is in vain. `link` is where
    the user has to consent first.
    """

    def __init__(self, text, wait=None, link=None):
        super().__init__(text)
        self.wait, self.link = wait, link


def busy(url, status, header):
    """The trouble with a server that answers 429 or 503, where `header` returns a field of the answer."""
    now = email.utils.parsedate_to_datetime(header("Date")).timestamp() if header("Date") else time.time()
    after, reset = header("Retry-After") or "", header("X-Rate-Limit-Reset") or ""
    if after.isdecimal():
        wait = float(after)
    elif after:
        wait = email.utils.parsedate_to_datetime(after).timestamp() - now
    else:  # Okta says when the limit is lifted: in seconds since 1970, by the clock that `Date` shows
        wait = float(reset) - now if reset.isdecimal() else 0
    return Trouble(f"{urlsplit(url).path} answered {status}", wait=wait)


def text_in(answer, name):
    """A member of an answer, which must be a string. Where nothing else is known of it, nothing else is shown."""
    value = answer.get(name) if isinstance(answer, dict) else None
    if not isinstance(value, str) or not value:
        raise Trouble(f"an answer has no string {name!r}")
    return value


def persist(step, failures):
    """The result of a step, which is repeated three times while its trouble is passing. `failures` are the exceptions of
    the agent's library that say that a connection failed."""
    for pause in (0.5, 1, 2, None):
        try:
            return step()
        except (Trouble, *failures) as error:
            trouble = error if isinstance(error, Trouble) else Trouble("the connection failed", wait=0)
            if trouble.wait is None:
                raise
            if pause is None or trouble.wait > 60:
                raise Trouble(f"{trouble}; giving up") from None
            time.sleep(max(pause, trouble.wait))


def with_consent(ask, failures):
    """The result of `ask`. Where the user has to consent first, the link is opened once, and `ask` called six times in all."""
    opened = False
    for pause in (0.3, 0.6, 1.2, 2.4, 4.8, None):
        try:
            return persist(ask, failures)
        except Trouble as trouble:
            if not trouble.link or pause is None:
                raise
            # The org leads to the third party itself. A link to anywhere else is none that it made.
            if urlsplit(trouble.link)[:2] != urlsplit(os.environ["ATX_ORG_ISSUER"])[:2]:
                raise Trouble("the link for the user's consent leads to another host") from None
            if not opened:
                browse(trouble.link)
            opened = True
            time.sleep(pause)


def browse(link):
    subprocess.Popen([*shlex.split(os.environ.get("BROWSER", "xdg-open")), link], stdout=subprocess.DEVNULL)


def sign_in_at(url):
    """Opens the page in the user's browser, and returns the parameters with which it comes back to the redirect URI."""
    redirect, queries = urlsplit(os.environ["ATX_REDIRECT_URI"]), []

    class Callback(BaseHTTPRequestHandler):
        timeout = 5

        def do_GET(self):
            if urlsplit(self.path).path == redirect.path:
                queries.append(parse_qs(urlsplit(self.path).query))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"You may close this window.")

        def log_message(self, *_):
            """Nothing: a line would hold the code."""

    with HTTPServer((redirect.hostname, redirect.port), Callback) as server:
        server.timeout, end = 1, time.monotonic() + 60
        browse(url)
        while not queries and time.monotonic() < end:
            server.handle_request()
    if not queries:
        raise Trouble("nobody signed in within a minute")
    if any(len(values) > 1 for values in queries[0].values()):
        raise Trouble("the answer to the sign-in has a parameter twice")
    return {name: values[0] for name, values in queries[0].items()}


def finish(run):
    """Runs the agent, and ends the program with its exit code. Errors of libraries may quote what they could not read,
    so only their kind is shown."""
    try:
        run()
    except Trouble as trouble:
        sys.exit(f"error: {' '.join(str(trouble).split())[:300]}")
    except Exception as error:
        sys.exit(f"error: {type(error).__module__}.{type(error).__name__}")
