"""선정 in the admin: overview, set up, score, propose, decide; own notices only."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from applications import standings
from applications.enums import SelectionMethod
from applications.models import Application, Selection
from applications.selection_forms import ScoreForm, SelectionForm
from applications.services import selection as services
from applications.services.moves import MoveRefusedError
from applications.views.staff import AGENCY_STAFF, staff_of
from applications.worklist import colleagues_of
from cms.enums import IntakeKind
from cms.models import NoticePage
from members.access import note_access, staff_only
from members.enums import AccessAction, StaffRole
from members.models import Agency

OVERVIEW = "applications_admin:selection"
CLOSED = "이미 결정된 선정입니다. 결정한 뒤에는 바꿀 수 없습니다."


def agency_of(request: HttpRequest) -> Agency:
    """Return the agency of who is asking."""
    agency = staff_of(request).agency
    if agency is None:
        raise PermissionDenied
    return agency


def own_notice(request: HttpRequest, code: str) -> NoticePage:
    """Return a notice with own intake of this person's agency."""
    rows = NoticePage.objects.of_agency(agency_of(request)).filter(intake_kind=IntakeKind.OWN)
    notice: NoticePage = get_object_or_404(rows.select_related("agency"), code=code)
    return notice


def own_selection(request: HttpRequest, code: str) -> Selection:
    rows = Selection.objects.select_related("notice__agency", "decided_by")
    return get_object_or_404(rows, notice=own_notice(request, code))


@require_GET
@staff_only(*AGENCY_STAFF)
def selection_list(request: HttpRequest) -> HttpResponse:
    """List the agency's notices with own intake and how far their selection is."""
    rows = NoticePage.objects.of_agency(agency_of(request)).filter(intake_kind=IntakeKind.OWN)
    notices = rows.select_related("selection").order_by("-posted_at", "-pk")
    context = {"notices": notices, "title": "선정", "icon": "list-ol"}
    return render(request, "applications/admin/selection_list.html", context)


@require_GET
@staff_only(*AGENCY_STAFF)
def selection(request: HttpRequest, code: str) -> HttpResponse:
    """Show one notice's selection: what is open, the order, the proposal, the decision."""
    notice, person = own_notice(request, code), staff_of(request)
    found = Selection.objects.filter(notice=notice).select_related("decided_by").first()
    context: dict[str, Any] = {
        "notice": notice,
        "selection": found,
        "title": f"선정: {notice.title}",
    }
    if found is not None:
        found.notice = notice
        context |= overview(found)
        context["is_reviewer"] = found.reviewers.filter(person=person).exists()
        context["may_decide"] = person.staff_role == StaffRole.MANAGER
        subjects = [standing.application.company for standing in context["standings"]]
        note_access(request, AccessAction.VIEW, subjects, f"선정 {notice.code}")
    return render(request, "applications/admin/selection.html", {**context, "icon": "list-ol"})


def overview(found: Selection) -> dict[str, object]:
    """Return what the page shows of a selection that is set up."""
    proposals = found.proposals.select_related("application__company")
    return {
        "standings": standings.standings_of(found),
        "obstacles": standings.obstacles(found) if found.decided_at is None else [],
        "is_scored": found.method == SelectionMethod.SCORING,
        "is_blind": standings.is_blind(found),
        "progress": standings.progress_of(found),
        "proposals": proposals,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only(*AGENCY_STAFF)
def selection_setup(request: HttpRequest, code: str) -> HttpResponse:
    """Say how a notice selects."""
    notice, people = own_notice(request, code), colleagues_of(agency_of(request))
    found = Selection.objects.filter(notice=notice).first()
    if request.method == "POST":
        form = SelectionForm(request.POST, people=people)
        if form.is_valid() and was_set_up(request, notice, form):
            return redirect(OVERVIEW, code)
    else:
        form = SelectionForm.of(found, people=people) if found else SelectionForm(people=people)
    context = {"form": form, "title": "선정 방법 정하기", "subtitle": notice.title, "icon": "cog"}
    return render(request, "members/admin/form_page.html", context)


def was_set_up(request: HttpRequest, notice: NoticePage, form: SelectionForm) -> bool:
    """Set up as the checked form says; what is refused stands above the form."""
    try:
        services.set_up_selection(
            notice=notice, plan=form.plan(), by=staff_of(request), at=timezone.now()
        )
    except services.SelectionClosedError:
        form.add_error(None, CLOSED)
        return False
    except services.NotReadyError as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, "선정 방법을 저장했습니다.")
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only(*AGENCY_STAFF)
def selection_score(request: HttpRequest, code: str, number: str) -> HttpResponse:
    """Score one application, or mark a conflict; a reviewer sees own points only."""
    found = own_selection(request, code)
    rows = {row.receipt_number: row for row in standings.candidates(found)}
    application = rows.get(number)
    reviewer = found.reviewers.filter(person=staff_of(request)).first()
    if application is None or reviewer is None:
        raise Http404
    criteria = list(found.criteria.all())
    scores = reviewer.scores.filter(application=application)
    initial: dict[str, object] = {f"points-{row.criterion_id}": row.points for row in scores}
    initial["has_conflict"] = reviewer.conflicts.filter(application=application).exists()
    data = request.POST if request.method == "POST" else None
    form = ScoreForm(data, criteria=criteria, initial=initial)
    if data is not None and form.is_valid() and was_scored(request, found, application, form):
        return redirect(OVERVIEW, code)
    context = {"form": form, "title": f"심사: {application.company.name}", "subtitle": number}
    note_access(request, AccessAction.VIEW, [application.company], f"심사 {number}")
    return render(request, "members/admin/form_page.html", {**context, "icon": "list-ol"})


def was_scored(
    request: HttpRequest, found: Selection, application: Application, form: ScoreForm
) -> bool:
    """Write the checked points."""
    try:
        services.give_scores(
            selection=found,
            application=application,
            points=form.points(),
            has_conflict=form.cleaned_data["has_conflict"],
            by=staff_of(request),
            at=timezone.now(),
        )
    except services.SelectionClosedError:
        form.add_error(None, CLOSED)
        return False
    messages.success(request, f"{application.company.name}의 심사를 저장했습니다.")
    return True


@require_POST
@staff_only(*AGENCY_STAFF)
def selection_propose(request: HttpRequest, code: str) -> HttpResponse:
    """Make the proposal out of the order as it stands."""
    found = own_selection(request, code)
    try:
        made = services.propose_results(selection=found, by=staff_of(request), at=timezone.now())
    except services.SelectionClosedError:
        messages.error(request, CLOSED)
    except services.NotReadyError as error:
        messages.error(request, f"선정안을 만들 수 없습니다. {error}")
    else:
        messages.success(request, f"{len(made):,}건의 선정안을 만들었습니다.")
    return redirect(OVERVIEW, code)


@require_POST
@staff_only(*AGENCY_STAFF)
def selection_decide(request: HttpRequest, code: str) -> HttpResponse:
    """Decide what is proposed; the manager's alone."""
    found = own_selection(request, code)
    try:
        services.decide_selection(selection=found, by=staff_of(request), at=timezone.now())
    except services.SelectionClosedError:
        messages.error(request, CLOSED)
    except (services.NotReadyError, MoveRefusedError) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "선정을 결정했습니다. 발표 시각이 되면 기업에 알립니다.")
    return redirect(OVERVIEW, code)
