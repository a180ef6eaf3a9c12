"""An AI agent on okta-client-python, https://github.com/okta/okta-client-python, for all four resource types of Okta's
token exchange.

It signs its user in, exchanges the ID token for a credential and calls an API with it, once. The variables ATX_* configure
it. Exit code 0 when it reached the API, otherwise 1 and the reason in a line on standard error.
"""

import asyncio
import base64
import http.client
import os
import secrets
import ssl
import urllib.error
import urllib.request
from urllib.parse import quote_plus, urlsplit

import jwt
from okta_client import authfoundation as sdk
from okta_client.authfoundation.networking import HTTPRequest, RawResponse
from okta_client.oauth2auth import (
    AuthorizationCodeContext,
    AuthorizationCodeFlow,
    JWTBearerClaims,
    JWTBearerFlow,
    TokenExchangeFlow,
    TokenType,
)

from common import Trouble, busy, finish, persist, sign_in_at, text_in, with_consent

env = os.environ
ISSUER, CLIENT_ID, METHOD, TASK = (env["ATX_" + name] for name in ("ORG_ISSUER", "CLIENT_ID", "CLIENT_AUTH", "TASK"))
OKTA = "urn:okta:params:oauth:token-type:"
REQUESTED = {"authorization-server": TokenType.ID_JAG.value, "secret": OKTA + "vaulted-secret",
             "service-account": OKTA + "service-account", "resource-server": OKTA + "oauth-sts"}[TASK]
FAILURES = (urllib.error.URLError, http.client.HTTPException, ConnectionError, TimeoutError)


class Network(urllib.request.HTTPRedirectHandler):
    """The SDK's own follows redirects, by which another host would get what is in the request, and waits for ever."""

    def redirect_request(self, *_):
        return None

    def send(self, request):
        tls = urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=env.get("ATX_CA_FILE")))
        sent = urllib.request.Request(request.url, request.body, request.headers, method=request.method.value)
        try:
            answer = urllib.request.build_opener(self, tls).open(sent, timeout=10)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            if answer.status in (429, 503):
                raise busy(request.url, answer.status, answer.headers.get)
            return RawResponse(answer.status, dict(answer.headers), answer.read())


class Claims(JWTBearerClaims):
    """The SDK's claims have no `jti`, or the same for all assertions."""

    def to_claims(self):
        return super().to_claims() | {"jti": secrets.token_urlsafe(24)}


class NotInLinks:
    """The SDK puts what authenticates the client into the link to the sign-in page as well."""

    def parameters(self, category):
        proves = category == sdk.OAuth2APIRequestCategory.TOKEN and METHOD != "client_secret_basic"
        return super().parameters(category) if proves else {"client_id": CLIENT_ID}


class Assertion(NotInLinks, sdk.ClientAssertionAuthorization):
    pass


class Secret(NotInLinks, sdk.ClientSecretAuthorization):
    pass


class Client(sdk.OAuth2Client):
    """The client at one authorization server, whose endpoints must be on its host."""

    def __init__(self, issuer, token_endpoint, **more):
        if METHOD == "private_key_jwt":
            key = sdk.LocalKeyProvider.from_pem_file(env["ATX_PRIVATE_KEY_FILE"], algorithm=env["ATX_KEY_ALG"], key_id=env["ATX_KEY_ID"])
            claims = Claims(issuer=CLIENT_ID, subject=CLIENT_ID, audience=token_endpoint, expires_in=120)
            proof = Assertion(assertion_claims=claims, key_provider=key)
        else:
            proof = Secret(CLIENT_ID, env["ATX_CLIENT_SECRET"])
        super().__init__(sdk.OAuth2ClientConfiguration(issuer=issuer, client_authorization=proof, **more), Network())

    def build_http_request(self, request):
        """The SDK has no HTTP Basic."""
        built = super().build_http_request(request)
        if urlsplit(built.url)[:2] != urlsplit(self.configuration.issuer)[:2]:
            raise Trouble("the metadata lead to another host")
        if built.body and METHOD == "client_secret_basic":
            built.headers["Authorization"] = basic(quote_plus(CLIENT_ID), quote_plus(env["ATX_CLIENT_SECRET"]))
        return built

    async def exchange(self, request):
        """Sends a token request for any of the SDK's flows. The SDK's own refuses an answer without `access_token`, which
        that with a secret or a service account is, and loses an answer when it cannot fetch the server's keys after it."""
        try:
            answer = self.send(request)
            body = dict(answer.result)
        except (ValueError, TypeError):
            raise Trouble(f"{urlsplit(request.url).path} answered with no JSON object") from None
        if "error" in body or answer.status_code != 200:
            error = str(body.get("error", body.get("errorCode")))[:80]
            link = body.get("interaction_uri") if error == "interaction_required" else None
            raise Trouble(f"{urlsplit(request.url).path} answered {answer.status_code} with {error!r}", link=link)
        return answer


def typed(answer, token_type, issued_token_type=None):
    if str(answer.get("token_type")).lower() != token_type or issued_token_type not in (None, answer.get("issued_token_type")):
        raise Trouble("an answer holds something of another type")
    return answer


def basic(name, password):
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


def verify(id_token, nonce=None):
    """Checks an ID token by PyJWT: the SDK lets the token choose the algorithm, takes any key for a missing one, fails on
    keys of types that it does not know, and ignores `azp`."""
    keys = jwt.PyJWKSet([key.data for key in persist(lambda: asyncio.run(client().fetch_jwks()), FAILURES).keys])
    claims = jwt.decode(id_token, keys[jwt.get_unverified_header(id_token)["kid"]], algorithms=["RS256", "ES256"], leeway=10,
                        issuer=ISSUER, audience=CLIENT_ID, options={"require": ["exp", "iat", "iss", "aud", "sub"]})
    if claims.get("azp", CLIENT_ID) != CLIENT_ID or nonce not in (None, claims.get("nonce")):
        raise Trouble("the ID token is for another client or another sign-in")
    return id_token
