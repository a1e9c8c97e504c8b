"""The room's part of the API, by noun."""

from memo.api import letter_types

routers = [letter_types.router]
