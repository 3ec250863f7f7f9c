// An urql app that asks by POST or by GET, with the headers urql itself sends. Says for each query what came back: the
// media type, the data, and the codes of the errors.
import { Client, fetchExchange } from "@urql/core";

const [address, key, method, queries] = process.argv.slice(2);

const answers = [];
const recorded = async (uri, options) => {
  const response = await fetch(uri, options);
  answers.push({ method: options.method, accept: options.headers.accept, type: response.headers.get("Content-Type") });
  return response;
};
const client = new Client({
  url: address,
  exchanges: [fetchExchange],
  fetch: recorded,
  fetchOptions: { headers: { "X-API-Key": key } },
  preferGetMethod: method === "GET" ? "force" : false,
});

for (const query of JSON.parse(queries)) {
  const { data, error } = await client.query(query, {}).toPromise();
  const codes = error?.graphQLErrors.map((each) => each.extensions.code) ?? [];
  Object.assign(answers.at(-1), { data: data ?? null, codes, network: error?.networkError?.message ?? null });
}
process.stdout.write(JSON.stringify(answers), () => process.exit(0));
