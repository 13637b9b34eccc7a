"""Anybody who holds a receipt can prove what was filed (N6)."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from applications.forms import ReceiptCheckForm
from applications.services.receipts import UnknownReceiptError, check_receipt
from members.access import client_address
from members.services.throttle import ThrottledError

UNKNOWN = "접수번호와 SHA-256이 맞는 접수증이 없습니다. 접수증을 보고 다시 입력해 주십시오."
TOO_MANY = "확인을 너무 많이 시도하셨습니다. 1시간 뒤에 다시 확인해 주십시오."


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Ask for number and hash; answer with what the receipt says, and no more."""
    form = ReceiptCheckForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            found = check_receipt(
                **form.cleaned_data, address=client_address(request), at=timezone.now()
            )
        except UnknownReceiptError:
            form.add_error(None, UNKNOWN)
        except ThrottledError:
            form.add_error(None, TOO_MANY)
        else:
            return render(request, "applications/receipt_check_result.html", {"found": found})
    return render(request, "applications/receipt_check.html", {"form": form})
