"""The garbage collector is as it was once nobody asks it to look seldom."""

from __future__ import annotations

import gc

from projections.seldom import few_collections


def test_the_last_to_leave_puts_the_thresholds_back() -> None:
    """However several stay within at once, the thresholds are changed while one is, then put back.

    In life they are threads; here each leaves in another order than it came.
    """
    usual = gc.get_threshold()
    first, second = few_collections(), few_collections()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert gc.get_threshold() != usual
    second.__exit__(None, None, None)
    assert gc.get_threshold() == usual
