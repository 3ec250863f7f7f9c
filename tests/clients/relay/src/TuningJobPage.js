// A tuning job with its leaderboard, which usePaginationFragment pages through by the job's own id.
import { graphql } from "relay-runtime";

export const query = graphql`
  query TuningJobPageQuery($name: String!, $team: String) {
    tuningJob(name: $name, team: $team) {
      id
      name
      status
      creationTime
      ...TuningJobPage_leaderboard
    }
  }
`;

export const leaderboard = graphql`
  fragment TuningJobPage_leaderboard on TuningJob
  @refetchable(queryName: "TuningJobPageLeaderboardQuery")
  @argumentDefinitions(
    first: { type: "Int", defaultValue: 25 }
    after: { type: "String" }
    sortBy: { type: "TrainingJobSortBy", defaultValue: BEST_OBJECTIVE }
    sortOrder: { type: "SortOrder", defaultValue: ASCENDING }
    statusEquals: { type: "TrainingJobStatus" }
  ) {
    trainingJobs(first: $first, after: $after, sortBy: $sortBy, sortOrder: $sortOrder, statusEquals: $statusEquals)
      @connection(key: "TuningJobPage_trainingJobs") {
      totalCount
      asOf
      stale
      edges {
        cursor
        node {
          id
          ...TrainingJobRow_trainingJob
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`;
