"""Adgang: where public authorities connect their systems and contact structure to Digital Post."""

from adgang.celery import app as celery_app

__all__ = ["celery_app"]
__version__ = "0.1.0"
