"""Waiting for something to become true, with a deadline; tests never sleep for a guessed time."""

import select
import time

PAUSE = 0.02


def wait_until(condition, timeout=30.0, what="the condition"):
    """Polls until condition() is truthy and returns that value; AssertionError after timeout seconds.

    An exception of the condition counts as "not yet" and is named at the end."""
    deadline = time.monotonic() + timeout
    last = None
    while True:
        try:
            value = condition()
            if value:
                return value
            last = value
        except Exception as error:  # noqa: BLE001 - whatever it is, it is shown at the end
            last = error
        if time.monotonic() >= deadline:
            raise AssertionError(f"not within {timeout} s: {what}; last: {last!r}")
        select.select([], [], [], PAUSE)
