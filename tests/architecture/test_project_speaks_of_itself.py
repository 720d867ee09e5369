"""Does the project speak of itself alone: no place it was written at, no host it was installed from?"""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOREIGN = (
    re.compile(r"(?<![\w.])/(?:work|root|home/\w+)/"),
    re.compile(r"(?:files\.python" + r"hosted|py" + r"pi\.org|registry\.npm" + r"js|deb\.deb" + r"ian\.org)"),
)


def test_no_tracked_file_names_a_foreign_place() -> None:
    """Whoever clones the repository finds nothing of somebody else's machine in it."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    found = []
    for name in listed.decode().split("\0"):
        path = ROOT / name
        if not name or not path.is_file() or path.suffix in {".png", ".envelope"}:
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        found += [f"{name}: {match[0]}" for pattern in FOREIGN for match in pattern.finditer(text)]

    assert found == []
