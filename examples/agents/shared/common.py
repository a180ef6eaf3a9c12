"""What the Python agents need besides an OAuth library: what Okta's answers hold, patience with servers, and the browser of
their user."""

import base64
import email.utils
import hmac
import os
import shlex
import subprocess
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

env = os.environ
ISSUER, CLIENT_ID, TASK = env["ATX_ORG_ISSUER"], env["ATX_CLIENT_ID"], env["ATX_TASK"]
# An ID token that is handed over may be that of a linked web app.
ID_TOKEN_CLIENT_ID = env.get("ATX_ID_TOKEN_CLIENT_ID", CLIENT_ID)
OKTA = "urn:okta:params:oauth:token-type:"
REQUESTED_TOKEN_TYPE = {
    "authorization-server": "urn:ietf:params:oauth:token-type:id-jag",
    "secret": OKTA + "vaulted-secret",
    "service-account": OKTA + "service-account",
    "resource-server": OKTA + "oauth-sts",
}[TASK]
# A token of an authorization server is asked for by its issuer and scope, all else by its resource alone.
TARGET = {"resource": env.get("ATX_RESOURCE")}
if TASK == "authorization-server":
    TARGET |= {"audience": env["ATX_CUSTOM_ISSUER"], "scope": env["ATX_SCOPE"]}
TARGET = {name: value for name, value in TARGET.items() if value}
EXCHANGED_TOKEN_TYPE = "bearer" if TASK == "resource-server" else "n_a"


class Trouble(Exception):
    """What stands in the agent's way. The text is shown, so it must hold nothing secret.

    `wait` is the number of seconds after which the same may succeed; without it, repetition is in vain. `link` is where
    the user has to consent first.
    """

    def __init__(self, text, wait=None, link=None):
        super().__init__(text)
        self.wait, self.link = wait, link


# What Okta's answers hold


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


def judge(url, status, body):
    """Raises the trouble that is in the answer of a token endpoint, which is an error of OAuth or of Okta's API."""
    if not isinstance(body, dict):
        raise Trouble(f"{urlsplit(url).path} answered {status} without a JSON object")
    if status != 200 or "error" in body:
        error = str(body.get("error", body.get("errorCode")))[:80]
        link = body.get("interaction_uri") if error == "interaction_required" else None
        raise Trouble(f"{urlsplit(url).path} answered {status} with {error!r}", link=link)


def typed(answer, token_type, issued_token_type=None):
    """The answer of a token endpoint, if it is of the types that are meant."""
    # Okta's guide shows Bearer for an ID-JAG as well, which is used in no header.
    types = (token_type, "bearer") if token_type == "n_a" else (token_type,)
    if str(answer.get("token_type")).lower() not in types or issued_token_type not in (None, answer.get("issued_token_type")):
        raise Trouble("the answer of a token endpoint has other types than those asked for")
    return answer


def text_in(answer, name):
    value = answer.get(name) if isinstance(answer, dict) else None
    if not isinstance(value, str) or not value:
        raise Trouble(f"an answer lacks {name!r}")
    return value


def basic(name, password):
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


def fields_for_api(answer):
    """What the API is shown: a token, or the secret or service account that the vault keeps."""
    if TASK == "secret":
        return {env["ATX_SECRET_HEADER"]: text_in(answer.get("vaulted_secret"), env["ATX_SECRET_FIELD"])}
    if TASK == "service-account":
        account = answer.get("service_account")
        return {"Authorization": basic(text_in(account, "username"), text_in(account, "password"))}
    return {"Authorization": "Bearer " + text_in(answer, "access_token")}


# Patience


def persist(step, failures):
    """The result of a step, which is repeated three times while its trouble is passing. `failures` are the exceptions by
    which the agent's library says that a connection failed."""
    for pause in (0.5, 1, 2, None):
        try:
            return step()
        except (Trouble, *failures) as error:
            trouble = error if isinstance(error, Trouble) else Trouble("a connection failed", wait=0)
            if trouble.wait is None:
                raise
            if pause is None or trouble.wait > 60:
                raise Trouble(f"{trouble}; giving up") from None
            time.sleep(max(pause, trouble.wait))


def with_consent(ask, failures):
    """The result of `ask`. Where the user has to consent first, the link is opened once, and `ask` called six times in all:
    the answer is the same whether she has not yet consented or never will."""
    opened = False
    for pause in (0.3, 0.6, 1.2, 2.4, 4.8, None):
        try:
            return persist(ask, failures)
        except Trouble as trouble:
            if not trouble.link or pause is None:
                raise
            # The org leads to the third party itself. A link to anywhere else is none that it made.
            if urlsplit(str(trouble.link))[:2] != urlsplit(ISSUER)[:2]:
                raise Trouble("the link for the user's consent leads to another host") from None
            if not opened:
                browse(trouble.link)
            opened = True
            time.sleep(pause)


def call_api(ask, get):
    """Calls the API with the fields that `ask` returns. A credential that the API does not know any more is replaced once."""
    status = get(env["ATX_API_URL"], ask())
    if status == 401:
        status = get(env["ATX_API_URL"], ask())
    if status != 200:
        raise Trouble(f"the API answered {status}")


def finish(run):
    """Runs the agent, and ends the program with its exit code. Errors of libraries may quote what they could not read,
    so only their kind is shown."""
    try:
        run()
    except Trouble as trouble:
        sys.exit(f"error: {' '.join(str(trouble).split())[:300]}")
    except Exception as error:
        sys.exit(f"error: {type(error).__module__}.{type(error).__name__}")


# The user's browser


def browse(link):
    subprocess.Popen([*shlex.split(env.get("BROWSER", "xdg-open")), link], stdout=subprocess.DEVNULL)


def sign_in_at(url, state, names_issuer):
    """Opens the page in the user's browser, and returns the code with which it comes back to the redirect URI. The org says
    in its metadata whether the answer names the issuer."""
    redirect, queries = urlsplit(env["ATX_REDIRECT_URI"]), []

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

    if urlsplit(url)[:2] != urlsplit(ISSUER)[:2]:
        raise Trouble("the sign-in page is on another host")
    with HTTPServer((redirect.hostname, redirect.port), Callback) as server:
        server.timeout, end = 1, time.monotonic() + 60
        browse(url)
        while not queries and time.monotonic() < end:
            server.handle_request()
    if not queries:
        raise Trouble("nobody signed in within a minute")
    answer = {name: values[0] for name, values in queries[0].items() if len(values) == 1}
    if not hmac.compare_digest(answer.get("state", "").encode(), state.encode()):
        raise Trouble("the answer to the sign-in has another state")
    if answer.get("iss", None if names_issuer else ISSUER) != ISSUER:
        raise Trouble("the answer to the sign-in is from another issuer")
    if "error" in answer:
        raise Trouble(f"the sign-in ended with {answer['error'][:80]!r}")
    return text_in(answer, "code")
