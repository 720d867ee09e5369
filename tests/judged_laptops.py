"""What does the shipped policy say of a recorded laptop? Read from its expectations, on a fixed day."""

import json
from dataclasses import asdict
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import fernbereit
from fernbereit.blocking import blocking
from fernbereit.readiness import CompiledPolicy, Look, compile_policy, evaluate
from fernbereit.record import Outcome, Reason
from fernbereit_server.policies.file import read_policy_file

TODAY = date(2026, 11, 21)
SOURCE = Path(fernbereit.__file__).with_name("default_policy.yaml")


@cache
def shipped() -> CompiledPolicy:
    """Return the shipped policy, compiled once, from its source: the JSON may not be written yet."""
    return compile_policy(read_policy_file(SOURCE).policy)


def looks_in(expectations: str) -> dict[str, Look]:
    """Return what the probes made of a recorded laptop, from the text of its `expected.json`."""
    return {section: look_of(said) for section, said in json.loads(expectations).items()}


def look_of(said: dict[str, Any], age_days: int = 0) -> Look:
    """Return one observation as the evaluator takes it."""
    reason = Reason(said["reason"]) if said.get("reason") else None
    return Look(outcome=Outcome(said["outcome"]), reason=reason, facts=said.get("facts"), age_days=age_days)


def golden(expectations: str) -> str:
    """Return the text of `evaluation.json`: the standing, every result and what blocks."""
    compiled, looks = shipped(), looks_in(expectations)
    evaluation = evaluate(compiled, looks, TODAY)
    said = {
        "today": TODAY.isoformat(),
        **asdict(evaluation.standing),
        "outdated": evaluation.outdated,
        "results": {
            check.id: result for check, result in zip(compiled.judged, evaluation.results, strict=True)
        },
        "counted": {
            check.id: result for check, result in zip(compiled.counted, evaluation.counted, strict=True)
        },
        "blocking": [asdict(one) for one in blocking(compiled, evaluation, looks)],
    }
    return json.dumps(said, indent=1, ensure_ascii=False) + "\n"
