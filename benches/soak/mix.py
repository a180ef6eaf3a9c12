"""Writes the requests that mixed.lua sends, as a table of Lua, and asks each of them once: the answers must have the statuses
that are counted on later.

    mix.py TARGET_FILE URL >MIX.lua
"""

import base64
import hashlib
import json
import re
import subprocess
import sys
import tempfile
import time
import urllib.parse

from server import FORM, Connection, Target, expect, machine_form

CHAT = "/oauth2/auschat0000000000001"
VERIFIER = "a-code-verifier-of-forty-three-characters-.-"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token"
ID_JAG = "urn:ietf:params:oauth:token-type:id-jag"
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"


def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def part(value):
    return encoded(json.dumps(value).encode())


class Client:
    """A client of the default org that has signed Ada in, with all that it sends."""

    def __init__(self, target, url):
        self.url = url
        self.connection = Connection(url)
        self.agent = target.of("agent", "client_id")
        self.redirect = target.of("agent", "redirect_uri")
        self.key = target.private_key("agent")
        self.machine = {key: target.of("service_app", key) for key in ("client_id", "client_secret")}
        self.ada = {"username": target.of("ada", "login"), "password": target.of("ada", "password")}
        self.chat_form = machine_form(self.machine["client_id"], self.machine["client_secret"])

    def assertion(self, path):
        """Proves who the agent is. It has no `jti`, so it may be used for an hour."""
        now = int(time.time())
        claims = {"iss": self.agent, "sub": self.agent, "aud": self.url + path, "iat": now, "exp": now + 3500}
        signed = part({"alg": "RS256", "kid": "agent-rsa-1"}) + "." + part(claims)
        with tempfile.NamedTemporaryFile("w") as key:
            key.write(self.key)
            key.flush()
            sign = ["openssl", "dgst", "-sha256", "-sign", key.name]
            signature = subprocess.run(sign, input=signed.encode(), stdout=subprocess.PIPE, check=True).stdout
        return {"client_assertion_type": ASSERTION, "client_assertion": f"{signed}.{encoded(signature)}"}

    def authorize(self):
        """The path that asks for a code."""
        challenge = encoded(hashlib.sha256(VERIFIER.encode()).digest())
        query = {
            "client_id": self.agent, "response_type": "code", "scope": "openid email", "redirect_uri": self.redirect,
            "state": "0123456789abcdef" * 2, "nonce": "0123456789abcdef" * 2,
            "code_challenge": challenge, "code_challenge_method": "S256",
        }
        return "/oauth2/v1/authorize?" + urllib.parse.urlencode(query)

    def sign_in(self):
        """Ada's access token."""
        _, headers, _ = self.connection.ask("GET", self.authorize())
        status, headers, body = self.connection.ask(
            "POST", self.path_of(headers), FORM, urllib.parse.urlencode(self.ada))
        expect(status == 302, f"the sign-in: {status} {body}")
        cookie = {"Cookie": headers["Set-Cookie"].split(";")[0]}
        _, headers, _ = self.connection.ask("GET", self.path_of(headers), cookie)
        code = urllib.parse.parse_qs(urllib.parse.urlsplit(headers["Location"]).query)["code"][0]
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": self.redirect, "code_verifier": VERIFIER}
        form |= self.assertion("/oauth2/v1/token")
        return self.token("/oauth2/v1/token", urllib.parse.urlencode(form))

    def path_of(self, headers):
        expect(headers["Location"] is not None, f"a redirection was expected, not {headers}")
        return re.sub(r"^https?://[^/]+", "", headers["Location"])

    def token(self, path, form):
        status, _, body = self.connection.ask("POST", path, FORM, form)
        expect(status == 200, f"{path}: {status} {body}")
        return json.loads(body)["access_token"]

    def requests(self):
        """The requests: how many of 40 are of this kind, the status of the answer, and what is sent. A quarter begins a
        sign-in, so that the store of these is full after 200,000 requests. `{token}` stands for the token that was issued
        last."""
        machine = urllib.parse.urlencode(self.machine)
        agent = self.assertion("/oauth2/v1/token")
        agent_at_chat = self.assertion(f"{CHAT}/v1/token")
        ada = {"Authorization": "Bearer " + self.sign_in()}
        chat = self.token(f"{CHAT}/v1/token", self.chat_form)
        forged = ".".join([part({"alg": "RS256", "kid": "unknown"}), part({"iss": self.url}), encoded(b"x" * 256)])
        exchange = {
            "grant_type": EXCHANGE, "requested_token_type": ID_JAG, "subject_token_type": ID_TOKEN,
            "subject_token": forged, "audience": self.url + CHAT, "scope": "chat.read",
        }
        return [
            get(2, 200, "/.well-known/openid-configuration"),
            get(1, 200, f"{CHAT}/.well-known/oauth-authorization-server"),
            get(1, 200, "/.well-known/oauth-protected-resource/resources/chat"),
            get(2, 200, "/oauth2/v1/keys"),
            get(1, 200, f"{CHAT}/v1/keys"),
            get(10, 302, self.authorize()),
            post(6, 200, f"{CHAT}/v1/token", self.chat_form),
            post(2, 400, "/oauth2/v1/token", urllib.parse.urlencode(exchange | agent)),
            post(1, 401, "/oauth2/v1/token", urllib.parse.urlencode(exchange | {"client_id": self.agent})),
            post(1, 400, "/oauth2/v1/token", urllib.parse.urlencode(
                {"grant_type": "authorization_code", "code": "unknown", "redirect_uri": self.redirect,
                 "code_verifier": VERIFIER} | agent)),
            post(1, 400, f"{CHAT}/v1/token", urllib.parse.urlencode(
                {"grant_type": JWT_BEARER, "assertion": forged} | agent_at_chat)),
            get(1, 200, "/oauth2/v1/userinfo", ada),
            get(1, 401, "/oauth2/v1/userinfo", {"Authorization": "Bearer " + forged}),
            post(1, 200, f"{CHAT}/v1/introspect", f"token={chat}&{machine}"),
            post(1, 200, f"{CHAT}/v1/introspect", f"token={forged}&{machine}"),
            post(1, 200, f"{CHAT}/v1/revoke", f"token={{token}}&{machine}"),
            post(1, 200, f"{CHAT}/v1/revoke", f"token=unknown&{machine}"),
            get(2, 404, "/unknown/path"),
            get(2, 401, "/resources/chat"),
            get(2, 200, "/health"),
        ]


def get(share, status, path, headers=None):
    return {"share": share, "status": status, "method": "GET", "path": path, "headers": headers or {}, "body": ""}


def post(share, status, path, form):
    return {"share": share, "status": status, "method": "POST", "path": path, "headers": FORM, "body": form}


def lua(value):
    """A value as Lua has it; texts are ASCII without control characters, so their JSON is Lua as well."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"[{json.dumps(key)}] = {lua(item)}" for key, item in value.items()) + "}"
    return json.dumps(value)


def main():
    target_file, url = sys.argv[1:]
    client = Client(Target(target_file), url)
    requests = client.requests()
    # Revoked below, so not the one that is introspected.
    token = client.token(f"{CHAT}/v1/token", client.chat_form)
    for request in requests:
        body = request["body"].replace("{token}", token)
        status, _, answer = client.connection.ask(request["method"], request["path"], request["headers"], body or None)
        expect(status == request["status"],
               f"{request['method']} {request['path']}: {request['status']} was expected, not {status} {answer}")
    print("return {\n" + ",\n".join("  " + lua(request) for request in requests) + "\n}")


if __name__ == "__main__":
    main()
