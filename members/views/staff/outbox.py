"""The operator mends the outbox: what failed is sent again."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from members.access import note_access, reason_first, staff_only
from members.enums import AccessAction, StaffRole
from members.models import OutboxMail
from members.services.outbox import MailNotResendableError, resend_mail
from members.views.staff.joining import staff_of


@require_POST
@staff_only(StaffRole.OPERATOR)
@reason_first
def resend(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Put a failed or waiting mail at the head of the queue."""
    mail = get_object_or_404(OutboxMail, uuid=uuid)
    try:
        resend_mail(mail=mail, by=staff_of(request), at=timezone.now())
    except MailNotResendableError:
        messages.error(request, "이미 보낸 메일입니다.")
    else:
        subjects = [mail.company] if mail.company else []
        note_access(request, AccessAction.CHANGE, subjects, f"메일 다시 보내기 {mail.uuid}")
        messages.success(request, "메일을 다시 보냅니다.")
    return redirect("outbox_modeladmin_inspect", uuid)
