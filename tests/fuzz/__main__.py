"""Which bytes make a parser fail? Feeds each with bytes that coverage chooses, and keeps what fails.

make fuzz                                    every target for ten seconds
python tests/fuzz --seconds 300 envelope     one for five minutes

Needs atheris (Linux or macOS), which make fuzz installs into build/fuzz. A finding lies afterwards in
tests/fuzz/corpus/TARGET, where the ordinary tests replay it for ever.
Exit codes: 0 nothing found, 1 something was.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from fuzz.targets import TARGETS, Target

CORPUS = Path(__file__).parent / "corpus"
LARGEST = 16_384
LONGEST_S = 10
"""An input that takes longer is a finding as well."""


def fuzz(target: Target, seconds: int, grown: Path) -> bool:
    """Feed one target in a process of its own; tell whether nothing was found."""
    words = grown / "words"
    words.write_text("".join(f'"{_escaped(word)}"\n' for word in target.words))
    corpus, new = CORPUS / target.name, grown / "corpus"
    new.mkdir()
    argv = [
        *(sys.executable, str(Path(__file__).parent / "one.py"), target.name, str(new), str(corpus)),
        *(f"-max_total_time={seconds}", f"-max_len={LARGEST}", f"-timeout={LONGEST_S}", f"-dict={words}"),
        *(f"-artifact_prefix={corpus}/found-", "-rss_limit_mb=2048", "-verbosity=0", "-print_final_stats=1"),
    ]
    done = subprocess.run(argv, env=os.environ, capture_output=True, check=False)
    told = done.stderr.decode(errors="replace")
    executed = [line.rpartition(" ")[2] for line in told.splitlines() if "number_of_executed_units" in line]
    found = "FOUND" if done.returncode else "nothing found"
    say(f"{target.name}: {executed[0] if executed else '?'} inputs, {found}")
    if done.returncode:
        say(told[-4000:])
    return not done.returncode


def _escaped(word: bytes) -> str:
    return "".join(rf"\x{byte:02x}" for byte in word)


def say(text: str) -> None:
    """Tell whoever watches."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def main() -> int:
    """Feed what is named, or all."""
    line = argparse.ArgumentParser(
        prog="python tests/fuzz", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    line.add_argument("target", nargs="*", metavar="TARGET", choices=[[], *(t.name for t in TARGETS)])
    line.add_argument("--seconds", type=int, default=10, help="for each (10)")
    asked = line.parse_args()
    well = True
    for target in TARGETS:
        if not asked.target or target.name in asked.target:
            with tempfile.TemporaryDirectory(prefix="fernbereit-fuzz-") as grown:
                well &= fuzz(target, asked.seconds, Path(grown))
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
