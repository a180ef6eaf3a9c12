"""Authlib, https://authlib.org, against the mock org.

It needs https with the CA in REQUESTS_CA_BUNDLE, or AUTHLIB_INSECURE_TRANSPORT=1 where the org speaks plain http.
"""

import requests
from authlib.common.security import generate_token
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from joserfc import jwt
from joserfc.jwk import KeySet

from org import Org, equal, finish, flow, raises

EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token"
ID_JAG = "urn:ietf:params:oauth:token-type:id-jag"
STS = "urn:okta:params:oauth:token-type:oauth-sts"
VAULTED_SECRET = "urn:okta:params:oauth:token-type:vaulted-secret"
SERVICE_ACCOUNT = "urn:okta:params:oauth:token-type:service-account"

org = Org()
ada = org.users["ada"]
metadata = requests.get(org.issuer + "/.well-known/openid-configuration", timeout=10).json()


def verify(token, issuer_metadata=metadata):
    """The claims of a token that is signed with a published key."""
    keys = requests.get(issuer_metadata["jwks_uri"], timeout=10).json()
    token = jwt.decode(token, KeySet.import_key_set(keys), algorithms=["RS256"])
    jwt.JWTClaimsRegistry(iss={"essential": True, "value": issuer_metadata["issuer"]}, exp={"essential": True}).validate(token.claims)
    return token


def with_secret(role, scope):
    """A client with a secret. Authlib puts it into HTTP Basic without the form encoding that RFC 6749 section 2.3.1 asks
    for, so secrets with characters like `+` or `%` must go into the body."""
    entry = org.clients[role]
    return OAuth2Session(
        entry["client_id"], entry["client_secret"]["value"], redirect_uri=entry.get("redirect_uri"), scope=scope,
        code_challenge_method="S256", token_endpoint_auth_method="client_secret_post",
        revocation_endpoint_auth_method="client_secret_post",
    )


def agent(scope=None, token_endpoint=metadata["token_endpoint"]):
    """The agent, which signs an assertion for the endpoint given here: each server needs a session of its own."""
    entry = org.clients["agent"]
    return OAuth2Session(
        entry["client_id"], entry["key"]["private_key_pem"]["value"], redirect_uri=entry["redirect_uri"],
        scope=scope, code_challenge_method="S256", token_endpoint=token_endpoint,
        token_endpoint_auth_method=PrivateKeyJWT(token_endpoint, headers={"kid": entry["key"]["kid"]}),
    )


def sign_in(session):
    verifier = generate_token(48)
    url, state = session.create_authorization_url(metadata["authorization_endpoint"], code_verifier=verifier, nonce="n-1")
    return session.fetch_token(
        metadata["token_endpoint"], authorization_response=org.sign_in(url), state=state, code_verifier=verifier
    )


def exchange(requested_token_type, **target):
    """Trades Ada's ID token."""
    return agent().fetch_token(
        grant_type=EXCHANGE, subject_token=id_token, subject_token_type=ID_TOKEN,
        requested_token_type=requested_token_type, **target,
    )


app = with_secret("web_app", "openid email offline_access")


@flow("sign-in with PKCE")
def tokens():
    tokens = sign_in(app)
    claims = verify(tokens["id_token"]).claims
    equal((claims["sub"], claims["aud"], claims["nonce"]), (ada["id"], org.clients["web_app"]["client_id"], "n-1"))
    return tokens


@flow("userinfo", tokens)
def _(tokens):
    answer = app.get(metadata["userinfo_endpoint"])
    equal(answer.status_code, 200)
    equal((answer.json()["sub"], answer.json()["email"]), (ada["id"], ada["login"]))


@flow("introspection", tokens)
def _(tokens):
    answer = app.introspect_token(metadata["introspection_endpoint"], token=tokens["access_token"]).json()
    equal((answer["active"], answer["client_id"]), (True, org.clients["web_app"]["client_id"]))


