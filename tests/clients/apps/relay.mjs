// A Relay app: react-relay renders a tuning job's leaderboard, asks for more as long as there is more, then for its first
// row again by the row's own id. Says the rows, the operations it sent, and the row asked for again.
import { createRequire } from "node:module";
import { join } from "node:path";
import { Suspense, createElement, startTransition, useEffect } from "react";
import relay from "react-relay";
import renderer from "react-test-renderer";
import runtime from "relay-runtime";

const [address, key, artifacts, name] = process.argv.slice(2);
const { RelayEnvironmentProvider, useLazyLoadQuery, usePaginationFragment, useRefetchableFragment } = relay;
const { Environment, Network, RecordSource, Store } = runtime;

// What Babel's plugin would put in the place of a graphql`…` literal.
const require = createRequire(import.meta.url);
const compiled = (document) => require(join(artifacts, `${document}.graphql.js`));

const sent = [];
const network = Network.create(async ({ name: operation, text }, variables) => {
  sent.push(operation);
  const headers = { "Content-Type": "application/json", "X-API-Key": key };
  const response = await fetch(address, { method: "POST", headers, body: JSON.stringify({ query: text, variables }) });
  return response.json();
});
const environment = new Environment({ network, store: new Store(new RecordSource()) });

function Page() {
  const { tuningJob } = useLazyLoadQuery(compiled("TuningJobPageQuery"), { name });
  return createElement(Leaderboard, { tuningJob });
}

function Leaderboard({ tuningJob }) {
  const { data, hasNext, isLoadingNext, loadNext } = usePaginationFragment(
    compiled("TuningJobPage_leaderboard"),
    tuningJob,
  );
  useEffect(() => {
    if (hasNext && !isLoadingNext) loadNext(100, { onComplete: (error) => error && fail(error) });
  }, [hasNext, isLoadingNext]);
  const { edges } = data.trainingJobs;
  return hasNext ? null : createElement(Row, { row: edges[0].node, edges });
}

function Row({ row, edges }) {
  const [data, refetch] = useRefetchableFragment(compiled("TrainingJobRow_trainingJob"), row);
  useEffect(() => {
    if (sent.includes("TrainingJobRowRefetchQuery")) {
      const said = { ids: edges.map(({ node }) => node.id), names: edges.map(nameOf), sent, again: data };
      process.stdout.write(JSON.stringify(said), () => process.exit(0));
      return;
    }
    startTransition(() => void refetch({}, { fetchPolicy: "network-only", onComplete: (error) => error && fail(error) }));
  });
  return null;
}

// A row's fields are its fragment's own, and masked from the leaderboard: they are read as the row would read them.
const nameOf = ({ node }) => environment.getStore().getSource().get(node.id).name;
const fail = (error) => {
  console.error(error);
  process.exit(1);
};
process.on("uncaughtException", fail); // what is thrown while rendering

renderer.create(
  createElement(
    RelayEnvironmentProvider,
    { environment },
    createElement(Suspense, { fallback: null }, createElement(Page)),
  ),
);
