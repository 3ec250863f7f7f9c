"""What comes of asking for a stop."""

from enum import Enum


class StopOutcome(Enum):
    """What came of asking for a job to be stopped."""

    STOPPING = "stopping"
    """SageMaker has taken the request: the job is being stopped. A training job has up to 120 seconds to end by itself,
    a tuning job ends after the last of its training jobs."""
    ALREADY_STOPPING = "already stopping"
    """It was being stopped before; nothing more was asked of SageMaker."""
    ALREADY_FINISHED = "already finished"
    """It had ended before it could be stopped; nothing was changed."""
