"""The upload policy (security.md section 5): judged by content, refused with a reason."""

import io
import stat
import struct
import unicodedata
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.uploads import (
    APPLICATION_FORMATS,
    FORMATS,
    JOINING_FORMATS,
    MAX_FILE_BYTES,
    PICTURE_FORMATS,
    UploadRefusedError,
    accept_attribute,
    clean_display_name,
    screen,
)
from members.uploads.errors import REASONS
from tests.factories import uploads as made

# A picture whose pixels are cut off still has its header.
CUT_OFF = {"", "type_mismatch", "damaged", "zip_extra_data"}


def refusal(name, data, formats=APPLICATION_FORMATS, **limits):
    with pytest.raises(UploadRefusedError) as caught:
        screen(made.upload_of(name, data), formats=formats, **limits)
    return caught.value


def code(name, data, formats=APPLICATION_FORMATS):
    return refusal(name, data, formats).code


def verdict(name, data):
    """Return the code of a refusal, or nothing where the file is taken."""
    try:
        screen(made.upload_of(name, data), formats=list(FORMATS))
    except UploadRefusedError as error:
        return error.code
    return ""


@pytest.mark.parametrize("kind", made.SAMPLES)
@pytest.mark.parametrize("make_upload", [made.upload_of, made.upload_on_disk])
def test_every_accepted_format_is_known_by_its_content(kind, make_upload):
    """security.md 5: pdf hwp hwpx docx xlsx png jpg webp gif zip."""
    upload = make_upload(f"사업계획서.{kind}", made.SAMPLES[kind]())

    screened = screen(upload, formats=list(FORMATS))

    assert (screened.kind, screened.display_name) == (kind, f"사업계획서.{kind}")
    assert upload.tell() == 0


def test_jpeg_and_capital_endings_are_jpg():
    """security.md 5: jpg jpeg."""
    assert screen(made.upload_of("A.JPEG", made.jpg()), formats=PICTURE_FORMATS).kind == "jpg"


@pytest.mark.parametrize("content", made.SAMPLES)
@pytest.mark.parametrize("ending", made.SAMPLES)
def test_a_renamed_file_is_refused(content, ending):
    """security.md 5: by content, not by name; ASVS 5.2.2."""
    if content == ending or (content, ending) == ("docx", "zip"):
        return

    found = code(f"서류.{ending}", made.SAMPLES[content](), list(FORMATS))

    assert found in {"type_mismatch", "damaged", "zip_nested", "extension"}


@pytest.mark.parametrize(
    ("name", "formats"),
    [
        ("서류.exe", APPLICATION_FORMATS),
        ("서류", APPLICATION_FORMATS),
        ("서류.svg", APPLICATION_FORMATS),
        ("서류.doc", APPLICATION_FORMATS),
        ("서류.pdf.html", APPLICATION_FORMATS),
        ("서류.hwp", JOINING_FORMATS),
        ("서류.pdf", PICTURE_FORMATS),
    ],
)
def test_other_endings_are_refused_by_slot(name, formats):
    """security.md 5: the table of slots."""
    assert code(name, made.pdf(), formats) == "extension"


def test_a_refusal_names_file_and_reason_in_korean():
    """security.md 5: in Korean, naming the file, the member and the reason."""
    error = refusal("사업자등록증.exe", b"MZ", JOINING_FORMATS)

    assert str(error) == (
        "‘사업자등록증.exe’ 파일: 올릴 수 없는 형식입니다. "
        "PDF, PNG, JPG, ZIP 형식으로 올려 주십시오."
    )


def test_a_refusal_names_the_member_of_a_zip():
    """security.md 5: naming the member."""
    error = refusal("묶음.zip", made.zip_of({"서류/인감.pdf": b"<html>"}))

    assert error.member == "인감.pdf"
    assert "‘묶음.zip’ 파일 안의 ‘인감.pdf’: 파일 이름은 PDF이지만" in str(error)


def test_every_code_has_a_sentence_that_can_be_written():
    """security.md 5: no refusal without its reason."""
    for each in REASONS:
        assert str(
            UploadRefusedError(each, file_name="가.pdf", member="나", label="PDF", formats="PDF")
        ).endswith(".")


