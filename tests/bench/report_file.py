"""How does one bench write its part of docs/performance.md and leave the parts of the others alone?"""

import re
from pathlib import Path

REPORT = Path(__file__).parents[2] / "docs" / "performance.md"


def put(part: str, text: str, file: Path = REPORT) -> None:
    """Replace the part between its two marks, or append it; everything else stays as it is."""
    begin, end = f"<!-- {part} -->\n", f"<!-- end of {part} -->\n"
    whole = file.read_text(encoding="utf-8") if file.exists() else ""
    new = begin + text.strip() + "\n" + end
    old = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
    if old.search(whole):
        changed = old.sub(lambda _: new, whole)
    else:
        changed = "\n".join(filter(None, (whole.rstrip() and whole.rstrip() + "\n", new)))
    file.write_text(changed, encoding="utf-8")
