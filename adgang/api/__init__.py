"""The API as a whole: the rooms' operations put together, who calls, and errors in one form."""
