"""A laptop that is judged day after day, by policies made by hand or generated."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from fernbereit.policy import Policy, as_json
from fernbereit.readiness import Look, compile_policy
from fernbereit_server.judging.judge import Laptop, Ruling, judge
from fernbereit_server.judging.judgement import Judgement
from fernbereit_server.judging.rulebook import Rulebook, rulebook
from judged_laptops import TODAY
from policy_world import check, looks_with, policies, policy_of

DEVICE = "11111111-2222-4333-8444-555555555555"
LONG_AGO = TODAY - timedelta(days=400)
ENCRYPTED = "disk_encryption.state"
CAMERA = "conferencing.camera"
SUPPORT = "operating_system.support_ends_on"
UPDATED = "operating_system.last_update_on"

ENCRYPTION = check("encryption", ENCRYPTED, {"const": "encrypted"}, essential=True, grace_days=7)
CAMERA_CHECK = check("camera", CAMERA, {"const": True}, grace_days=30)
SUPPORT_CHECK = check("support", SUPPORT, {"min_days_left": 0}, grace_days=5)
UPDATE_CHECK = check("update", UPDATED, {"max_age": 45}, grace_days=10)


def book(
    *checks: dict[str, Any], version: int = 1, setup_grace_days: int = 14, ready_at: float = 0.5
) -> Rulebook:
    """Return a policy of some checks, ready to judge."""
    policy = policy_of(*checks, ready_at=ready_at)
    return rulebook(
        compile_policy(policy.model_copy(update={"version": version, "setup_grace_days": setup_grace_days}))
    )


class Life:
    """One laptop and its latest judgement; `on` judges it, days after `TODAY`."""

    def __init__(self, rules: Rulebook, *, first_seen_on: date = LONG_AGO) -> None:
        self.rules = rules
        self.earlier: dict[int, Rulebook] = {}
        self.first_seen_on = first_seen_on
        self.judgement: Judgement | None = None

    def adopt(self, rules: Rulebook, *, forget: bool = False) -> None:
        """Put another policy in force; `forget` loses the one before."""
        if not forget:
            self.earlier[self.rules.version] = self.rules
        self.rules = rules

    def on(
        self,
        day: int,
        facts: Mapping[str, Any] | Mapping[str, Look],
        waived: Collection[str] = (),
        *,
        seen_days_ago: int = 0,
        **more: Any,
    ) -> Ruling:
        """Judge it with facts by path, seen some days ago."""
        laptop = Laptop(device_id=DEVICE, first_seen_on=self.first_seen_on, waived=waived, **more)
        today = TODAY + timedelta(days=day)
        looks = looks_with(facts, seen_days_ago)
        ruling = judge(self.rules, laptop, looks, today, self.judgement, earlier=self.earlier)
        self.judgement = ruling.judgement
        return ruling


def said(ruling: Ruling) -> dict[str, tuple[str, str, str]]:
    """Return the transitions of a ruling: before, after and cause by subject."""
    return {one.subject: (one.before, one.after, one.cause.value) for one in ruling.transitions}


@st.composite
def graced(draw: st.DrawFn, /, **fields: Any) -> Policy:
    """Draw a policy whose checks grant some days of grace."""
    drawn = as_json(draw(policies()))
    checks = [{**one, "grace_days": draw(st.integers(0, 12))} for one in drawn["checks"]]
    setup = draw(st.integers(0, 12))
    return Policy.model_validate(
        {**drawn, "checks": checks, "setup_grace_days": setup, **fields}, strict=False
    )
