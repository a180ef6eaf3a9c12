// An MCP server with one tool, protected by access tokens of the org's server `chat`.
import { once } from "node:events";
import { InvalidTokenError } from "@modelcontextprotocol/sdk/server/auth/errors.js";
import { requireBearerAuth } from "@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js";
import { createMcpExpressApp } from "@modelcontextprotocol/sdk/server/express.js";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { createRemoteJWKSet, jwtVerify } from "jose";

/** Starts the server on a free port. Resolves to its URL, which is its resource indicator too, and to how it is stopped. */
export async function startServer(issuer, scope) {
  const app = createMcpExpressApp();
  const listener = app.listen(0, "127.0.0.1");
  await once(listener, "listening");
  const origin = `http://127.0.0.1:${listener.address().port}`;
  const resource = `${origin}/mcp`;
  const metadataPath = "/.well-known/oauth-protected-resource/mcp";

  app.get(metadataPath, (_request, answer) => {
    answer.json({ resource, authorization_servers: [issuer], scopes_supported: [scope] });
  });

  const keys = createRemoteJWKSet(new URL(`${issuer}/v1/keys`));
  const verifier = {
    async verifyAccessToken(token) {
      try {
        const { payload } = await jwtVerify(token, keys, { issuer, audience: resource });
        return { token, clientId: payload.cid, scopes: payload.scp, expiresAt: payload.exp, extra: { sub: payload.sub } };
      } catch (error) {
        throw new InvalidTokenError(error.message);
      }
    },
  };
  const protect = requireBearerAuth({ verifier, requiredScopes: [scope], resourceMetadataUrl: origin + metadataPath });
  app.post("/mcp", protect, async (request, answer) => {
    const server = new McpServer({ name: "whoami", version: "1.0.0" });
    server.registerTool("whoami", { description: "Says for whom the client acts" }, ({ authInfo }) => ({
      content: [{ type: "text", text: `${authInfo.clientId} for ${authInfo.extra.sub}` }],
    }));
    const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined });
    await server.connect(transport);
    await transport.handleRequest(request, answer, request.body);
  });

  return { resource, stop: () => { listener.close(); listener.closeAllConnections(); } };
}
