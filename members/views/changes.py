"""기업 변경 신청: a new number, a merger, a pause or an end of business (S64)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from members.access import company_person_required
from members.enums import ChangeKind
from members.forms.changes import ChangeForm
from members.models import User
from members.services import company_changes as services
from members.services.consents import NotMasterError
from members.views.my_page import person_and_company


@company_person_required
@require_http_methods(["GET", "POST"])
def changes(request: HttpRequest) -> HttpResponse:
    """The company's reports with their decisions, and a new one by the master."""
    person, company = person_and_company(request)
    form, status = ChangeForm(request.POST or None), 200
    if form.is_valid():
        refusal = try_to_request(person, form)
        if refusal is None:
            messages.success(request, "변경 신청을 받았습니다. 처리 결과는 메일로 알려 드립니다.")
            return redirect("members:changes")
        form.add_error(None, refusal)
        status = 409
    context = {
        "form": form,
        "person": person,
        "company": company,
        "changes": company.changes.all(),
    }
    return render(request, "members/changes.html", context, status=status)


def try_to_request(person: User, form: ChangeForm) -> str | None:
    """Write the report, or return why not."""
    if person.company is None:
        return "기업의 담당자만 신청할 수 있습니다."
    values = form.cleaned_data
    try:
        services.request_change(
            company=person.company,
            kind=ChangeKind(values["kind"]),
            new_number=values["new_number"],
            note=values["note"],
            by=person,
            at=timezone.now(),
        )
    except NotMasterError:
        return "대표 담당자만 신청할 수 있습니다."
    except services.ChangeOpenError:
        return "처리를 기다리는 변경 신청이 있습니다. 그 신청이 처리된 뒤에 다시 신청해 주십시오."
    except services.NumberOfAnotherError:
        return "다른 기업이 쓰는 사업자등록번호입니다. 합병이면 ‘합병·분할’을 골라 주십시오."
    return None
