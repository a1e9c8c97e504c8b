"""Addresses of messages and receipts."""

from adgang.lib.urls import route
from memo import views

urlpatterns = [
    route("tjek/memo/", views.check_memo, name="check_memo"),
    route("o/<cvr:cvr>/memo/", views.memo_check, name="memo_check"),
    route("o/<cvr:cvr>/memo/byg/", views.memo_compose, name="memo_compose"),
    route("o/<cvr:cvr>/memo/kvittering/", views.receipt_check, name="receipt_check"),
]
