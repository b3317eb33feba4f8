"""Real backup tools against real S3, judged as a person would see them.

Each test starts from a repository with one good backup, seen green. Acts are a day apart and the row's window is 26 hours: a
day without a backup is a warning three hours later, and an alert in the evening.
"""

import pytest

pytest.register_assert_rewrite("tests.e2e.real_tools.watched")