@flow("refresh", tokens)
def refreshed(tokens):
    fresh = app.refresh_token(metadata["token_endpoint"], refresh_token=tokens["refresh_token"])
    assert fresh["access_token"] != tokens["access_token"], "the access token is the old one"
    return fresh


@flow("revocation", refreshed)
def _(refreshed):
    answer = app.revoke_token(metadata["revocation_endpoint"], token=refreshed["refresh_token"], token_type_hint="refresh_token")
    equal(answer.status_code, 200)
    error = raises(OAuthError, app.refresh_token, metadata["token_endpoint"], refresh_token=refreshed["refresh_token"])
    equal(error.error, "invalid_grant")


@flow("machine access with a secret")
def _():
    session = with_secret("service_app", "chat.read")
    token = session.fetch_token(org.chat["issuer"] + "/v1/token", grant_type="client_credentials")
    equal(session.get(org.chat["api"]).status_code, 200)
    equal(token["scope"], "chat.read")


@flow("sign-in of the agent with its key")
def id_token():
    return sign_in(agent("openid email"))["id_token"]


@flow("ID token → ID-JAG → access token → API", id_token)
def _(id_token):
    id_jag = exchange(ID_JAG, audience=org.chat["issuer"], scope=org.chat["scope"])
    equal((id_jag["token_type"], id_jag["issued_token_type"]), ("N_A", ID_JAG))
    equal(verify(id_jag["access_token"]).header["typ"], "oauth-id-jag+jwt")
    redeem = agent(token_endpoint=org.chat["issuer"] + "/v1/token")
    token = redeem.fetch_token(grant_type=JWT_BEARER, assertion=id_jag["access_token"])
    equal(sorted(token["scope"].split()), sorted(org.chat["scope"].split()))
    equal(redeem.get(org.chat["api"]).status_code, 200)


@flow("secret", id_token)
def _(id_token):
    entry = org.resources["secret"]
    answer = exchange(VAULTED_SECRET, resource=entry["resource"])
    key = answer["vaulted_secret"][entry["field"]]
    equal(requests.get(entry["api"], headers={"X-Api-Key": key}, timeout=10).status_code, 200)


@flow("service account", id_token)
def _(id_token):
    entry = org.resources["service_account"]
    account = exchange(SERVICE_ACCOUNT, resource=entry["resource"])["service_account"]
    equal(requests.get(entry["api"], auth=(account["username"], account["password"]), timeout=10).status_code, 200)


@flow("resource server with consent → retry", id_token)
def _(id_token):
    entry = org.resources["resource_server"]
    # Authlib's error lacks the member `interaction_uri`, so one of its hooks reads the answer first.
    seen = []
    session = agent()
    session.register_compliance_hook("access_token_response", lambda answer: seen.append(answer.json()) or answer)
    parameters = {
        "grant_type": EXCHANGE, "subject_token": id_token, "subject_token_type": ID_TOKEN,
        "requested_token_type": STS, "resource": entry["resource"],
    }
    error = raises(OAuthError, session.fetch_token, **parameters)
    equal(error.error, "interaction_required")
    org.consent(seen[0]["interaction_uri"])
    token = session.fetch_token(**parameters)
    equal(requests.get(entry["api"], headers={"Authorization": "Bearer " + token["access_token"]}, timeout=10).status_code, 200)


@flow("logout", tokens)
def _(tokens):
    query = {"id_token_hint": tokens["id_token"], "post_logout_redirect_uri": "http://localhost:8787/", "state": "bye"}
    answer = requests.get(metadata["end_session_endpoint"], params=query, allow_redirects=False, timeout=10)
    equal(answer.headers["Location"], "http://localhost:8787/?state=bye")


@flow("verification by published keys, with key rotation", tokens)
def _(tokens):
    kid = org.control("keys/rotate", {"issuer": org.issuer})["kid"]
    equal(verify(sign_in(app)["id_token"]).header["kid"], kid)
    assert verify(tokens["id_token"]).header["kid"] != kid, "the key was not rotated"


finish()
