"""Addresses of MeMo messages and letter types."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
