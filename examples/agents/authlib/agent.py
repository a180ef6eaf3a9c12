"""An AI agent on Authlib, https://authlib.org, for all four resource types of Okta's token exchange.

It signs its user in, exchanges the ID token for a credential and calls an API with it, once. The variables ATX_* configure
it. Exit code 0 when it reached the API, otherwise 1 and the reason in a line on standard error.
"""

import base64
import hmac
import json
import os
import secrets
from urllib.parse import quote_plus, urlsplit

import requests
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7523 import PrivateKeyJWT, private_key_jwt_sign
from joserfc import jwt
from joserfc.errors import ExpiredTokenError
from joserfc.jwk import JWKRegistry, KeySet

from common import Trouble, busy, finish, persist, sign_in_at, text_in, with_consent

env = os.environ
ISSUER, CLIENT_ID, TASK = env["ATX_ORG_ISSUER"], env["ATX_CLIENT_ID"], env["ATX_TASK"]
IETF, OKTA = "urn:ietf:params:oauth:", "urn:okta:params:oauth:token-type:"
REQUESTED = {"authorization-server": IETF + "token-type:id-jag", "secret": OKTA + "vaulted-secret",
             "service-account": OKTA + "service-account", "resource-server": OKTA + "oauth-sts"}[TASK]
FAILURES = (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError)


class Assertion(PrivateKeyJWT):
    """Authlib's own lives for an hour. The audience is the endpoint that is called, as Okta wants it."""

    def sign(self, auth, token_endpoint):
        return private_key_jwt_sign(auth.client_secret, auth.client_id, token_endpoint, alg=env["ATX_KEY_ALG"],
                                    header={"kid": env["ATX_KEY_ID"]}, expires_in=120)


def new_session():
    method, secret = env["ATX_CLIENT_AUTH"], env.get("ATX_CLIENT_SECRET")
    if method == "private_key_jwt":
        with open(env["ATX_PRIVATE_JWK_FILE"], encoding="utf-8") as file:
            method, secret = Assertion(), JWKRegistry.import_key(json.load(file))
    elif method == "client_secret_basic":
        secret = quote_plus(secret)  # RFC 6749 section 2.3.1 asks for it, and Authlib leaves it out
    session = OAuth2Session(CLIENT_ID, secret, token_endpoint_auth_method=method, code_challenge_method="S256",
                            redirect_uri=env.get("ATX_REDIRECT_URI"), default_timeout=10)
    session.verify = env.get("ATX_CA_FILE", True)
    session.register_compliance_hook("access_token_response", checked)
    return session


def checked(answer):
    """The answer, unless there is trouble in it. Authlib calls this with what a token endpoint answers."""
    if answer.status_code in (429, 503):
        raise busy(answer.url, answer.status_code, answer.headers.get)
    if answer.request.method == "POST":
        try:
            body = dict(answer.json())
        except (ValueError, TypeError):
            body = {"error": "no JSON object"}
        if "error" in body or answer.status_code != 200:
            # Authlib takes an error of Okta's API for a token, and drops `interaction_uri` from an error of OAuth.
            error = str(body.get("error", body.get("errorCode")))[:80]
            link = body.get("interaction_uri") if error == "interaction_required" else None
            raise Trouble(f"{urlsplit(answer.url).path} answered {answer.status_code} with {error!r}", link=link)
    return answer


def get(url, **options):
    """A GET request. As no other request it follows a redirect, since another host would get what is in it."""
    return persist(lambda: checked(session.get(url, withhold_token=True, allow_redirects=False, **options)), FAILURES)


def post(url, token_type, issued_token_type=None, **form):
    """A token request, with a client assertion of its own each time."""
    answer = session.fetch_token(url, allow_redirects=False, **form)
    if str(answer.get("token_type")).lower() != token_type or issued_token_type not in (None, answer.get("issued_token_type")):
        raise Trouble(f"{urlsplit(url).path} answered with something of another type")
    return answer


