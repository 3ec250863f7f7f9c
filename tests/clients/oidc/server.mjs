// An OIDC server whose hand the tests hold: it prints its address, then obeys one word a line and answers "done".
// Tokens are had from its token endpoint, as by any client; the form field `claims` says what they shall say.
import { createInterface } from "node:readline";
import { OAuth2Server } from "oauth2-mock-server";

let server;

async function start(port) {
  server = new OAuth2Server();
  await server.issuer.keys.generate("RS256");
  server.service.on("beforeTokenSigning", (token, request) => {
    Object.assign(token.payload, JSON.parse(request.body.claims ?? "{}"));
  });
  await server.start(port, "127.0.0.1");
}

const words = {
  "add-es256": () => server.issuer.keys.generate("ES256"),
  stop: () => server.stop(),
  // Back on its port, with other keys.
  start: () => start(port),
};

await start(0);
const { port } = server.address();
console.log(server.issuer.url);
for await (const word of createInterface({ input: process.stdin })) {
  await words[word]();
  console.log("done");
}
process.exit(0);
