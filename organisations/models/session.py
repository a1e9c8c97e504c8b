"""Sessions that know their person, so that they can be ended when the person leaves."""

from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models


class Session(AbstractBaseSession):
    """A browser session; `user` is null until somebody signs in."""

    user = models.ForeignKey("organisations.User", related_name="sessions", null=True, on_delete=models.CASCADE)

    @classmethod
    def get_session_store_class(cls) -> type[SessionBase]:
        from organisations.sessions import SessionStore  # noqa: PLC0415 – the store imports this model

        return SessionStore
