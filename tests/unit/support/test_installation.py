"""What fault tests do to an installation's processes, without an installation."""

import os
import signal
import unittest
from unittest import mock

from support.installation import Installation


class Site(Installation):
    """The pid is whatever the supervisor is made to say."""

    def __init__(self, pid):
        self.state = lambda name: (pid > 0, False, pid)


class Kill(unittest.TestCase):
    def kill(self, pid):
        with mock.patch.object(os, "kill") as sent:
            try:
                Site(pid).kill("intake")
            finally:
                self.sent = [call.args for call in sent.call_args_list]

    def test_a_process_gets_the_signal(self):
        self.kill(4711)
        self.assertEqual(self.sent, [(4711, signal.SIGKILL)])

    def test_a_process_that_is_down_is_not_everybody(self):
        for pid in (-1, 0):
            with self.assertRaisesRegex(ProcessLookupError, "intake is down"):
                self.kill(pid)
            self.assertEqual(self.sent, [])


if __name__ == "__main__":
    unittest.main()
