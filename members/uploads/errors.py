"""Why a file is refused: a code for tests and logs, a Korean sentence for the person."""

from members.uploads.policy import (
    MAX_FILE_BYTES,
    MAX_IMAGE_PIXELS,
    MAX_ZIP_MEMBERS,
    MAX_ZIP_RATIO,
    MAX_ZIP_UNPACKED_BYTES,
    MIB,
)

REASONS: dict[str, str] = {
    "empty": "내용이 비어 있습니다. 파일을 확인해 주십시오.",
    "too_large": f"한 파일의 크기는 {MAX_FILE_BYTES // MIB}MB까지입니다. 나누거나 줄여 주십시오.",
    "extension": "올릴 수 없는 형식입니다. {formats} 형식으로 올려 주십시오.",
    "type_mismatch": "파일 이름은 {label}이지만 내용은 {label} 형식이 아닙니다.",
    "damaged": "파일이 손상되어 열 수 없습니다. 다시 저장하여 올려 주십시오.",
    "password": "암호가 걸려 있습니다. 암호를 풀어 다시 올려 주십시오.",
    "active_content": (
        "매크로·스크립트·실행 동작이나 다른 프로그램의 개체·첨부파일이 들어 있습니다. "
        "이를 지우고 다시 저장하거나 PDF로 바꾸어 올려 주십시오."
    ),
    "external_content": "외부 파일을 불러오는 문서입니다. 연결을 끊고 다시 저장하여 올려 주십시오.",
    "too_complex": (
        "파일 안을 끝까지 확인할 수 없는 구조입니다. PDF로 다시 저장하거나 나누어 올려 주십시오."
    ),
    "hidden_archive": "파일 뒤에 압축파일이 붙어 있습니다. 다시 저장하여 올려 주십시오.",
    "infected": "악성코드가 발견되어 받지 않았습니다. 백신으로 PC를 검사하고 새로 만들어 주십시오.",
    "image_too_large": (
        f"사진은 {MAX_IMAGE_PIXELS // 10_000:,}만 화소까지입니다. 줄여서 올려 주십시오."
    ),
    "zip_empty": "압축파일 안에 서류가 없습니다.",
    "zip_members": f"압축파일에는 {MAX_ZIP_MEMBERS}개까지 넣을 수 있습니다.",
    "zip_size": f"압축을 풀었을 때 {MAX_ZIP_UNPACKED_BYTES // MIB}MB를 넘습니다.",
    "zip_ratio": f"압축률이 {MAX_ZIP_RATIO}배를 넘어 열 수 없습니다.",
    "zip_method": "지원하지 않는 압축 방식입니다. 일반 ZIP으로 다시 압축해 주십시오.",
    "zip_nested": "압축파일 안에 다시 압축파일이 있습니다. 풀어서 한 번만 압축해 주십시오.",
    "zip_entry": "바로 가기 등 일반 파일이 아닌 항목이 있습니다.",
    "zip_path": "압축 안 파일의 경로가 올바르지 않습니다. 다시 압축해 주십시오.",
    "zip_duplicate": "압축 안에 같은 이름의 파일이 두 번 있습니다. 다시 압축해 주십시오.",
    "zip_extra_data": "압축파일의 앞이나 뒤에 다른 내용이 붙어 있습니다. 다시 압축해 주십시오.",
}


class ContentRefusedError(Exception):
    """Raised inside the screening: the content breaks one rule; names are added by `screen`."""

    def __init__(self, code: str, *, member: str = "", **words: str) -> None:
        super().__init__(code)
        self.code = code
        self.member = member
        self.words = words


class UploadRefusedError(Exception):
    """The file was not taken. `str()` is the sentence for the person; `code` a key of REASONS."""

    def __init__(self, code: str, *, file_name: str, member: str = "", **words: str) -> None:
        self.code = code
        self.file_name = file_name
        self.member = member
        where = f"‘{file_name}’ 파일"
        if member:
            where += f" 안의 ‘{member}’"
        super().__init__(f"{where}: {REASONS[code].format(**words)}")
