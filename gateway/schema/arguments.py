"""The arguments that several fields take, each with its description."""

from datetime import datetime
from typing import Annotated

from strawberry import argument

from gateway.model.listing import SortOrder, TrainingJobSortBy, TuningJobSortBy
from gateway.model.words import TrainingJobStatus, TuningJobStatus
from gateway.schema.plain import vocabulary

for _words in (SortOrder, TrainingJobSortBy, TuningJobSortBy, TrainingJobStatus, TuningJobStatus):
    vocabulary(_words)

First = Annotated[
    int | None, argument(description="How many, from 1 to 100; 10 when left out. Every size costs the same AWS calls.")
]
After = Annotated[str | None, argument(description="The cursor to go on behind; of the same listing and team.")]
Last = Annotated[
    int | None,
    argument(
        description="How many backwards, from 1 to 100: the last before `before`, or of the listing, which costs more "
        "AWS calls unless sorted by name. Not with `first` or `after`."
    ),
]
Before = Annotated[
    str | None,
    argument(description="The cursor to go back from; of the same listing and team. Not with `first` or `after`."),
]
TeamName = Annotated[
    str | None, argument(description="The team whose jobs are meant. A caller who has one team may leave it out.")
]
TuningJobName = Annotated[
    str, argument(description="1 to 32 letters, digits and hyphens, neither starting nor ending with a hyphen.")
]
Order = Annotated[SortOrder | None, argument(description="Which end of the order comes first.")]

TrainingJobsSortedBy = Annotated[
    TrainingJobSortBy | None,
    argument(description="What they are sorted by. Sorting by the metric leaves out jobs that have none."),
]
TrainingJobsWithStatus = Annotated[
    TrainingJobStatus | None,
    argument(
        description="Only those of this status. SageMaker filters after it has cut its pages: this costs more calls."
    ),
]

TuningJobsSortedBy = Annotated[TuningJobSortBy | None, argument(description="What they are sorted by.")]
TuningJobsWithStatus = Annotated[
    TuningJobStatus | None,
    argument(
        description="Only those of this status. SageMaker filters after it has cut its pages: this costs more calls."
    ),
]
NameContains = Annotated[
    str | None,
    argument(description="Only those whose name contains this text anywhere: 1 to 63 letters, digits and hyphens."),
]
CreatedAfter = Annotated[datetime | None, argument(description="Only those created after this moment.")]
CreatedBefore = Annotated[datetime | None, argument(description="Only those created before this moment.")]
ModifiedAfter = Annotated[
    datetime | None,
    argument(
        description="Only those modified after this moment. SageMaker walks its whole history for it: prefer creation."
    ),
]
ModifiedBefore = Annotated[datetime | None, argument(description="Only those modified before this moment.")]