def test_sizes_are_bounded():
    """security.md 5: 20 MiB a file; an empty file is none."""
    assert code("빈.pdf", b"") == "empty"
    assert refusal("큰.pdf", made.pdf(b"x" * 200), max_bytes=100).code == "too_large"
    assert MAX_FILE_BYTES == 20 * 1024 * 1024


@pytest.mark.parametrize("kind", ["png", "jpg", "gif", "webp"])
def test_gigapixel_pictures_are_refused_from_the_header(kind):
    """security.md 2.27: 50 megapixels at most."""
    make = made.SAMPLES[kind]

    assert code(f"사진.{kind}", make(10_000, 5_001), PICTURE_FORMATS) == "image_too_large"
    screen(made.upload_of(f"사진.{kind}", make(10_000, 5_000)), formats=PICTURE_FORMATS)


@pytest.mark.parametrize("kind", made.SAMPLES)
def test_cut_off_files_are_refused_without_an_error(kind):
    """security.md 5: never a 5xx."""
    data = made.SAMPLES[kind]()

    for length in range(1, len(data) - 1, max(1, len(data) // 40)):
        assert verdict(f"조각.{kind}", data[:length]) in CUT_OFF


@given(st.sampled_from(sorted(made.SAMPLES)), st.data())
def test_mangled_files_never_break_the_screening(kind, data):
    """security.md 4: mutated files, no 5xx."""
    content = bytearray(made.SAMPLES[kind]())
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))

    assert verdict(f"조각.{kind}", bytes(content)) in {"", *REASONS}


# --- documents ------------------------------------------------------------------------------------


def test_documents_that_need_a_password_are_refused():
    """security.md 5: no passwords to open."""
    assert code("서류.hwp", made.hwp(flags=3)) == "password"
    assert code("서류.docx", made.ole({"EncryptedPackage": b"x" * 80})) == "password"


def test_other_ole_files_are_no_hwp():
    """data.md 4: .doc, .xls and .ppt share the magic."""
    assert code("서류.hwp", made.ole({"WordDocument": b"x" * 80})) == "type_mismatch"
    assert code("서류.hwp", made.hwp(signature=b"HWP something")) == "type_mismatch"


def test_an_hwpx_is_known_by_its_first_part():
    """stack.md 6: mimetype = application/hwp+zip."""
    assert code("서류.hwpx", made.hwpx(mimetype="application/epub+zip")) == "type_mismatch"


@pytest.mark.parametrize(
    ("part", "body", "expected"),
    [
        ("word/vbaProject.bin", "x", "active_content"),
        ("word/embeddings/oleObject1.bin", "x", "active_content"),
        ("word/activeX/activeX1.xml", "<x/>", "active_content"),
        ("word/styles.xml", "<!DOCTYPE x [<!ENTITY a 'b'>]><x/>", "active_content"),
        (
            "word/_rels/settings.xml.rels",
            '<Relationship Id="a" Type="http://x/attachedTemplate" Target="http://e/t.dotm" '
            'TargetMode="External"/>',
            "external_content",
        ),
    ],
)
def test_macros_programs_and_outside_templates_are_refused(part, body, expected):
    """security.md 5: no macros, embedded programs, external templates, DTDs."""
    assert code("서류.docx", made.docx([(part, body)])) == expected


def test_an_ordinary_hyperlink_is_fine():
    """security.md 5: only templates and objects from outside are refused."""
    link = '<Relationship Type="http://x/hyperlink" Target="http://e/" TargetMode="External"/>'

    screen(
        made.upload_of("서류.docx", made.docx([("word/_rels/document.xml.rels", link)])),
        formats=APPLICATION_FORMATS,
    )


def test_a_pdf_with_scripts_is_refused():
    """security.md 5: no scripts, launch actions."""
    assert code("서류.pdf", made.pdf(b"<</S/JavaScript/JS(app.alert(1))>>")) == "active_content"


def test_a_document_bomb_is_refused_by_what_it_declares():
    """security.md 2.21: bounded cost."""
    bomb = made.docx([("word/media.xml", b"\0" * (100 * 1024 * 1024))])

    assert code("서류.docx", bomb) == "zip_size"


# --- zip ------------------------------------------------------------------------------------------


