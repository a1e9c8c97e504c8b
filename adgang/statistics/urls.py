"""Address of the figures."""

from adgang.lib.urls import route
from adgang.statistics import views

urlpatterns = [route("o/<cvr:cvr>/statistik/", views.statistics, name="statistics")]
