// Asks a server every audit of GraphQL over HTTP's own project, and prints what came of each, a line of JSON apiece.
// Arguments: the server's address, and an API key it knows.
import { serverAudits } from "graphql-http";

const [url, key] = process.argv.slice(2);
const known = (input, init = {}) => fetch(input, { ...init, headers: { ...init.headers, "x-api-key": key } });

for (const audit of serverAudits({ url, fetchFn: known })) {
  const { id, name, status, reason } = await audit.fn();
  console.log(JSON.stringify({ id, name, status, reason: reason ?? null }));
}
