// GraphiQL's page without a browser: its script in a world of stubs, asked as GraphiQL asks it. Words and happenings are
// those of listen.mjs.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import vm from "node:vm";

const [script, address, key] = process.argv.slice(2);
const tell = (...happening) => console.log(JSON.stringify(happening));
const nothing = () => undefined;
const element = () => ({ addEventListener: nothing, focus: nothing, replaceChildren: nothing, dataset: {}, textContent: "" });
const storage = { getItem: () => null, setItem: nothing, removeItem: nothing };
const page = {
  ...{ AbortController, Headers, TextDecoderStream, URLSearchParams, JSON, Error },
  addEventListener: nothing,
  document: {
    getElementById: element,
    createElement: element,
    querySelectorAll: () => [{ content: { textContent: "" }, dataset: { variables: "{}" } }],
  },
  fetch: (path, options) => fetch(`${address}/${path}`, options),
  history: { replaceState: nothing },
  localStorage: storage,
  location: { hash: "", pathname: "/", search: "" },
  sessionStorage: storage,
};
page.window = page;
vm.runInNewContext(readFileSync(script, "utf8"), page);
const fetcher = page.fetcherWith(""); // the key goes where GraphiQL's own headers do

const heard = {};
const codesOf = (errors) => (errors ?? []).map(({ extensions }) => extensions?.code);
const words = {
  async listen(id, query, variables) {
    const operation = query.trimStart().startsWith("subscription") ? "subscription" : "query";
    const documentAST = { definitions: [{ kind: "OperationDefinition", operation }] };
    const answer = await fetcher({ query, variables }, { headers: { "X-API-Key": key }, documentAST });
    if (!answer.subscribe) return tell(id, "answer", answer.data ?? null, codesOf(answer.errors));
    heard[id] = answer.subscribe({
      next: ({ data, errors }) => tell(id, "next", data ?? null, codesOf(errors)),
      error: (error) => tell(id, "error", String(error)),
      complete: () => tell(id, "complete"),
    });
  },
  leave: (id) => heard[id].unsubscribe(),
};

for await (const line of createInterface({ input: process.stdin })) {
  const [word, ...given] = JSON.parse(line);
  await words[word](...given);
}
process.exit(0);
