"""Addresses of organisations, people, rights and the event log."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
