"""Makes a process fit to keep time: priority, fine timers, no garbage collection."""

import ctypes
import gc
import os
import sys
from contextlib import suppress

PRIORITY = 50
"""Of SCHED_FIFO, 1 to 99: above all ordinary work, below JACK's and sound drivers' own threads (60 to 90)."""
SWITCH_SECONDS = 0.0002
"""How long a thread may keep the interpreter while another waits; Python's 5 ms is a whole JACK cycle."""

_PR_SET_TIMERSLACK = 29
"""Source: prctl(2)."""
_QOS_CLASS_USER_INTERACTIVE = 0x21
"""Source: macOS, sys/qos.h."""
_HIGH_PRIORITY_CLASS = 0x80
"""Source: Windows, processthreadsapi.h."""


def prepare_process() -> str:
    """Call once, when all is imported and before time matters. Answers why priority was refused; empty when granted."""
    sys.setswitchinterval(SWITCH_SECONDS)
    # With collection on, a sender that allocates is up to 127 ms late, with it off 0.5 ms. Nothing here makes cycles.
    gc.collect()
    gc.freeze()
    gc.disable()
    return _take_priority()


def _take_priority() -> str:
    if sys.platform == "linux":
        return _linux()
    if sys.platform == "darwin":
        return _macos()
    if sys.platform == "win32":
        return _windows()
    return f"real-time priority is not known on {sys.platform}: notes may be some milliseconds late."


def _linux() -> str:
    # Sleeps end 50 µs sooner without the slack that saves power elsewhere.
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_TIMERSLACK, 1, 0, 0, 0)
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO | os.SCHED_RESET_ON_FORK, os.sched_param(PRIORITY))
    except OSError:
        return (
            "the system gives no real-time priority, so notes may be late under load. Allow it: put "
            "`@audio - rtprio 95` into /etc/security/limits.d/audio.conf, join the group audio, log in again."
        )
    return ""


def _macos() -> str:
    # Not real time, which only a driver's thread gets, but what the system offers an ordinary one.
    with suppress(OSError, AttributeError):
        if ctypes.CDLL(None).pthread_set_qos_class_self_np(_QOS_CLASS_USER_INTERACTIVE, 0) == 0:
            return ""
    return "macOS gives no interactive priority, so notes may be late under load."


def _windows() -> str:
    # Sleeps end at the timer's next beat: 15.6 ms apart unless one asks for 1 ms.
    with suppress(OSError, AttributeError):
        ctypes.WinDLL("winmm").timeBeginPeriod(1)  # type: ignore[attr-defined]
        kernel = ctypes.WinDLL("kernel32")  # type: ignore[attr-defined]
        if kernel.SetPriorityClass(kernel.GetCurrentProcess(), _HIGH_PRIORITY_CLASS):
            return ""
    return "Windows gives no high priority, so notes may be late under load."
