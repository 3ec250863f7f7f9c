// The team's tuning jobs, which usePaginationFragment pages through from the root.
import { graphql } from "relay-runtime";

export const query = graphql`
  query TuningJobListQuery($team: String, $nameContains: String) {
    viewer {
      subject
      permissions
      teams {
        name
        region
      }
    }
    ...TuningJobList_jobs @arguments(team: $team, nameContains: $nameContains)
  }
`;

export const jobs = graphql`
  fragment TuningJobList_jobs on Query
  @refetchable(queryName: "TuningJobListPaginationQuery")
  @argumentDefinitions(
    team: { type: "String" }
    first: { type: "Int", defaultValue: 10 }
    after: { type: "String" }
    nameContains: { type: "String" }
    statusEquals: { type: "TuningJobStatus" }
  ) {
    tuningJobs(
      team: $team
      first: $first
      after: $after
      nameContains: $nameContains
      statusEquals: $statusEquals
      sortBy: CREATION_TIME
      sortOrder: DESCENDING
    ) @connection(key: "TuningJobList_tuningJobs", filters: ["team", "nameContains", "statusEquals"]) {
      edges {
        node {
          id
          name
          status
          trainingJobCounts {
            completed
            inProgress
            total
          }
        }
      }
    }
  }
`;
