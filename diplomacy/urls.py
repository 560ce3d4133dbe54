"""The addresses of the whole site: the desk, and the record under the root."""

from django.contrib import admin
from django.urls import include, path

handler400 = "meetings.views.errors.bad_request"
handler403 = "meetings.views.errors.permission_denied"
handler404 = "meetings.views.errors.page_not_found"
handler500 = "meetings.admin.kept_pages.server_error"

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("meetings.urls")),
]
