"""Commands of ours that Ctrl-C ends."""

from infra.stopped import unless_stopped


def test_a_command_that_is_stopped_says_so_by_its_status() -> None:
    def stopped() -> int:
        raise KeyboardInterrupt

    assert unless_stopped(stopped) == 130
    assert unless_stopped(lambda: 1) == 1
