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
AT_MOST_US = 30


def micros(call: Callable[[], object], calls: int) -> float:
    """Return the processor time of one call, in microseconds, over so many of them."""
    before = time.process_time()
    for _ in range(calls):
        call()
    return (time.process_time() - before) / calls * 1e6


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


def report(calls: int = CALLS, runs: int = RUNS) -> str:
    """Measure both in turn and return the part of docs/performance.md about judging."""
    compiled, looks = shipped(), looks_in(LAPTOP.read_text(encoding="utf-8"))
    loop = bare()
    turns = [
        (micros(loop, calls), micros(lambda: evaluate(compiled, looks, TODAY), calls)) for _ in range(runs)
    ]
    floor, ours = (statistics.median(each) for each in zip(*turns, strict=True))
    return (
        "### Judging one laptop\n\n"
        f"Shipped policy of {len(compiled.policy.checks)} checks, facts of a recorded laptop, Python "
        f"{platform.python_version()}; median of {runs} runs of\n{calls} evaluations, in turns, processor "
        "time.\n\n"
        "| what | microseconds | times the bare loop | to be at most |\n| --- | ---: | ---: | ---: |\n"
        f"| a bare loop of as many comparisons | {floor:.1f} | 1.0 | |\n"
        f"| `fernbereit.readiness.evaluate` | {ours:.1f} | {ours / floor:.1f} | {AT_MOST_US} |\n"
    )


if __name__ == "__main__":
    sys.stdout.write(report())
