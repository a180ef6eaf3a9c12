// What an agent in JavaScript needs besides an OAuth library: what Okta's answers hold, patience with servers, and the browser
// of its user.
// @ts-check
import { spawn } from "node:child_process";
import { createServer } from "node:http";
import { setTimeout as pause } from "node:timers/promises";

/** What stands in the agent's way. The text is shown, so it must hold nothing secret. */
export class Trouble extends Error {
  /**
   * @param {string} text
   * @param {{ wait?: number, link?: unknown }} [more] the seconds after which the same may succeed, without which it is
   *   in vain to repeat it; and where the user has to consent first
   */
  constructor(text, { wait, link } = {}) {
    super(text);
    this.wait = wait;
    this.link = link;
  }
}

/** @type {Record<string, string | undefined>} */
const variables = process.env;

/** A variable ATX_*, by its name without the prefix. @param {string} name @returns {string} */
export const setting = (name) => {
  const value = variables[`ATX_${name}`];
  if (value === undefined) throw new Trouble(`the variable ATX_${name} is not set`);
  return value;
};
/** @param {string} name */
export const optional = (name) => variables[`ATX_${name}`] || undefined;

export const task = setting("TASK");
const OKTA = "urn:okta:params:oauth:token-type:";
export const requestedTokenType = /** @type {Record<string, string>} */ ({
  "authorization-server": "urn:ietf:params:oauth:token-type:id-jag",
  "secret": `${OKTA}vaulted-secret`,
  "service-account": `${OKTA}service-account`,
  "resource-server": `${OKTA}oauth-sts`,
})[task];

/** A token of an authorization server is asked for by its issuer and scope, all else by its resource alone. */
export const target = {
  ...(task === "authorization-server" && { audience: setting("CUSTOM_ISSUER"), scope: setting("SCOPE") }),
  ...(optional("RESOURCE") && { resource: setting("RESOURCE") }),
};

/** The trouble with a server that answers 429 or 503. @param {Response} answer */
export function busy({ url, status, headers }) {
  const now = Date.parse(headers.get("date") ?? "") || Date.now();
  const [after, reset] = [headers.get("retry-after"), headers.get("x-rate-limit-reset")];
  // Okta says when the limit is lifted: in seconds since 1970, by the clock that `Date` shows.
  const until = after ? (/^\d+$/.test(after) ? now + 1000 * Number(after) : Date.parse(after)) : 1000 * Number(reset);
  return new Trouble(`${new URL(url).pathname} answered ${status}`, { wait: Math.max(0, (until - now) / 1000 || 0) });
}

/**
 * The result of a step, which is repeated three times while its trouble is passing.
 * @template T @param {() => Promise<T>} step @returns {Promise<T>}
 */
export async function persist(step) {
  for (const seconds of [0.5, 1, 2, undefined]) {
    try {
      return await step();
    } catch (error) {
      if (!(error instanceof Trouble) || error.wait === undefined) throw error;
      if (seconds === undefined || error.wait > 60) throw new Trouble(`${error.message}; giving up`);
      await pause(1000 * Math.max(seconds, error.wait));
    }
  }
  throw new Error("unreachable");
}

/**
 * The result of `ask`. Where the user has to consent first, the link is opened once, and `ask` called six times in all: the
 * answer is the same whether she has not yet consented or never will.
 * @template T @param {() => Promise<T>} ask @returns {Promise<T>}
 */
export async function withConsent(ask) {
  let opened = false;
  for (const seconds of [0.3, 0.6, 1.2, 2.4, 4.8, undefined]) {
    try {
      return await persist(ask);
    } catch (error) {
      if (!(error instanceof Trouble) || error.link === undefined || seconds === undefined) throw error;
      // The org leads to the third party itself. A link to anywhere else is none that it made.
      if (!isOnHostOf(error.link, setting("ORG_ISSUER"))) {
        throw new Trouble("the link for the user's consent leads to another host");
      }
      if (!opened) browse(String(error.link));
      opened = true;
      await pause(1000 * seconds);
    }
  }
  throw new Error("unreachable");
}

/** @param {unknown} url @param {string} issuer */
export const isOnHostOf = (url, issuer) =>
  typeof url === "string" && URL.canParse(url) && new URL(url).origin === new URL(issuer).origin;

/** A member of an answer. @param {any} answer @param {string} name @returns {string} */
export function textIn(answer, name) {
  const value = answer?.[name];
  if (typeof value !== "string" || !value) throw new Trouble(`an answer lacks '${name}'`);
  return value;
}

/**
 * An answer, if it is of the types that are meant.
 * @param {any} answer @param {string} tokenType @param {string} [issuedTokenType]
 */
export function typed(answer, tokenType, issuedTokenType) {
  const isIssued = issuedTokenType === undefined || answer.issued_token_type === issuedTokenType;
  // Okta's guide shows Bearer for an ID-JAG as well, which is used in no header.
  const types = tokenType === "n_a" ? [tokenType, "bearer"] : [tokenType];
  if (types.includes(String(answer.token_type).toLowerCase()) && isIssued && !answer.error) return answer;
  throw new Trouble("the answer of a token endpoint has other types than those asked for");
}

/**
 * What the API is shown: a token, or the secret or service account that the vault keeps.
 * @param {any} answer @returns {Record<string, string>}
 */
export function fieldsForApi(answer) {
  if (task === "secret") return { [setting("SECRET_HEADER")]: textIn(answer.vaulted_secret, setting("SECRET_FIELD")) };
  if (task === "service-account") {
    const [name, password] = ["username", "password"].map((part) => textIn(answer.service_account, part));
    return { Authorization: `Basic ${Buffer.from(`${name}:${password}`).toString("base64")}` };
  }
  return { Authorization: `Bearer ${textIn(answer, "access_token")}` };
}

/** Opens a link in the user's browser. @param {string} link */
function browse(link) {
  const [command, ...more] = (process.env.BROWSER ?? "xdg-open").split(" ");
  spawn(command, [...more, link], { stdio: "ignore", detached: true }).on("error", () => {}).unref();
}

/** Opens the sign-in page, and resolves to the address at which the browser comes back. @param {URL} page */
export function comeBack(page) {
  const redirect = new URL(setting("REDIRECT_URI"));
  return new Promise((resolve, reject) => {
    const server = createServer((request, answer) => {
      const url = new URL(request.url ?? "/", redirect);
      answer.setHeader("connection", "close").end("You may close this window.");
      if (url.pathname === redirect.pathname) end(() => resolve(url));
    });
    const end = (/** @type {() => void} */ then) => {
      clearTimeout(limit);
      server.close(then);
      server.closeIdleConnections();
    };
    const limit = setTimeout(() => end(() => reject(new Trouble("nobody signed in within a minute"))), 60_000);
    server.on("error", () => end(() => reject(new Trouble("the redirect URI cannot be listened on"))));
    server.listen(Number(redirect.port), redirect.hostname, () => browse(page.href));
  });
}

/**
 * Runs the agent, and ends the program with its exit code. Errors of libraries may quote what they could not read, so only
 * their kind is shown.
 * @param {() => Promise<void>} run
 */
export async function finish(run) {
  try {
    await run();
  } catch (error) {
    const { name, code } = /** @type {any} */ (error);
    const why = error instanceof Trouble ? error.message : [name, code].filter(Boolean).join(" ");
    console.error(`error: ${why.replace(/\s+/g, " ").slice(0, 300)}`);
    process.exitCode = 1;
  }
}
