"""Which files a running process is writing: a lock that ends with the process, however that ends."""

from __future__ import annotations

import os
import time
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows refuses to remove or replace a file that is open, which serves as well
    fcntl = None  # type: ignore[assignment]

_PATIENCE = 2.0
"""How long to wait for a lock, in seconds: processes of a run that was killed may take a moment to end."""


def lock(handle: int) -> bool:
    """Take the lock of an open file, or tell that another process has it. File systems that know no locks give it to all."""
    if fcntl is None:
        return True
    try:
        # A lock of the process, not of the open file: workers that are forked while it is held do not keep it alive.
        fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except PermissionError:
        return False
    except OSError:
        return True
    return True


def lock_patiently(handle: int) -> bool:
    """Take the lock of an open file; wait two seconds for another process to let go of it."""
    end = time.monotonic() + _PATIENCE
    while not lock(handle):
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def is_locked(path: Path) -> bool:
    """Whether another process is writing a file."""
    try:
        handle = os.open(path, os.O_RDWR)
    except OSError:
        return True  # not ours to touch
    try:
        return not lock(handle)
    finally:
        os.close(handle)
