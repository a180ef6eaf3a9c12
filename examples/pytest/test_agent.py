"""An agent that trades its user's ID token for a vaulted secret, tested against the mock org.

Replace `Agent` by your own: the org judges what it sends, the journal tells what the org saw.
"""

import base64
import hashlib
import secrets
import time
import urllib.parse

import jwt  # PyJWT
import requests

EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token"
VAULTED_SECRET = "urn:okta:params:oauth:token-type:vaulted-secret"


class Agent:
    def __init__(self, org):
        self.org = org
        self.client = org.clients["agent"]
        self.token_endpoint = f"{org.issuer}/oauth2/v1/token"

    def assertion(self, endpoint):
        now = int(time.time())
        client_id = self.client["client_id"]
        claims = {
            "iss": client_id, "sub": client_id, "aud": endpoint,
            "iat": now, "exp": now + 300, "jti": secrets.token_hex(16),
        }
        key = self.client["key"]
        return jwt.encode(claims, key["private_key_pem"]["value"], key["alg"], headers={"kid": key["kid"]})

    def post(self, form):
        form = form | {
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": self.assertion(self.token_endpoint),
        }
        return requests.post(self.token_endpoint, data=form, timeout=5)

    def sign_in(self, user):
        verifier = secrets.token_urlsafe(48)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        browser = requests.Session()
        page = browser.get(
            f"{self.org.issuer}/oauth2/v1/authorize",
            params={
                "client_id": self.client["client_id"], "redirect_uri": self.client["redirect_uri"],
                "response_type": "code", "scope": "openid profile", "state": secrets.token_hex(8),
                "code_challenge": challenge, "code_challenge_method": "S256",
            },
            timeout=5,
        )
        answer = browser.post(
            page.url,
            data={"username": user["login"], "password": user["password"]["value"]},
            allow_redirects=False,
            timeout=5,
        )
        callback = browser.get(answer.headers["Location"], allow_redirects=False, timeout=5).headers["Location"]
        code = urllib.parse.parse_qs(urllib.parse.urlparse(callback).query)["code"][0]
        form = {
            "grant_type": "authorization_code", "code": code, "code_verifier": verifier,
            "redirect_uri": self.client["redirect_uri"],
        }
        return self.post(form).json()["id_token"]

    def secret(self, id_token):
        return self.post({
            "grant_type": EXCHANGE, "subject_token": id_token, "subject_token_type": ID_TOKEN,
            "requested_token_type": VAULTED_SECRET, "resource": self.org.resources["secret"]["resource"],
        })


def test_the_agent_gets_the_secret_and_uses_it(okta_org):
    agent = Agent(okta_org)
    answer = agent.secret(agent.sign_in(okta_org.users["ada"]))
    assert answer.status_code == 200
    key = answer.json()["vaulted_secret"][okta_org.resources["secret"]["field"]]
    used = requests.get(okta_org.resources["secret"]["api"], headers={"X-Api-Key": key}, timeout=5)
    assert used.status_code == 200


def test_a_user_without_entitlement_gets_nothing(okta_org):
    agent = Agent(okta_org)
    answer = agent.secret(agent.sign_in(okta_org.users["grace"]))
    assert answer.json()["error"] == "access_denied"


def test_a_suspended_user_cannot_be_acted_for(okta_org):
    agent = Agent(okta_org)
    id_token = agent.sign_in(okta_org.users["ada"])
    okta_org.control(f"users/{okta_org.users['ada']['id']}/suspend")
    assert agent.secret(id_token).json()["error"] == "invalid_request"
    last = okta_org.control("journal?path=/oauth2/v1/token", method="GET")["entries"][-1]
    assert last["refusal"] == "invalid_subject_token_user_inactive"
