// A row of the leaderboard, which useRefetchableFragment asks for again by its own id.
import { graphql } from "relay-runtime";

export const row = graphql`
  fragment TrainingJobRow_trainingJob on TrainingJob
  @refetchable(queryName: "TrainingJobRowRefetchQuery") {
    id
    name
    status
    trainingStartTime
    durationSeconds
    finalObjectiveMetric {
      name
      type
      value
    }
    tunedHyperParameters {
      name
      value
      number
    }
    learningRate: tunedHyperParameter(name: "learning_rate") {
      number
    }
  }
`;
