"""How the agent on okta-client-python sends requests."""

import http.client
import os
import ssl
import urllib.error
import urllib.request

from okta_client.authfoundation.networking import RawResponse

import common

FAILURES = (urllib.error.URLError, http.client.HTTPException, ConnectionError, TimeoutError)


class Network(urllib.request.HTTPRedirectHandler):
    """The SDK's own follows redirects, by which another host would get what is in the request, and waits for ever."""

    def redirect_request(self, *_):
        return None

    def send(self, request):
        tls = urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=os.environ.get("ATX_CA_FILE")))
        sent = urllib.request.Request(request.url, request.body, request.headers, method=request.method.value)
        try:
            answer = urllib.request.build_opener(self, tls).open(sent, timeout=10)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            if answer.status in (429, 503):
                raise common.busy(request.url, answer.status, answer.headers.get)
            return RawResponse(answer.status, dict(answer.headers), answer.read())
