"""Okta's verifier of tokens, https://github.com/okta/okta-jwt-verifier-python, against the mock org.

It accepts https issuers only. The synchronous calls take the CA from REQUESTS_CA_BUNDLE, the others from SSL_CERT_FILE.
"""

import asyncio
import sys

from okta_jwt_verifier import AccessTokenVerifier, IDTokenVerifier, JWTUtils
from okta_jwt_verifier.exceptions import JWTValidationException

from org import Org, equal, finish, flow, raises

org = Org()
if org.issuer.startswith("http:"):
    print("skipped all flows: it accepts https issuers only")
    sys.exit()
web_app = org.clients["web_app"]["client_id"]


@flow("access token of a custom server")
def verifier():
    verifier = AccessTokenVerifier(issuer=org.chat["issuer"], audience=org.chat["audience"])
    asyncio.run(verifier.verify(org.machine_token()))
    verifier.verify_sync(org.machine_token())
    return verifier


@flow("ID token with its nonce")
def id_token():
    token = org.id_token(nonce="n-1")
    verifier = IDTokenVerifier(issuer=org.issuer, client_id=web_app)
    asyncio.run(verifier.verify(token, nonce="n-1"))
    equal(JWTUtils.parse_token(token)[1]["sub"], org.users["ada"]["id"])
    error = raises(JWTValidationException, verifier.verify_sync, token, nonce="n-2")
    assert "nonce" in str(error), error
    return token


@flow("refusal of another audience, issuer and signature", id_token)
def _(id_token):
    token = org.machine_token()
    other = AccessTokenVerifier(issuer=org.chat["issuer"], audience="https://other.example.com")
    raises(JWTValidationException, other.verify_sync, token)
    elsewhere = AccessTokenVerifier(issuer=org.servers["other_custom_as"]["issuer"], audience=org.chat["audience"])
    raises(JWTValidationException, elsewhere.verify_sync, token)
    # The claims of one token with the signature of another.
    changed = token.rsplit(".", 1)[0] + "." + id_token.rsplit(".", 1)[1]
    here = AccessTokenVerifier(issuer=org.chat["issuer"], audience=org.chat["audience"])
    error = raises(JWTValidationException, here.verify_sync, changed)
    assert "ignature" in str(error), error


@flow("refusal of an expired token")
def _():
    # The mock signs whatever it is told to, see docs/mock-okta.md.
    claims = {"iss": org.chat["issuer"], "aud": org.chat["audience"], "iat": 0, "exp": 3600}
    expired = org.control("sign", {"issuer": org.chat["issuer"], "header": {}, "claims": claims})["jwt"]
    verifier = AccessTokenVerifier(issuer=org.chat["issuer"], audience=org.chat["audience"])
    error = raises(JWTValidationException, verifier.verify_sync, expired)
    assert "expired" in str(error), error


@flow("verification by published keys, with key rotation", verifier)
def _(verifier):
    old = org.machine_token()
    kid = org.control("keys/rotate", {"issuer": org.chat["issuer"]})["kid"]
    new = org.machine_token()
    equal(JWTUtils.parse_token(new)[0]["kid"], kid)
    # The verifier holds the keys from before the rotation and fetches them again for a `kid` that it does not know.
    verifier.verify_sync(new)
    asyncio.run(verifier.verify(new))
    verifier.verify_sync(old)


finish()
