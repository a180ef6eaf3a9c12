"""What the programs of this folder have in common: a server that is started and ended, and a connection to it."""

import http.client
import json
import re
import ssl
import subprocess
import urllib.parse


def unverified():
    """Settings of TLS for a certificate that is new at each start: what is measured does not depend on trusting it."""
    settings = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    settings.check_hostname = False
    settings.verify_mode = ssl.CERT_NONE
    return settings


TLS = unverified()


def expect(holds, otherwise):
    """Ends the program with a message where something does not hold."""
    if not holds:
        raise SystemExit(otherwise)


class Server:
    """A mock-okta on a free port."""

    def __init__(self, command, *options):
        options = ["serve", "--port", "0", *options]
        self.process = subprocess.Popen([command, *options], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        line = self.process.stdout.readline().decode()
        listening = re.search(r" listening on (https?://\S+)", line)
        if not listening:
            self.process.kill()
            raise SystemExit(f"{command} {' '.join(options)} did not start: it printed {line!r}")
        self.url = listening[1]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def memory(self):
        """Memory in KiB: what is resident in all, and the part of it that belongs to no file."""
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as status:
            fields = dict(line.split(":", 1) for line in status)
        return [int(fields[name].split()[0]) for name in ("VmRSS", "RssAnon")]


class Connection:
    """A connection that stays open."""

    def __init__(self, url):
        address = urllib.parse.urlsplit(url)
        if address.scheme == "https":
            self.http = http.client.HTTPSConnection(address.netloc, timeout=30, context=TLS)
        else:
            self.http = http.client.HTTPConnection(address.netloc, timeout=30)

    def ask(self, method, path, headers=None, body=None):
        """Status, header fields and body of the answer."""
        self.http.request(method, path, body=body, headers=headers or {})
        answer = self.http.getresponse()
        return answer.status, answer.headers, answer.read().decode()


FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def machine_form(client_id, secret):
    """What a client sends for a token of its own."""
    form = {"grant_type": "client_credentials", "scope": "chat.read", "client_id": client_id, "client_secret": secret}
    return urllib.parse.urlencode(form)


class Target:
    """What these programs need from a target file. Python brings no parser of YAML along, so it is read by its layout."""

    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            self.text = file.read()

    def of(self, section, key):
        """The value of a key, directly in a section or in the section of a section."""
        found = re.search(rf"^  {section}:\n((?:    .*\n)+)", self.text, re.MULTILINE)
        found = found and re.search(rf"^ +{key}:(?:\n +value:)? *(.+)$", found[1], re.MULTILINE)
        if not found:
            raise SystemExit(f"the target file has no {key} in {section}")
        value = found[1]
        # Texts in quotes are written as in JSON.
        return json.loads(value) if value[0] == '"' else value

    def private_key(self, section):
        """The private key of a client, as PEM."""
        pem = re.search(rf"^  {section}:\n(?:    .*\n)*?((?: +)-----BEGIN(?:.*\n)+?.*-----END.*\n)", self.text, re.MULTILINE)
        if not pem:
            raise SystemExit(f"the target file has no private key of {section}")
        return re.sub(r"^ +", "", pem[1], flags=re.MULTILINE)
