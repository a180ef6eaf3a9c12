"""How long a start takes, and how much memory a server has that was asked nothing.

    starts.py ready COMMAND TIMES OPTIONS…    a line for each start: milliseconds until the metadata were answered, and
                                              until the first token was
    starts.py idle COMMAND TIMES OPTIONS…     a line for each start: VmRSS and RssAnon in KiB, 2 s after it listened
"""

import os
import sys
import tempfile
import time

from server import FORM, Connection, Server, Target, expect, machine_form

CHAT = "/oauth2/auschat0000000000001/v1/token"


def credentials(command, options):
    """The form with which a client of the default org asks for a token. Its secret is the same at each start."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "target.yaml")
        with Server(command, "--target-out", path, *options):
            target = Target(path)
    return machine_form(target.of("service_app", "client_id"), target.of("service_app", "client_secret"))


def ready(command, times, options):
    form = credentials(command, options)
    for _ in range(times):
        begun = time.monotonic()
        with Server(command, *options) as server:
            connection = Connection(server.url)
            status, _, body = connection.ask("GET", "/.well-known/openid-configuration")
            answered = time.monotonic()
            expect(status == 200, f"the metadata: {status} {body}")
            status, _, body = connection.ask("POST", CHAT, FORM, form)
            signed = time.monotonic()
            expect(status == 200 and "access_token" in body, f"a token: {status} {body}")
            print(f"{(answered - begun) * 1e3:.1f} {(signed - begun) * 1e3:.1f}")


def idle(command, times, options):
    for _ in range(times):
        with Server(command, *options) as server:
            time.sleep(2)
            print(*server.memory())


if __name__ == "__main__":
    what, command, times, *options = sys.argv[1:]
    {"ready": ready, "idle": idle}[what](command, int(times), options)
