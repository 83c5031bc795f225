"""One worker: takes items from its standard input, works on each, writes what came of it; and the frames that both sides speak.

Knows nothing of cleaning. Runs as a process of its own, started by `cleaner.workers`.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import pickle
import signal
import struct
import sys
from collections.abc import Callable
from typing import IO, Any

HEAD = struct.Struct("<BQ")
"""Before each frame: what it is, and the length of its content in bytes."""

READY, BROKEN, DONE, FAILED = range(4)
PR_SET_PDEATHSIG = 1


def frame(kind: int, content: bytes) -> bytes:
    return HEAD.pack(kind, len(content)) + content


def one_line(error: BaseException) -> str:
    """An exception as one line: its type and what it says.

    >>> one_line(ValueError("no number\\nin line 3"))
    'ValueError: no number in line 3'
    """
    said = " ".join(str(error).split())[:500]
    return f"{type(error).__name__}: {said}" if said else type(error).__name__


def serve(parent: int) -> None:
    """Do what comes on standard input until it ends.

    The first frame holds (make, setup); `make(setup)` gives the function that each further item is handed to.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt is the parent's to heed
    _die_with(parent)
    inbox, outbox = _take_streams()
    with contextlib.suppress(BrokenPipeError):  # the parent has gone
        try:
            make, setup = pickle.loads(_read(inbox) or b"")
            work = make(setup)
        except Exception as error:  # noqa: BLE001 - whatever keeps a worker from starting is told to the parent
            _write(outbox, frame(BROKEN, one_line(error).encode("utf-8", "replace")))
            return
        gc.collect()
        gc.freeze()  # what was loaded stays: the collector need not walk it again and again
        _write(outbox, frame(READY, b""))
        while (content := _read(inbox)) is not None:
            _write(outbox, _answer(work, content))


def _answer(work: Callable[[Any], Any], content: bytes) -> bytes:
    try:
        return frame(DONE, pickle.dumps(work(pickle.loads(content)), pickle.HIGHEST_PROTOCOL))
    except MemoryError:
        return frame(FAILED, b"needs more memory than there is")
    except Exception as error:  # noqa: BLE001 - the boundary: whatever an item raises becomes its reason
        return frame(FAILED, one_line(error).encode("utf-8", "replace"))


def _die_with(parent: int) -> None:
    """Ask the system to end this process with its parent, however that ends; elsewhere a closed pipe ends it after its item."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it went before the system was asked
        os._exit(0)


def _take_streams() -> tuple[IO[bytes], int]:
    """The pipes to the parent, moved to where a stray `print` or `input()` of a user's rule does not reach them."""
    inbox, outbox = os.fdopen(os.dup(0), "rb"), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    return inbox, outbox


def _read(inbox: IO[bytes]) -> bytes | None:
    head = inbox.read(HEAD.size)
    if len(head) < HEAD.size:
        return None
    _, length = HEAD.unpack(head)
    content = inbox.read(length)
    return content if len(content) == length else None


def _write(outbox: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(outbox, view) :]
