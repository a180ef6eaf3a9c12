"""An AI agent on Authlib, https://authlib.org, for all four resource types of Okta's token exchange.

It signs its user in, exchanges the ID token for a credential and calls an API with it, once. The variables ATX_* configure
it. Exit code 0 when it reached the API, otherwise 1 and the reason in a line on standard error.
"""

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
from joserfc.jws import JWSRegistry

import common
from common import (CLIENT_ID, EXCHANGED_TOKEN_TYPE, ID_TOKEN_CLIENT_ID, ISSUER, REQUESTED_TOKEN_TYPE, TARGET, TASK,
                    Trouble)

env = os.environ
GRANT_TYPE = "urn:ietf:params:oauth:grant-type:"
FAILURES = (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError)
if ISSUER.startswith("http://127.0.0.1:"):
    env["AUTHLIB_INSECURE_TRANSPORT"] = "1"


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
    """The answer, unless there is trouble in it. Authlib calls this with each answer of a token endpoint; by itself it takes
    an error of Okta's API for a token, and drops `interaction_uri` from an error of OAuth."""
    if answer.status_code in (429, 503):
        raise common.busy(answer.url, answer.status_code, answer.headers.get)
    if answer.request.method == "POST":
        try:
            body = answer.json()
        except ValueError:
            body = None
        common.judge(answer.url, answer.status_code, body)
    return answer


def get(url, headers=None):
    """A GET request. As no other request it follows a redirect, since another host would get what is in it."""
    send = lambda: checked(session.get(url, headers=headers, withhold_token=True, allow_redirects=False))
    return common.persist(send, FAILURES)


def post(url, **form):
    """A token request, with a client assertion of its own each time."""
    return session.fetch_token(url, allow_redirects=False, **form)


def discover():
    """The org's metadata, whose endpoints must be on its host."""
    found = get(ISSUER.rstrip("/") + "/.well-known/openid-configuration").json()
    hosts = {urlsplit(found[name])[:2] for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")}
    if found["issuer"] != ISSUER or hosts != {urlsplit(ISSUER)[:2]}:
        raise Trouble("the metadata are not those of the org")
    return found


def verify(metadata, id_token, nonce=None):
    keys = KeySet.import_key_set(get(metadata["jwks_uri"]).json())
    rules = {"iss": ISSUER, "aud": ID_TOKEN_CLIENT_ID, "azp": ID_TOKEN_CLIENT_ID, "nonce": nonce}
    rules = {name: {"essential": name != "azp", "value": value} for name, value in rules.items() if value}
    registry = JWSRegistry(algorithms=["RS256", "ES256"], strict_check_header=False)
    claims = jwt.decode(id_token, keys, registry=registry).claims
    jwt.JWTClaimsRegistry(leeway=10, exp={"essential": True}, iat={"essential": True}, **rules).validate(claims)
    if not claims.get("sub") or claims["aud"] not in (ID_TOKEN_CLIENT_ID, [ID_TOKEN_CLIENT_ID]):
        raise Trouble("the ID token is about nobody, or for somebody else as well")
    return id_token


def sign_in(metadata):
    """Authorization code flow. A code is sent once: if its redemption is lost on the way, the user signs in anew."""
    verifier, nonce = secrets.token_urlsafe(48), secrets.token_urlsafe(24)
    url, state = session.create_authorization_url(metadata["authorization_endpoint"], code_verifier=verifier, nonce=nonce,
                                                  scope="openid profile email", login_hint=env["ATX_USER"])
    code = common.sign_in_at(url, state, metadata.get("authorization_response_iss_parameter_supported") is True)
    tokens = post(metadata["token_endpoint"], grant_type="authorization_code", code=code, code_verifier=verifier)
    return verify(metadata, common.text_in(common.typed(tokens, "bearer"), "id_token"), nonce)


def exchange(metadata, id_token):
    """What the API is shown. An ID-JAG is redeemed once: if that is lost on the way, the next attempt gets a new one."""
    answer = post(metadata["token_endpoint"], grant_type=GRANT_TYPE + "token-exchange",
                  requested_token_type=REQUESTED_TOKEN_TYPE, subject_token=id_token,
                  subject_token_type="urn:ietf:params:oauth:token-type:id_token", **TARGET)
    common.typed(answer, EXCHANGED_TOKEN_TYPE, REQUESTED_TOKEN_TYPE)
    if TASK == "authorization-server":
        id_jag = common.text_in(answer, "access_token")
        answer = post(env["ATX_CUSTOM_TOKEN_ENDPOINT"], grant_type=GRANT_TYPE + "jwt-bearer", assertion=id_jag)
        common.typed(answer, "bearer")
    return common.fields_for_api(answer)


def run():
    metadata, id_token = discover(), env.get("ATX_ID_TOKEN")
    try:
        id_token = id_token and verify(metadata, id_token)
    except ExpiredTokenError:
        id_token = None
    id_token = id_token or common.persist(lambda: sign_in(metadata), FAILURES)
    common.call_api(lambda: common.with_consent(lambda: exchange(metadata, id_token), FAILURES),
                    lambda url, fields: get(url, fields).status_code)


session = new_session()
common.finish(run)
