"""What does judging one laptop cost, beside a bare loop of as many comparisons in the same run?

python tests/bench/evaluate.py        or as a part of make bench
"""

import operator
import platform
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from fernbereit.readiness import evaluate
from judged_laptops import TODAY, looks_in, shipped

LAPTOP = Path(__file__).parents[1] / "laptops" / "linux-thinkpad-two-batteries-luks" / "expected.json"
CALLS, RUNS = 2_000, 15


def micros(call: Callable[[], object]) -> float:
    """Return the median over some runs of the processor time of one call, in microseconds."""
    runs = []
    for _ in range(RUNS):
        before = time.process_time()
        for _ in range(CALLS):
            call()
        runs.append((time.process_time() - before) / CALLS * 1e6)
    return statistics.median(runs)


def bare() -> Callable[[], object]:
    """Return the floor: as many look-ups and comparisons as the policy has checks, each noted in a list."""
    facts = {f"fact_{number}": number for number in range(len(shipped().policy.checks))}
    checks = [(name, operator.ge, 1, number) for name, number in facts.items()]

    def judge() -> object:
        results = []
        passed = whole = 0
        for name, compare, limit, weight in checks:
            value = facts.get(name)
            answer = None if value is None else compare(value, limit)
            results.append(answer)
            whole += weight
            if answer:
                passed += weight
        return results, passed, whole

    return judge


def report() -> str:
    """Measure both in turn and return the part of docs/performance.md about judging."""
    compiled, looks = shipped(), looks_in(LAPTOP.read_text(encoding="utf-8"))
    floor, ours = micros(bare()), micros(lambda: evaluate(compiled, looks, TODAY))
    return (
        "### Judging one laptop\n\n"
        f"Shipped policy of {len(compiled.policy.checks)} checks, facts of a recorded laptop, Python "
        f"{platform.python_version()}; median of {RUNS} runs of {CALLS} evaluations, processor time.\n\n"
        "| what | microseconds | times the bare loop |\n| --- | ---: | ---: |\n"
        f"| a bare loop of as many comparisons | {floor:.1f} | 1.0 |\n"
        f"| `fernbereit.readiness.evaluate` | {ours:.1f} | {ours / floor:.1f} |\n"
    )


if __name__ == "__main__":
    sys.stdout.write(report())
