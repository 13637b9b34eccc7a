"""Why the operator looks at personal data: asked once, recorded with each look."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from members.access import current_reason, staff_only, state_reason
from members.enums import StaffRole
from members.forms.staff import ReasonForm

ADMIN_HOME = "wagtailadmin_home"


@require_http_methods(["GET", "POST"])
@staff_only(StaffRole.OPERATOR)
def reason(request: HttpRequest) -> HttpResponse:
    """Take the reason and go back to what was asked for."""
    form = ReasonForm(request.POST or None, initial={"reason": current_reason(request)})
    target = request.POST.get("next") or request.GET.get("next", "")
    if request.method == "POST" and form.is_valid():
        state_reason(request, form.cleaned_data["reason"])
        is_ours = target.startswith("/") and url_has_allowed_host_and_scheme(
            target, allowed_hosts=None, require_https=request.is_secure()
        )
        return redirect(target if is_ours else ADMIN_HOME)
    return render(request, "members/admin/reason.html", {"form": form, "next": target})
