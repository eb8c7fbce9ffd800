"""Hardships for a child process, to be called in it before the program starts."""

from __future__ import annotations

import ctypes
import os
import resource
import sys
from collections.abc import Callable

import pytest

Hardship = Callable[[], None]


def rights_only() -> Hardship:
    """The modes of files hold, for root as well: its right to pass them by is taken away."""
    if os.geteuid() != 0:
        return lambda: None
    if not sys.platform.startswith("linux"):
        pytest.skip("root may write everywhere")
    libc = ctypes.CDLL(None, use_errno=True)

    def drop() -> None:
        for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
            libc.prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP: gone with the next exec

    return drop


def files_of(size: int) -> Hardship:
    """No file may grow beyond ``size`` bytes."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def open_files(number: int) -> Hardship:
    """At most ``number`` open files."""
    return lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (number, number))


def memory(size: int) -> Hardship:
    """At most ``size`` bytes of address space."""
    return lambda: resource.setrlimit(resource.RLIMIT_AS, (size, size))
