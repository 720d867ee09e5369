"""Is a laptop as the policy wants it, if grace is granted?

| in this order | compliance |
| --- | --- |
| a look that decided a check is older than the policy allows | `outdated` |
| a check fails and its grace is over | `non_compliant` |
| an essential check is unknown, or the verdict is | `not_evaluated` |
| a check fails, every one of them within its grace | `in_grace` |
| otherwise | `compliant` |

What is known to be wrong for long is told whatever else is unknown; what is not known is never called in
order. Grace ends `grace_days` after the first day of the failure, and not before the set-up grace of a new
laptop does. A failure that is waived is a pass. Nothing here touches a verdict.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from fernbereit.facts.readiness import Verdict
from fernbereit.readiness import Result
from fernbereit_server.judging.judged import Compliance
from fernbereit_server.judging.rulebook import Rulebook


def comply(
    book: Rulebook,
    results: Sequence[Result],
    *,
    verdict: Verdict,
    outdated: bool,
    failed_on: Sequence[date],
    first_seen_on: date,
    today: date,
) -> Compliance:
    """Return the compliance; `failed_on` is the first day of each failure, in the order of `results`."""
    if outdated:
        return Compliance.OUTDATED
    new = today < first_seen_on + timedelta(days=book.setup_grace_days)
    failing, unknown = False, verdict is Verdict.UNKNOWN
    for place, result in enumerate(results):
        if result is Result.FAIL:
            failing = True
            if not new and max(0, (today - failed_on[place]).days) >= book.grace_days[place]:
                return Compliance.NON_COMPLIANT
        elif result is Result.UNKNOWN and book.essential[place]:
            unknown = True
    if unknown:
        return Compliance.NOT_EVALUATED
    return Compliance.IN_GRACE if failing else Compliance.COMPLIANT
