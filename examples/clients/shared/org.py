"""What the Python examples share: the org's target file, its sign-in page, its test control, and a line for each flow."""

import os
import sys
from urllib.parse import parse_qs, urlparse

import requests
import yaml


class Org:
    """The org that `mock-okta serve --target-out FILE` described in the file that the variable TARGET names."""

    def __init__(self):
        with open(os.environ["TARGET"], encoding="utf-8") as file:
            target = yaml.safe_load(file)
        self.servers = target["authorization_servers"]
        self.clients = target["clients"]
        self.users = target["users"]
        self.resources = target["resources"]
        self.control_url = target["control"]["url"]
        self.issuer = self.servers["org"]["issuer"]
        self.chat = self.servers["custom_as"]

    def sign_in(self, authorize_url, user="ada"):
        """What a browser does with the authorization request: the user fills in the page. Returns the address that
        the browser is sent back to, which holds `code` and `state`. Nobody needs to listen there."""
        user = self.users[user]
        browser = requests.Session()
        page = browser.get(authorize_url, allow_redirects=False, timeout=10).headers["Location"]
        if not page.startswith(self.issuer):
            raise RuntimeError("the org sent the browser back: " + urlparse(page).query)
        form = {"username": user["login"], "password": user["password"]["value"]}
        answer = browser.post(page, data=form, allow_redirects=False, timeout=10)
        answer = browser.get(answer.headers["Location"], allow_redirects=False, timeout=10)
        return answer.headers["Location"]

    def consent(self, interaction_uri, decision="allow"):
        """What a browser does with the `interaction_uri` of a resource server: the user decides on the third party's page."""
        browser = requests.Session()
        page = browser.get(interaction_uri, timeout=10)
        answer = browser.post(page.url, data={"decision": decision}, timeout=10)
        assert answer.status_code == 200, f"the consent page answered {answer.status_code}"

    def control(self, path, body=None, method="POST"):
        """Test control, see docs/mock-okta.md."""
        answer = requests.request(method, self.control_url + path, json=body or {}, timeout=10)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def machine_token(self):
        """An access token of the server `chat` for a back end that acts for itself. For examples that only verify tokens."""
        client = self.clients["service_app"]
        form = {
            "grant_type": "client_credentials",
            "scope": "chat.read",
            "client_id": client["client_id"],
            "client_secret": client["client_secret"]["value"],
        }
        answer = requests.post(self.chat["issuer"] + "/v1/token", data=form, timeout=10)
        answer.raise_for_status()
        return answer.json()["access_token"]

    def id_token(self, nonce):
        """An ID token of the org for Ada at the web app. For examples that only verify tokens."""
        client = self.clients["web_app"]
        # The verifier and its challenge are those of RFC 7636, appendix B.
        query = {
            "client_id": client["client_id"], "redirect_uri": client["redirect_uri"], "response_type": "code",
            "scope": "openid email", "state": "s", "nonce": nonce,
            "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "code_challenge_method": "S256",
        }
        url = requests.Request("GET", self.issuer + "/oauth2/v1/authorize", params=query).prepare().url
        code = parse_qs(urlparse(self.sign_in(url)).query)["code"][0]
        form = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": client["redirect_uri"],
            "code_verifier": "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
            "client_id": client["client_id"], "client_secret": client["client_secret"]["value"],
        }
        answer = requests.post(self.issuer + "/oauth2/v1/token", data=form, timeout=10)
        answer.raise_for_status()
        return answer.json()["id_token"]


MISSING = object()
failures = []


def flow(name, *needs):
    """Runs the decorated function at once, with the results of the flows that it needs, and prints the line for it.
    The name of the function becomes the result."""

    def run(function):
        if MISSING in needs:
            print(f"skipped {name}: a flow that it needs failed", flush=True)
            return MISSING
        try:
            result = function(*needs)
        except Exception as error:  # whatever a library raises is the reason why its flow failed
            failures.append(name)
            print(f"FAILED {name}: {type(error).__name__}: {' '.join(str(error).split())[:300]}", flush=True)
            return MISSING
        print(f"ok {name}", flush=True)
        return result

    return run


def raises(kind, function, *arguments, **named):
    """The error of this kind that the call must raise."""
    try:
        function(*arguments, **named)
    except kind as error:
        return error
    raise AssertionError(f"no {kind.__name__} was raised")


def equal(actual, expected):
    assert actual == expected, f"{actual!r} instead of {expected!r}"


def finish():
    sys.exit(1 if failures else 0)
