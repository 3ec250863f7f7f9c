// Two clients that browsers listen with, each doing what the tests say: one word a line in, one JSON line a happening out.
// A word is ["listen", id, query, variables] or ["leave", id].
import { createInterface } from "node:readline";
import { createClient as createSseClient } from "graphql-sse";
import { createClient as createWsClient } from "graphql-ws";
import WebSocket from "ws";

const [kind, address, key] = process.argv.slice(2);
const tell = (...happening) => console.log(JSON.stringify(happening));

const client =
  kind === "graphql-ws"
    ? createWsClient({
        url: address.replace(/^http/, "ws"),
        webSocketImpl: WebSocket,
        connectionParams: { "X-API-Key": key },
        lazyCloseTimeout: 0,
        retryAttempts: 300,
        retryWait: () => new Promise((resolve) => setTimeout(resolve, 100)),
        shouldRetry: () => true, // also a port nobody listens on: the gateway is about to be back
        on: { connected: (_socket, _payload, again) => again && tell("connected again") },
      })
    : createSseClient({
        url: address,
        headers: { "X-API-Key": key },
        retryAttempts: 300,
        retry: () => new Promise((resolve) => setTimeout(resolve, 100)),
        on: { connected: (again) => again && tell("connected again") },
      });

const leaving = {};
const words = {
  listen(id, query, variables) {
    leaving[id] = client.subscribe(
      { query, variables },
      {
        next: ({ data, errors }) => tell(id, "next", data ?? null, (errors ?? []).map(codeOf)),
        error: (error) => tell(id, "error", Array.isArray(error) ? error.map(codeOf) : String(error)),
        complete: () => tell(id, "complete"),
      },
    );
  },
  leave: (id) => leaving[id](),
};
const codeOf = (error) => error.extensions?.code;

for await (const line of createInterface({ input: process.stdin })) {
  const [word, ...given] = JSON.parse(line);
  words[word](...given);
}
process.exit(0);
