"""The session engine: Django's database sessions, with the person in a column."""

from typing import Any, cast

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db

from organisations.models.session import Session


class SessionStore(db.SessionStore):
    """Keeps the person's id beside the session's data."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        instance = cast(Session, super().create_model_instance(data))
        instance.user_id = data.get(SESSION_KEY)
        return instance
