"""Fixtures of the platform's tests."""

from collections.abc import Callable, Iterator

import pytest

from tests.servers.redis import redis_server


@pytest.fixture
def redis(require_service: Callable[..., str]) -> Iterator[str]:
    """A Redis server of the test's own, as a URL."""
    with redis_server(require_service("Redis", "redis-server")) as url:
        yield url
