"""Reading pages in tests."""

from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.utils.html import strip_tags


def faults(response: HttpResponse) -> list[str]:
    """Return the texts of a page's error summary, in order."""
    return [text for _target, text in response.context["form"].faults()]


def toasts(response: HttpResponse) -> list[str]:
    """Return the texts that the next page will show, without their links."""
    return [strip_tags(str(message)) for message in get_messages(response.wsgi_request)]


def text(response: HttpResponse) -> str:
    """Return what a person reads on the page, on one line."""
    main = response.content.decode().partition("<main")[2].partition("</main>")[0]
    # Words of two elements must not run together.
    return " ".join(strip_tags(f"<main{main}".replace("<", " <")).split())
