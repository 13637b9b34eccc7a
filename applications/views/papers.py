"""The rows of papers and their one-file forms, and what to say when a file is not taken."""

from collections.abc import Sequence

from django.http import HttpRequest, JsonResponse

from applications.forms import PaperForm
from applications.models import Application, SubmittedDocument
from applications.selectors import PaperRow
from applications.services import drafts
from members.formatting import format_datetime, format_size
from members.services.throttle import ThrottledError
from members.uploads import UploadRefusedError

PAPER_ERRORS = (
    UploadRefusedError,
    drafts.UnknownPaperError,
    drafts.PaperChangedError,
    drafts.TooManyUploadsError,
    ThrottledError,
)


def posted_paper(request: HttpRequest, rows: Sequence[PaperRow]) -> PaperForm | None:
    """Return the form of the row that was posted; None when there is no such row any more."""
    key = request.POST.get("key", "")
    for row in rows:
        if str(row.key) == key:
            return PaperForm(request.POST, request.FILES, row=row)
    return None


def paper_forms(rows: Sequence[PaperRow], *, failed: PaperForm | None = None) -> list[PaperForm]:
    """Return one form a row; the one that failed keeps its errors."""
    forms = []
    for row in rows:
        form = PaperForm(row=row)
        if failed is not None and failed.row.key == row.key:
            form = failed.shown_again(row)
        forms.append(form)
    return forms


def paper_error(error: Exception, row: PaperRow) -> str:
    """Return the Korean sentence for one of PAPER_ERRORS (ui.md 1.5)."""
    if isinstance(error, UploadRefusedError):
        if error.code == "too_large":
            return (
                f"‘{error.file_name}’ 파일: 이 서류는 {row.required.max_mb}MB까지입니다. "
                "나누거나 줄여 주십시오."
            )
        return str(error)
    if isinstance(error, drafts.PaperChangedError):
        return (
            "다른 창이나 다른 담당자가 먼저 이 서류를 바꾸었습니다. "
            "지금 올라와 있는 파일을 확인하고 다시 올려 주십시오."
        )
    if isinstance(error, drafts.TooManyUploadsError):
        return (
            f"한 신청에는 파일을 {drafts.MAX_UPLOADS_PER_APPLICATION}번까지 올릴 수 있습니다. "
            "담당 기관에 문의해 주십시오."
        )
    if isinstance(error, ThrottledError):
        again = format_datetime(error.retry_at)
        return f"파일을 너무 자주 올렸습니다. {again} 이후에 다시 올려 주십시오."
    return "공고의 제출서류가 바뀌었습니다. 목록을 다시 확인해 주십시오."


def paper_saved(document: SubmittedDocument) -> JsonResponse:
    """Answer the page's script: the file is kept; `seen` is what the row shows from now on."""
    name, size = document.file.display_name, format_size(document.file.size)
    return JsonResponse(
        {
            "message": f"저장했습니다: {name} [{size}]. 아직 제출되지 않았습니다.",
            "name": name,
            "seen": str(document.uuid),
        }
    )


def paper_refused(application: Application, form: PaperForm) -> JsonResponse:
    """Answer the page's script: why the file was not taken, and what lies in the row now."""
    current = application.documents.current().filter(key=form.row.key).first()
    told = " ".join(str(error) for errors in form.errors.values() for error in errors)
    seen = str(current.uuid) if current else ""
    return JsonResponse({"message": told, "seen": seen}, status=422)