def test_a_zip_holds_what_its_slot_accepts():
    """security.md 5: one zip of these only."""
    bundle = made.zip_of({"동의서.pdf": made.pdf(), "사진/등록증.JPG": made.jpg()})

    screened = screen(made.upload_of("묶음.zip", bundle), formats=JOINING_FORMATS)

    assert screened.member_names == ["동의서.pdf", "사진/등록증.JPG"]
    assert code("묶음.zip", made.zip_of({"계획.hwp": made.hwp()}), JOINING_FORMATS) == "extension"


def test_what_systems_leave_in_archives_is_ignored():
    """security.md 5: __MACOSX/, .DS_Store, Thumbs.db, desktop.ini."""
    leftovers = ["__MACOSX/._가.pdf", ".DS_Store", "서류/Thumbs.db", "desktop.ini"]
    bundle = made.zip_of([("가.pdf", made.pdf()), *((name, b"x") for name in leftovers)])

    screened = screen(made.upload_of("묶음.zip", bundle), formats=JOINING_FORMATS)

    assert screened.member_names == ["가.pdf"]
    assert code("묶음.zip", made.zip_of(dict.fromkeys(leftovers, b"x"))) == "zip_empty"
    assert code("묶음.zip", made.zip_of({})) == "zip_empty"


@pytest.mark.parametrize("inner", ["안.zip", "안.7z", "안.egg"])
def test_archives_in_archives_are_refused(inner):
    """security.md 5: no nesting."""
    assert (
        code("묶음.zip", made.zip_of({inner: made.zip_of({"가.pdf": made.pdf()})})) == "zip_nested"
    )


@pytest.mark.parametrize(
    "name", ["../가.pdf", "a/../../가.pdf", "/가.pdf", "C:\\가.pdf", "..\\..\\가.pdf", "가\n.pdf"]
)
def test_paths_out_of_the_archive_are_refused(name):
    """security.md 2.22: zip slip."""
    assert code("묶음.zip", made.zip_with_raw_name(name.encode("cp949"), made.pdf())) == "zip_path"


def test_links_and_devices_are_refused():
    """security.md 2.22: links, devices."""
    for kind in (stat.S_IFLNK, stat.S_IFCHR, stat.S_IFIFO):
        entry = zipfile.ZipInfo("가.pdf")
        entry.external_attr = (kind | 0o777) << 16

        assert code("묶음.zip", made.zip_of([(entry, made.pdf())])) == "zip_entry"


def test_encrypted_members_are_refused():
    """data.md 4: «암호를 풀어 다시 올려 주세요»."""
    locked = made.zip_with_raw_name(b"a.pdf", made.pdf(), flags=0x1)

    error = refusal("묶음.zip", locked)

    assert error.code == "password"
    assert "암호를 풀어" in str(error)


def test_odd_methods_are_refused():
    """security.md 5: stored or deflate only."""
    packed = made.zip_of({"가.pdf": made.pdf()}, compression=zipfile.ZIP_LZMA)

    assert code("묶음.zip", packed) == "zip_method"


def test_one_hundred_members_are_the_most():
    """security.md 5: at most 100 members."""
    many = made.zip_of({f"{number}.pdf": made.pdf() for number in range(101)})

    assert code("묶음.zip", many) == "zip_members"


def test_bombs_are_refused_by_what_they_declare():
    """security.md 5: 100 MiB unpacked, ratio 100."""
    big = made.zip_of({"가.pdf": made.pdf(b"\0" * (101 * 1024 * 1024))})
    dense = made.zip_of({"가.pdf": made.pdf(b"\0" * (20 * 1024 * 1024))})

    assert code("묶음.zip", big) == "zip_size"
    assert code("묶음.zip", dense) == "zip_ratio"


def test_lying_sizes_are_caught():
    """security.md 2.21: lying sizes."""
    honest = made.zip_of({"a.pdf": made.pdf(b"y" * 4000)})
    size = struct.pack("<I", len(made.pdf(b"y" * 4000)))

    assert code("묶음.zip", honest.replace(size, struct.pack("<I", 99))) == "damaged"


def test_nothing_stands_before_or_after_the_archive():
    """security.md 5: nothing before or after; 2.25: polyglots."""
    archive = made.zip_of({"가.pdf": made.pdf()})

    assert code("묶음.zip", archive + b"tail") in {"zip_extra_data", "damaged"}
    assert code("묶음.zip", b"MZ program" + archive) == "type_mismatch"
    assert code("묶음.zip", archive[:4] + archive) in {"zip_extra_data", "damaged"}


