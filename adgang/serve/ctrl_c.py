"""Ctrl-C in the children of `manage.py serve`.

A terminal tells the whole process group, supervisor and children alike. The supervisor then stops its children in
order; were they to stop of themselves as well, each would be told twice, the second time in the middle of its farewell.
"""

import os
import signal
from typing import Any

SUPERVISED = "ADGANG_SUPERVISED"


def leave_to_the_supervisor(**_: Any) -> None:
    """Ignore SIGINT, where there is a supervisor. Called once the server program has installed its own handlers."""
    if os.environ.get(SUPERVISED):
        signal.signal(signal.SIGINT, signal.SIG_IGN)
