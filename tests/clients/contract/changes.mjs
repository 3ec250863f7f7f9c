// What GraphQL Inspector calls a breaking change between two schemas, in JSON. A field may go once the released
// contract has called it deprecated.
import { CriticalityLevel, DiffRule, diff } from "@graphql-inspector/core";
import { buildSchema } from "graphql";
import { readFileSync } from "node:fs";

const [released, next] = process.argv.slice(2).map((path) => buildSchema(readFileSync(path, "utf8")));

const changes = await diff(released, next, [DiffRule.suppressRemovalOfDeprecatedField]);
const breaking = changes.filter((change) => change.criticality.level === CriticalityLevel.Breaking);
console.log(JSON.stringify(breaking.map((change) => change.message)));
