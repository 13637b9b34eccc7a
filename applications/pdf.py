"""The receipt of an application as a PDF (N6), from the copy that was handed in."""

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from applications.models import Application
from members.pdf import render_pdf

STYLESHEET = "receipt.css"
VARIANT = "pdf/ua-1"


def render_receipt(application: Application) -> bytes:
    """Return the PDF of a handed-in application's receipt: A4, tagged, as many pages as it needs.

    Raises members.pdf.PaperUnavailableError.
    """
    context = {
        "application": application,
        "snapshot": application.snapshot,
        "check_address": settings.SITE_URL + reverse("applications:receipt_check"),
    }
    html = render_to_string("pdf/receipt.html", context)
    return render_pdf(html, stylesheet=STYLESHEET, pictures={}, variant=VARIANT) or b""
