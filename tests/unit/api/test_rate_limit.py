"""How often one address may try."""

import pytest

from api.problems import TooManyRequests
from api.rate_limit import MOST_ADDRESSES, RateLimiter


def test_attempts_within_a_minute_are_counted_by_purpose_and_address():
    limiter = RateLimiter()
    for second in range(3):
        limiter.check("sign-in", "a", most=3, now=second)
    limiter.check("sign-in", "b", most=3, now=3)
    limiter.check("public", "a", most=3, now=3)
    with pytest.raises(TooManyRequests) as refused:
        limiter.check("sign-in", "a", most=3, now=10)
    assert refused.value.details["seconds"] == 50


def test_after_a_minute_the_oldest_attempt_is_forgotten():
    limiter = RateLimiter()
    for second in (0, 30):
        limiter.check("sign-in", "a", most=2, now=second)
    limiter.check("sign-in", "a", most=2, now=60)
    with pytest.raises(TooManyRequests):
        limiter.check("sign-in", "a", most=2, now=61)


def test_the_memory_is_bounded():
    limiter = RateLimiter()
    for number in range(MOST_ADDRESSES + 50):
        limiter.check("sign-in", str(number), most=1, now=0)
    assert len(limiter._attempts) == MOST_ADDRESSES
