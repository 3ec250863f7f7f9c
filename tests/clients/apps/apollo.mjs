// An Apollo app, opened twice: each time a new client with an empty cache pages through a tuning job's training jobs, in
// both orders. Says for each time the names it ended up with and the requests it sent: method, operation, with a document?
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, gql } from "@apollo/client";
import { PersistedQueryLink } from "@apollo/client/link/persisted-queries";
import { relayStylePagination } from "@apollo/client/utilities";
import { createHash } from "node:crypto";

const [address, key, name] = process.argv.slice(2);

const ROWS = gql`
  query Rows($name: String!, $after: String, $sortOrder: SortOrder) {
    tuningJob(name: $name) {
      id
      trainingJobs(first: 100, after: $after, sortOrder: $sortOrder) {
        edges {
          cursor
          node {
            id
            name
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`;

function opened(sent) {
  const recorded = (uri, options) => {
    const body = options.method === "GET" ? Object.fromEntries(new URL(uri).searchParams) : JSON.parse(options.body);
    sent.push([options.method, body.operationName, "query" in body]);
    return fetch(uri, options);
  };
  const persisted = new PersistedQueryLink({
    sha256: (document) => createHash("sha256").update(document).digest("hex"),
    useGETForHashedQueries: true,
  });
  const http = new HttpLink({ uri: address, headers: { "X-API-Key": key }, fetch: recorded });
  const trainingJobs = relayStylePagination(["sortBy", "sortOrder", "statusEquals"]);
  return new ApolloClient({
    cache: new InMemoryCache({ typePolicies: { TuningJob: { fields: { trainingJobs } } } }),
    link: ApolloLink.from([persisted, http]),
  });
}

function paged(client, sortOrder) {
  const listing = client.watchQuery({ query: ROWS, variables: { name, sortOrder } });
  return new Promise((finished, fail) => {
    listing.subscribe(({ data, loading, error }) => {
      if (error) return fail(error);
      if (loading) return;
      const { edges, pageInfo } = data.tuningJob.trainingJobs;
      if (pageInfo.hasNextPage) listing.fetchMore({ variables: { after: pageInfo.endCursor } }).catch(fail);
      else finished(edges.map(({ node }) => node.name));
    });
  });
}

const times = [];
for (const _ of ["first", "again"]) {
  const sent = [];
  const client = opened(sent);
  const ascending = await paged(client, "ASCENDING");
  const descending = await paged(client, "DESCENDING");
  times.push({ ascending, descending, sent });
  client.stop();
}
process.stdout.write(JSON.stringify(times), () => process.exit(0));
