"""Which libraries do programs get that the frozen agent starts? The system's, as if it were not frozen.

On Linux the frozen program starts itself with its own folder in LD_LIBRARY_PATH. The loader has read that by
now; a browser that inherited it would load this program's libraries and might not start.
"""

import os

_own, _before = "LD_LIBRARY_PATH", "LD_LIBRARY_PATH_ORIG"
if _before in os.environ:
    os.environ[_own] = os.environ.pop(_before)
else:
    os.environ.pop(_own, None)
