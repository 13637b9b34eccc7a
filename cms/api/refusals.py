"""How the content room's refusals are told by the API."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError

from cms.services import notices, writing
from members.api.problems import ProblemError
from members.uploads import UploadRefusedError


@contextmanager
def told_as_problems() -> Iterator[None]:
    """Turn what the services refuse into problems, each with its own code."""
    try:
        yield
    except writing.NotAllowedError as error:
        raise ProblemError(403, "not_allowed", str(error)) from error
    except writing.IntakeIsFixedError as error:
        raise ProblemError(
            409,
            "intake_is_fixed",
            "게시한 공고의 접수 정보는 연장이나 조기 마감으로, 사유와 함께 바꿉니다.",
            errors=[{"field": str(error), "message": "게시한 뒤에는 바꿀 수 없는 항목입니다."}],
        ) from error
    except writing.AlreadyPublishedError as error:
        detail = "게시된 내용이 이미 마지막 내용입니다."
        raise ProblemError(409, "already_published", detail) from error
    except notices.NotPublishedYetError as error:
        detail = "아직 게시한 적이 없는 공고입니다. 접수 정보는 공고를 고쳐서 바꿉니다."
        raise ProblemError(409, "not_published_yet", detail) from error
    except notices.NothingChangedError as error:
        raise ProblemError(409, "nothing_changed", "바뀐 것이 없습니다.") from error
    except notices.ReasonMissingError as error:
        raise ProblemError(422, "reason_missing", "사유를 적어 주십시오.") from error
    except UploadRefusedError as error:
        raise ProblemError(422, "file_refused", str(error)) from error
    except ValidationError as error:
        raise ProblemError(
            422, "invalid_content", "고칠 곳이 있습니다.", errors=list(faults_of(error))
        ) from error


def faults_of(error: ValidationError) -> Iterator[dict[str, str]]:
    """Yield each message of a ValidationError with its field; «» for the whole."""
    if hasattr(error, "error_dict"):
        for field, messages in error.message_dict.items():
            for message in messages:
                yield {"field": "" if field == "__all__" else field, "message": message}
        return
    for message in error.messages:
        yield {"field": "", "message": message}
