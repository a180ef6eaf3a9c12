"""A mock Okta org for a whole pytest session, from the command `mock-okta`. With `pytest --okta-tls` it speaks https."""

import json
import os
import shutil
import subprocess
import urllib.request

import pytest
import yaml


class Org:
    """Where the org listens, and what its target file says of clients, users and resources."""

    def __init__(self, target):
        self.issuer = target["authorization_servers"]["org"]["issuer"]
        self.servers = target["authorization_servers"]
        self.clients = target["clients"]
        self.users = target["users"]
        self.resources = target["resources"]

    def control(self, path, body=None, method="POST"):
        """Test control: move the clock, suspend a user, read the journal. See docs/mock-okta.md."""
        data = json.dumps(body).encode() if body is not None else (b"" if method == "POST" else None)
        request = urllib.request.Request(f"{self.issuer}/_mock/{path}", data=data, method=method)
        request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request) as answer:
            text = answer.read()
        return json.loads(text) if text else None


def pytest_addoption(parser):
    parser.addoption("--okta-tls", action="store_true", help="let the org speak https")


@pytest.fixture(scope="session")
def okta_org(request, tmp_path_factory):
    if shutil.which("mock-okta") is None:
        pytest.skip("the command mock-okta is not on the PATH: cargo install --path mock-okta")
    folder = tmp_path_factory.mktemp("okta")
    file = folder / "target.yaml"
    command = ["mock-okta", "serve", "--port", "0", "--target-out", str(file)]
    if request.config.getoption("--okta-tls"):
        command += ["--tls", "--tls-out", str(folder)]
        # What `requests` trusts, and `ssl`, which everything else uses.
        os.environ["REQUESTS_CA_BUNDLE"] = os.environ["SSL_CERT_FILE"] = str(folder / "ca.pem")
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    # The first line comes once it listens, and the target file is there by then.
    assert "listening on" in server.stdout.readline()
    yield Org(yaml.safe_load(file.read_text()))
    server.terminate()
    assert server.wait(timeout=5) == 0


@pytest.fixture(autouse=True)
def fresh_state(request):
    """Each test that uses the org finds it as it was at start."""
    if "okta_org" in request.fixturenames:
        request.getfixturevalue("okta_org").control("reset")
    yield
