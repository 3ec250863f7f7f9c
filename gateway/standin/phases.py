"""The secondary statuses a training job passes through, derived from what it looks like at a moment. Pure."""

from dataclasses import dataclass

from gateway.standin.lifecycle import DOWNLOADED, TRAINED, Trial


@dataclass(frozen=True, slots=True)
class Phase:
    """One secondary status, with when it began and, unless it is the present one, ended. Epoch seconds."""

    status: str
    start: float
    end: float | None
    message: str


_LAST = {
    "Completed": "Training job completed",
    "Failed": "Training job failed",
    "Stopped": "Training job stopped",
}


def phases_of(trial: Trial, now: float) -> list[Phase]:
    """The phases up to `now`; never empty, the last is the present one."""
    begun = [step for step in _steps(trial) if step[1] <= now]
    starts = [start for _, start, _ in begun]
    ends: list[float | None] = [*starts[1:], trial.ended]
    return [Phase(status, start, end, message) for (status, start, message), end in zip(begun, ends, strict=True)]


def _steps(trial: Trial) -> list[tuple[str, float, str]]:
    """What begins when. A stop cuts off what had not begun; a job that fails while training uploads nothing."""
    run = trial.plan.ended - trial.plan.started
    started = trial.created + trial.plan.started - trial.plan.created
    steps = [
        ("Starting", trial.created, "Preparing the instances for training"),
        ("Downloading", started, "Downloading the training image"),
        ("Training", started + DOWNLOADED * run, "Training image download completed. Training in progress."),
    ]
    if trial.plan.fate == "Completed":
        steps.append(("Uploading", started + TRAINED * run, "Uploading generated training model"))
    cut = trial.stop_asked if trial.stop_asked is not None else trial.ended
    if cut is not None:
        steps = [step for step in steps if step[1] < cut or step[0] == "Starting"]
    if trial.stop_asked is not None:
        steps.append(("Stopping", max(trial.stop_asked, trial.created), "Stopping the training job"))
    if trial.ended is not None:
        steps.append((trial.status, trial.ended, _LAST[trial.status]))
    return steps
