// GraphQL ESLint's recommended rules for schemas, and its rules for Relay's servers, on the `schema.graphql` of the
// folder it is started in. A rule that is off has its reason beside it.
import graphql from "@graphql-eslint/eslint-plugin";
import { resolve } from "node:path";

export default [
  {
    files: ["schema.graphql"],
    languageOptions: { parser: graphql.parser, parserOptions: { graphQLConfig: { schema: resolve("schema.graphql") } } },
    plugins: { "@graphql-eslint": graphql },
    rules: {
      ...graphql.configs["flat/schema-recommended"].rules,
      ...graphql.configs["flat/schema-relay"].rules,

      // `Experiment.experimentName`, beside `trialName` and `runName`: SageMaker's own words, as everywhere.
      "@graphql-eslint/no-typename-prefix": "off",

      // Connections are for listings that SageMaker pages. What comes whole in one answer (metrics, tags, channels)
      // is a plain list: there is nothing to go on to, and a cursor would promise it. `nodes(ids:)` is Relay's own.
      "@graphql-eslint/relay-edge-types": ["error", { listTypeCanWrapOnlyEdgeType: false }],

      // An id is for what `node(id:)` finds again, and Node's own field sees to that. The other types are values: parts
      // of a job's description, connections, payloads. Nobody can ask for one of them by itself.
      "@graphql-eslint/strict-id-in-types": "off",
    },
  },
];