def verify(id_token, nonce=None):
    keys = KeySet.import_key_set(get(metadata["jwks_uri"]).json())
    rules = {"iss": ISSUER, "aud": CLIENT_ID, "azp": CLIENT_ID, "nonce": nonce}
    rules = {name: {"essential": name != "azp", "value": value} for name, value in rules.items() if value}
    claims = jwt.decode(id_token, keys, algorithms=["RS256", "ES256"]).claims
    jwt.JWTClaimsRegistry(leeway=10, exp={"essential": True}, iat={"essential": True}, **rules).validate(claims)
    return id_token


def sign_in():
    """Authorization code flow. A code is sent once: if its redemption is lost on the way, the user signs in anew."""
    verifier, nonce = secrets.token_urlsafe(48), secrets.token_urlsafe(24)
    url, state = session.create_authorization_url(metadata["authorization_endpoint"], code_verifier=verifier, nonce=nonce,
                                                  scope="openid profile email", login_hint=env["ATX_USER"])
    answer = sign_in_at(url)
    issuer = None if metadata.get("authorization_response_iss_parameter_supported") else ISSUER
    if not hmac.compare_digest(answer.get("state", ""), state) or answer.get("iss", issuer) != ISSUER:
        raise Trouble("the answer to the sign-in has another state or issuer")
    if "error" in answer or "code" not in answer:
        raise Trouble(f"the sign-in ended with {answer.get('error', 'no code')[:80]!r}")
    tokens = post(metadata["token_endpoint"], "bearer", grant_type="authorization_code", code=answer["code"],
                  code_verifier=verifier)
    return verify(text_in(tokens, "id_token"), nonce)


def obtain(id_token):
    """The header for the API. An ID-JAG is redeemed once: if that is lost on the way, the next attempt gets a new one."""
    target = {"audience": env.get("ATX_CUSTOM_ISSUER"), "scope": env.get("ATX_SCOPE"), "resource": env.get("ATX_RESOURCE")}
    answer = post(metadata["token_endpoint"], "bearer" if TASK == "resource-server" else "n_a", REQUESTED,
                  grant_type=IETF + "grant-type:token-exchange", requested_token_type=REQUESTED, subject_token=id_token,
                  subject_token_type=IETF + "token-type:id_token", **{name: value for name, value in target.items() if value})
    if TASK == "secret":
        return {env["ATX_SECRET_HEADER"]: text_in(answer.get("vaulted_secret"), env["ATX_SECRET_FIELD"])}
    if TASK == "service-account":
        name, password = (text_in(answer.get("service_account"), part) for part in ("username", "password"))
        return {"Authorization": "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()}
    if TASK == "authorization-server":
        answer = post(env["ATX_CUSTOM_TOKEN_ENDPOINT"], "bearer", grant_type=IETF + "grant-type:jwt-bearer",
                      assertion=text_in(answer, "access_token"))
    return {"Authorization": "Bearer " + text_in(answer, "access_token")}


def run():
    found = get(ISSUER.rstrip("/") + "/.well-known/openid-configuration").json()
    urls = [found["authorization_endpoint"], found["token_endpoint"], found["jwks_uri"]]
    if found["issuer"] != ISSUER or any(urlsplit(url)[:2] != urlsplit(ISSUER)[:2] for url in urls):
        raise Trouble("the metadata are not those of the org")
    metadata.update(found)
    try:
        id_token = verify(env["ATX_ID_TOKEN"]) if "ATX_ID_TOKEN" in env else None
    except ExpiredTokenError:
        id_token = None
    id_token = id_token or persist(sign_in, FAILURES)
    for _ in range(2):  # a credential that the API does not know any more is replaced once
        answer = get(env["ATX_API_URL"], headers=with_consent(lambda: obtain(id_token), FAILURES))
        if answer.status_code != 401:
            break
    if answer.status_code != 200:
        raise Trouble(f"the API answered {answer.status_code}")


env.setdefault("AUTHLIB_INSECURE_TRANSPORT", "1" if ISSUER.startswith("http://127.0.0.1:") else "")
session, metadata = new_session(), {}
finish(run)
