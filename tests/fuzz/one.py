"""How is one target fed? With every byte counted that the project's own code branches on.

python tests/fuzz/one.py TARGET [FOLDER ...] [-option of libFuzzer ...]
"""

import sys
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).parents[1]))


def main() -> None:
    """Feed the target that is named until libFuzzer has enough."""
    name, *rest = sys.argv[1:]
    with atheris.instrument_imports(include=["fernbereit", "fernbereit_agent", "fernbereit_server"]):
        from fuzz.targets import TARGETS
    target = next(target for target in TARGETS if target.name == name)
    atheris.Setup([sys.argv[0], *rest], target.feed)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
