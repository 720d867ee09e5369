"""What if the owner of this laptop says "das stimmt nicht"? `fernbereit-agent contest CHECK`.

Only what does not pass can be contested, and only checks whose result is told for one laptop: a contest that
comes and goes with a result would tell it.
"""

import sys
from collections.abc import Collection

from fernbereit.code import check_codes, read_check_code
from fernbereit.nearest import nearest
from fernbereit.policy import Check
from fernbereit.readiness import Result
from fernbereit.words import Words
from fernbereit_agent import contest
from fernbereit_agent.clock import SystemClock
from fernbereit_agent.errors import ContestError
from fernbereit_agent.host import LocalHost
from fernbereit_agent.outbox_file import FILE as OUTBOX
from fernbereit_agent.probes import PROBES
from fernbereit_agent.readiness import SETTLED, OwnReadiness, results_of
from fernbereit_agent.report import Look
from fernbereit_agent.runner import Runner
from fernbereit_agent.settings import Settings

NEVER_JUDGED = "agent"
"""The one section that says nothing about the machine."""


class Contesting:
    """One call of the command."""

    def __init__(self, settings: Settings, words: Words) -> None:
        self._settings, self._words = settings, words
        self._own = OwnReadiness(settings)
        self._policy = self._own.policies.held.policy
        self._codes = check_codes(check.id for check in self._policy.policy.checks)

    def contest(self, said: str) -> str:
        """Note that the result of a check is wrong; returns what to tell. Raises `ContestError`."""
        name = self._by_code(said)
        check = self._named(name)
        already = self._contested()
        place = self._policy.judged.index(check)
        results = self._look(self._policy.rows[place].sections)
        if results[name] in SETTLED:
            raise ContestError(self._told("contest.settled", check))
        if name not in already and len(already) >= contest.MOST:
            raise ContestError(self._words("contest.full", most=contest.MOST))
        done = self._keep(name, withdraw=False)
        return self._told("contest.done" if done else "contest.asked", check)

    def withdraw(self, said: str) -> str:
        """Forget that a result was called wrong; returns what to tell. Raises `ContestError`."""
        name = self._by_code(said)
        contested = self._contested()
        if name not in contested:
            raise ContestError(
                self._words("contest.not_contested", check=name) + self._meant(name, contested)
            )
        done = self._keep(name, withdraw=True)
        key = "contest.withdrawn" if done else "contest.asked_withdraw"
        return self._words(key, code=self._codes.get(name, said), check=name)

    def failing(self) -> str:
        """Look at this laptop and return the checks that fail now, one a line."""
        sys.stderr.write(f"{self._words('contest.looking')}\n")
        results = self._look({probe.section for probe in PROBES} - {NEVER_JUDGED})
        contested = contest.contested(self._settings.data)
        lines = [
            f"  {self._codes[check.id]} {check.id}: {self._title(check)}"
            + (f" ({self._words('contest.marked')})" if check.id in contested else "")
            for check in self._policy.judged
            if results[check.id] is Result.FAIL
        ]
        if not lines:
            return self._words("contest.none_fails")
        return "\n".join([self._words("contest.failing"), *lines])

    def _by_code(self, said: str) -> str:
        """Return the name of the check that a code of the self-check stands for, else what was said."""
        code = read_check_code(said)
        return next((name for name, its in self._codes.items() if its == code), said)

    def _keep(self, name: str, *, withdraw: bool) -> bool:
        """Note or forget it, or ask the service to; tell which. Raises `ContestError`."""
        try:
            return contest.say(self._settings.data, name, withdraw=withdraw)
        except OSError as error:
            raise self._unusable(error) from None

    def _named(self, name: str) -> Check:
        for check in self._policy.judged:
            if check.id == name:
                return check
        if any(check.id == name for check in self._policy.counted):
            raise ContestError(self._words("contest.counted", code=self._codes[name], check=name))
        meant = self._meant(name, [check.id for check in self._policy.judged])
        unknown = self._words("contest.unknown", check=name) + meant
        raise ContestError(f"{unknown}\n{self.failing()}", wrong_call=True)

    def _look(self, sections: Collection[str]) -> dict[str, Result]:
        clock, host = SystemClock(), LocalHost()
        runner = Runner(host=host, settings=self._own.probing, monotonic=clock.monotonic)
        looks = {
            probe.section: Look(runner.observe(probe), clock.monotonic())
            for probe in PROBES
            if probe.section in sections
        }
        judgement = self._own.judge(looks, now=clock.monotonic(), today=host.today())
        return results_of(self._policy, judgement.evaluation)

    def _contested(self) -> tuple[str, ...]:
        """Return what is contested; raises `ContestError` where no agent would ever read it."""
        try:
            if (self._settings.data / OUTBOX).exists():
                return contest.contested(self._settings.data)
        except OSError as error:
            raise self._unusable(error) from None
        raise ContestError(self._words("contest.no_agent", folder=self._settings.data))

    def _told(self, key: str, check: Check) -> str:
        """Tell of a check by its title, the number that the self-check shows, and its name."""
        return self._words(key, title=self._title(check), code=self._codes[check.id], check=check.id)

    def _title(self, check: Check) -> str:
        return check.title.de if self._words.lang == "de" else check.title.en

    def _meant(self, name: str, known: Collection[str]) -> str:
        word = nearest(name, known)
        return f" {self._words('contest.suggestion', check=word)}" if word else ""

    def _unusable(self, error: OSError) -> ContestError:
        return ContestError(
            self._words("contest.unusable", folder=self._settings.data, reason=error.strerror or str(error))
        )
