// A real OpenID Connect provider for the tests: one client, a few people, on a loopback port.
// node provider.mjs FOLDER-WITH-NODE_MODULES SETTINGS-AS-JSON
import { createServer } from "node:http";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, told] = process.argv.slice(2);
const { default: Provider } = await import(pathToFileURL(join(folder, "node_modules/oidc-provider/lib/index.js")));
const { port, client, people } = JSON.parse(told);

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [client],
  clientBasedCORS: () => false,
  claims: { openid: ["sub", "cvr", "loa"] },
  conformIdTokenClaims: false, // all of them in the ID token
  cookies: { keys: ["of-the-tests"] },
  features: { rpInitiatedLogout: { enabled: true } },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
  pkce: { required: () => true },
});
createServer(provider.callback()).listen(port, "127.0.0.1");
