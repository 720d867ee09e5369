"""By which word is a fault of the network written down, and which exception does a word stand for?"""

import errno
import ssl

from fernbereit_agent.laptop import NetworkFault


def fault(word: NetworkFault) -> OSError:
    """Return the exception a recorded fault stands for."""
    return {
        "refused": ConnectionRefusedError(errno.ECONNREFUSED, "recorded"),
        "timeout": TimeoutError(errno.ETIMEDOUT, "recorded"),
        "unreachable": OSError(errno.ENETUNREACH, "recorded"),
        "tls": ssl.SSLError(1, "recorded"),
        "certificate": ssl.SSLCertVerificationError(1, "recorded"),
    }[word]


def word_for(error: OSError) -> NetworkFault:
    """Return the recorded word for an exception; the counterpart of `fault`."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return "certificate"
    if isinstance(error, ssl.SSLError):
        return "tls"
    if isinstance(error, ConnectionRefusedError):
        return "refused"
    return "timeout" if isinstance(error, TimeoutError) else "unreachable"
