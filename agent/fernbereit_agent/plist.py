"""What does plistlib raise for broken property lists? More than it says: some slips through as it is."""

import struct
from xml.parsers.expat import ExpatError

NO_PLIST = (
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    OverflowError,
    RecursionError,
    struct.error,
    ExpatError,
)
