"""What tests want broken in an answer that was right: words, members and numbers SageMaker's model does not have.

It works on the finished answer, after `dump` has held it to the model, so that nothing else can be wrong with it.
"""

from typing import Any

from gateway.standin.switches import Switches


def wanted(switches: Switches) -> bool:
    """Whether any answer has to be broken at all."""
    return bool(switches.unknown_status or switches.non_finite_metric or switches.unknown_member)


def disturb(answer: Any, switches: Switches) -> None:  # noqa: ANN401 - JSON is what it is
    """Breaks the answer in place, in all its depth."""
    if isinstance(answer, list):
        for item in answer:
            disturb(item, switches)
    elif isinstance(answer, dict):
        for inner in answer.values():
            disturb(inner, switches)
        _say_unknown_status(answer, switches)
        _send_non_finite(answer, switches)
    if isinstance(answer, dict) and switches.unknown_member and _is_record(answer):
        answer[switches.unknown_member] = "something AWS added later"


def _is_record(value: dict[str, Any]) -> bool:
    """Whether it is an answer or a row of one."""
    marks = ("TrainingJobName", "HyperParameterTuningJobStatus", "NextToken")
    return any(mark in value for mark in marks) or any(isinstance(inner, list) for inner in value.values())


def _say_unknown_status(record: dict[str, Any], switches: Switches) -> None:
    for kind in ("TrainingJob", "HyperParameterTuningJob"):
        word = switches.unknown_status.get(record.get(f"{kind}Name", ""))
        if word is not None and f"{kind}Status" in record:
            record[f"{kind}Status"] = word


def _send_non_finite(record: dict[str, Any], switches: Switches) -> None:
    spelled = switches.non_finite_metric.get(record.get("TrainingJobName", ""))
    if spelled is None:
        return
    value = spelled.strip('"') if spelled.startswith('"') else float(spelled)
    objective = record.get("FinalHyperParameterTuningJobObjectiveMetric")
    for metric in (objective, *record.get("FinalMetricDataList", ())[:1]):
        if metric is not None:
            metric["Value"] = value
