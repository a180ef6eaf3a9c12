// Okta's SDK for single-page apps, https://github.com/okta/okta-auth-js, in a page (page.html) in headless Chromium. Its
// requests go from the page's origin to the org, so the org must allow them by CORS.
//
// It needs Chromium: the variable CHROMIUM names it, or it is on the PATH.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { chromium } from "playwright-core";
import { control, flow, org, skip } from "./org.mjs";

const NAMES = ["chromium-headless-shell", "chrome-headless-shell", "chromium", "chromium-browser", "google-chrome"];
const { ada } = org.users;
const { client_id, redirect_uri } = org.clients.public_app;
const app = new URL(redirect_uri);

function find(name) {
  try {
    return execFileSync("sh", ["-c", 'command -v "$0"', name], { encoding: "utf8" }).trim();
  } catch {
    return undefined;
  }
}

/** The page and its scripts at the address that the app is registered with. A real server, so that CORS is real too. */
async function serveApp() {
  const files = {
    "/config.js": ["text/javascript", `const config = ${JSON.stringify({ issuer: org.issuer, clientId: client_id })};`],
    "/okta-auth-js.min.js": ["text/javascript", readFileSync("node_modules/@okta/okta-auth-js/dist/okta-auth-js.min.js")],
  };
  const page = ["text/html", readFileSync("page.html")];
  const server = createServer((request, answer) => {
    const [type, body] = files[new URL(request.url, app).pathname] ?? page;
    answer.writeHead(200, { "Content-Type": `${type}; charset=utf-8` }).end(body);
  });
  server.listen(Number(app.port), app.hostname);
  await once(server, "listening");
  return server;
}

async function inBrowser(executablePath) {
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  // The browser is not told of the org's CA, so it is told to accept any certificate.
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  const page = await context.newPage();
  context.setDefaultTimeout(10_000);
  const problems = [];
  page.on("console", (message) => { if (message.type() === "error") problems.push(message.text()); });

  /** Waits for an element. Where the page shows an error instead, or nothing, the error is that and the browser's messages. */
  async function seen(selector) {
    const failed = page.locator("#result.failed");
    const element = page.locator(selector);
    await element.or(failed).first().waitFor({ state: "attached" }).catch(() => {});
    if (await element.count()) return element;
    const shown = (await failed.count()) ? await failed.textContent() : `no ${selector} at ${page.url().split("?")[0]}`;
    throw new Error([shown, ...problems].join(" | "));
  }
  const result = async () => JSON.parse(await (await seen("#result.done")).textContent());
  async function click(id, selector) {
    problems.length = 0;
    await page.click(`#${id}`);
    return selector ? seen(selector) : result();
  }

  /** What the user does at the org's sign-in page. */
  async function fillIn(window) {
    await window.fill("[name=username]", ada.login);
    await window.fill("[name=password]", ada.password.value);
    await window.keyboard.press("Enter");
  }

  const signedIn = await flow("sign-in with PKCE", async () => {
    await page.goto(app.origin);
    await click("sign-in", "[name=username]");
    await fillIn(page);
    const claims = await result();
    assert.equal(claims.sub, ada.id);
    assert.equal(claims.aud, client_id);
  });

  await flow("userinfo", async () => {
    const info = await click("userinfo");
    assert.equal(info.email, ada.login);
  }, signedIn);

  if (org.issuer.startsWith("http:")) {
    skip("renewal by the session", "to a frame of another site browsers send cookies over https only");
  } else {
    await flow("renewal by the session", async () => {
      assert.deepEqual(await click("renew"), { changed: true, by: "session", sub: ada.id });
    }, signedIn);
  }

  await flow("revocation", async () => {
    assert.deepEqual(await click("revoke"), { status: 401, stored: false });
  }, signedIn);

  const stayed = await flow("renewal by a refresh token", async () => {
    // The session goes on, so nobody is asked for a password.
    await page.goto(app.origin);
    assert.equal((await click("stay")).sub, ada.id);
    assert.deepEqual(await click("renew"), { changed: true, by: "refresh token", sub: ada.id });
  }, signedIn);

  await flow("ID token signed by a rotated key", async () => {
    // The SDK holds the keys from before the rotation and fetches them again for a `kid` that it does not know.
    const { kid } = await control("keys/rotate", { issuer: org.issuer });
    assert.equal((await click("renew")).changed, true);
    assert.equal(await page.evaluate("okta.token.decode(okta.tokenManager.getTokensSync().idToken.idToken).header.kid"), kid);
  }, stayed);

  await flow("sign-out", async () => {
    await click("sign-out", "#start");
    // The session has ended: the org asks for the password again.
    await click("sign-in", "[name=password]");
  }, signedIn);

  await flow("sign-in in a popup", async () => {
    await page.goto(app.origin);
    const opened = page.waitForEvent("popup");
    await page.click("#popup");
    await fillIn(await opened);
    assert.equal((await result()).sub, ada.id);
  });

  await browser.close();
}

const executable = process.env.CHROMIUM || NAMES.map(find).find(Boolean);
if (executable) {
  const server = await serveApp().catch((error) => skip("all flows", `${app.host} cannot be served: ${error.code}`));
  if (server) {
    await inBrowser(executable);
    server.close();
    server.closeAllConnections();
  }
} else {
  skip("all flows", "no Chromium is on the PATH, and CHROMIUM is not set");
}