def test_overlapping_members_are_refused():
    """security.md 2.21: overlapping."""
    data = made.zip_with_raw_name(b"a.pdf", made.pdf())
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        start = archive.start_dir
    central = data[start:-22]
    end = struct.pack("<HHHHIIH", 0, 0, 2, 2, 2 * len(central), start, 0)

    assert code("묶음.zip", data[:start] + 2 * central + b"PK\x05\x06" + end) == "damaged"


def test_data_descriptors_are_accepted():
    """security.md 5: data descriptors and ZIP64 are accepted."""
    target = io.BytesIO()
    target.seekable = lambda: False
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("가.pdf", made.pdf())
        archive.writestr("나.pdf", made.pdf())

    screened = screen(made.upload_of("묶음.zip", target.getvalue()), formats=JOINING_FORMATS)

    assert screened.member_names == ["가.pdf", "나.pdf"]


def test_zip64_is_accepted():
    """security.md 5: data descriptors and ZIP64 are accepted."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(target, "w") as archive,
        archive.open("가.pdf", "w", force_zip64=True) as member,
    ):
        member.write(made.pdf())

    screened = screen(made.upload_of("묶음.zip", target.getvalue()), formats=JOINING_FORMATS)

    assert screened.member_names == ["가.pdf"]


# --- names ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["사업자등록증(사본).pdf", "표.pdf", "똠방각하.pdf", "plan.pdf"])
@pytest.mark.parametrize(("encoding", "flags"), [("cp949", 0), ("utf-8", 0), ("utf-8", 0x800)])
def test_korean_names_are_read_member_by_member(name, encoding, flags):
    """security.md 0.7, data.md 4: bit 11, else UTF-8 only if Hangul results, else cp949."""
    archive = made.zip_with_raw_name(name.encode(encoding), made.pdf(), flags=flags)

    screened = screen(made.upload_of("묶음.zip", archive), formats=JOINING_FORMATS)

    assert screened.member_names == [name]


def test_decomposed_names_of_macos_are_composed():
    """data.md 4: macOS names come NFD."""
    raw = unicodedata.normalize("NFD", "한글파일.pdf").encode()

    screened = screen(
        made.upload_of("묶음.zip", made.zip_with_raw_name(raw, made.pdf())), formats=JOINING_FORMATS
    )

    assert screened.member_names == ["한글파일.pdf"]


def test_the_unicode_path_field_wins_over_guessing():
    """data.md 4: field 0x7075, which Python's zipfile ignores."""
    raw = "가나.pdf".encode("cp949")
    body = b"\x01" + struct.pack("<I", zlib.crc32(raw)) + "다라.pdf".encode()
    field = struct.pack("<HH", 0x7075, len(body)) + body

    screened = screen(
        made.upload_of("묶음.zip", made.zip_with_raw_name(raw, made.pdf(), extra=field)),
        formats=JOINING_FORMATS,
    )

    assert screened.member_names == ["다라.pdf"]


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        (unicodedata.normalize("NFD", "사업계획서.hwp"), "사업계획서.hwp"),
        ("C:\\서류\\등록증.pdf", "등록증.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("계획\u202efdp.exe", "계획fdp.exe"),
        ("가\r\n나\0.pdf", "가나.pdf"),
        ("가  나\u200b.pdf", "가 나.pdf"),
        (".pdf", "pdf"),
        ("", "파일"),
    ],
)
def test_display_names_are_tidy(typed, shown):
    """security.md 5: NFC, no control or bidi characters."""
    assert clean_display_name(typed) == shown


@given(st.text(max_size=600))
def test_display_names_are_always_short_and_harmless(typed):
    """security.md 5: at most 255 characters."""
    shown = clean_display_name(typed)

    assert 0 < len(shown) <= 255
    assert not set(shown) & set("/\\\r\n\0\u202e")
    assert shown == clean_display_name(shown)


def test_long_names_keep_their_ending():
    """security.md 5: at most 255 characters."""
    assert clean_display_name("가" * 400 + ".hwpx") == "가" * 250 + ".hwpx"


def test_file_fields_offer_the_endings_of_their_formats():
    """security.md ASVS 5.1.1: what the browser offers equals the policy."""
    assert accept_attribute(JOINING_FORMATS) == ".pdf,.png,.jpg,.jpeg,.zip"
