// A mock Okta org for a test file, from the command `mock-okta`.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parse } from "yaml";

/** Starts the org and resolves once it listens; the target file is there by then. */
export async function startOktaOrg() {
  const file = join(await mkdtemp(join(tmpdir(), "okta-")), "target.yaml");
  const server = spawn("mock-okta", ["serve", "--port", "0", "--target-out", file], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = await once(createInterface({ input: server.stdout }), "line");
  if (!line.includes("listening on")) throw new Error(line);
  const target = parse(await readFile(file, "utf8"));
  return {
    ...target,
    issuer: target.authorization_servers.org.issuer,
    /** Test control: move the clock, suspend a user, read the journal. See docs/mock-okta.md. */
    async control(path, body, method = "POST") {
      const answer = await fetch(`${target.authorization_servers.org.issuer}/_mock/${path}`, {
        method,
        headers: { "Content-Type": "application/json" },
        body: body && JSON.stringify(body),
      });
      const text = await answer.text();
      return text ? JSON.parse(text) : undefined;
    },
    async stop() {
      server.kill("SIGTERM");
      await once(server, "exit");
    },
  };
}
