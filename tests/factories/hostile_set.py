"""The hostile set: files that must be refused, with the code, and near ones that must pass ("").

Each entry is (name shown to the screening, maker of its bytes, accepted formats, expected codes).
A set of codes means that the damage may be noticed in either way.
"""

import unicodedata
import zipfile
import zlib

from members.uploads import APPLICATION_FORMATS as DOCS
from members.uploads import JOINING_FORMATS as JOIN
from members.uploads import PICTURE_FORMATS as PICS
from tests.factories import uploads as made
from tests.factories.hostile import (
    IDLE,
    MIB,
    RELATION,
    add_launch,
    add_script,
    doubled,
    hwp_part,
    hwp_script,
    hwpx_listing,
    locked_script,
    object_stream,
    packed,
    quine,
    raw_zip,
    rels,
    script_stream,
    two_headers,
    written_pdf,
    zip_entry,
)


def case(name, data, expected, formats=DOCS):
    codes = {expected} if isinstance(expected, str) else set(expected)
    return name, data if callable(data) else (lambda: data), formats, codes


EXE = b"MZ\x90\0" + b"\0" * 200
HTML = b"<!doctype html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
NAME_ACTIONS = [
    b"<</S/JavaScript/JS(a)>>",
    b"<</S/J#61vaScript/JS(a)>>",
    b"<</S/#4a#61#76#61#53#63#72#69#70#74/JS(a)>>",
    b"<</S/Launch/F(cmd.exe)>>",
    b"<</S/La#75nch/F(cmd.exe)>>",
    b"<</Names<</EmbeddedFiles 4 0 R>>>>",
    b"<</Type/EmbeddedFile>>",
    b"<</Subtype/RichMedia>>",
    b"<</Subtype/FileAttachment>>",
    b"<</AcroForm<</XFA 4 0 R>>>>",
    b"<</S/ImportData/F(x.fdf)>>",
    b"<</S/Rendition/JS(a)>>",
    b"<</S\n/JavaScript\n/JS 9 0 R>>",
    b"<</S/JavaScript%x\n/JS(a)>>",
    b"4 0 obj<</Length 40>>stream\n<</S/JavaScript/JS(app.alert(1))>>\nendstream endobj",
]

PDFS = [
    *(case("서류.pdf", made.pdf(body), "active_content") for body in NAME_ACTIONS),
    case("서류.pdf", lambda: object_stream(b"<</S/JavaScript/JS(x)>>"), "active_content"),
    case("서류.pdf", lambda: object_stream(b"<</S/J#61vaScript>>"), "active_content"),
    case("서류.pdf", lambda: object_stream(b"<</JS(x)>>"), "active_content"),
    case("서류.pdf", lambda: object_stream(b"<</S/Launch>>", kind=b"/X"), "active_content"),
    case(
        "서류.pdf",
        lambda: object_stream(b"<</S/Launch>>", kind=b"/Obj#53tm"),
        "active_content",
    ),
    case(
        "서류.pdf",
        lambda: object_stream(
            b"<</S/Launch>>",
            filters=b"/Filter[/ASCIIHexDecode/FlateDecode]",
            pack=lambda data: zlib.compress(data).hex().encode() + b">",
        ),
        "too_complex",
    ),
    case("서류.pdf", lambda: object_stream(b"\0" * (33 * MIB)), "too_complex"),
    case("서류.pdf", lambda: object_stream(b"x", pack=lambda data: b"rubbish"), "damaged"),
    case("서류.pdf", lambda: object_stream(b"<</Type/Page>>"), ""),
    case("서류.pdf", lambda: written_pdf(add_script), "active_content"),
    case("서류.pdf", lambda: written_pdf(add_launch), "active_content"),
    case(
        "서류.pdf", lambda: written_pdf(lambda w: w.add_attachment("a.exe", EXE)), "active_content"
    ),
    case("서류.pdf", written_pdf, ""),
    *(
        case(
            "잠김.pdf",
            lambda way=way: written_pdf(user_password="u", owner_password="o", algorithm=way),
            "password",
        )
        for way in ("RC4-40", "RC4-128", "AES-128", "AES-256-R5", "AES-256")
    ),
    *(
        case(
            "인쇄만.pdf",
            lambda way=way: written_pdf(user_password="", owner_password="o", algorithm=way),
            "",
        )
        for way in ("RC4-40", "RC4-128", "AES-128", "AES-256-R5", "AES-256")
    ),
    *(
        case("숨김.pdf", lambda way=way: locked_script(way), "active_content")
        for way in ("RC4-128", "AES-128", "AES-256")
    ),
    case("서류.pdf", made.pdf(b"<</Encrypt 99 0 R>>"), "password"),
    case("서류.pdf", made.pdf(b"<</Encr#79pt 99 0 R>>"), "password"),
    case("서류.pdf", made.pdf(b"<</A<</S/URI/URI(http://e.example)>>>>"), ""),
    case("서류.pdf", made.pdf(b"<</S/GoTo/D[0]>>"), ""),
    case("서류.pdf", b"\n" + made.pdf(), "type_mismatch"),
    case("서류.pdf", HTML + made.pdf(), "type_mismatch"),
    case("서류.pdf", made.pdf()[:-7], "damaged"),
    case("서류.pdf", lambda: made.pdf() + b"x" * 4096, "damaged"),
    case("서류.pdf", lambda: made.pdf() + made.zip_of({"a.class": b"x"}), "hidden_archive"),
    case("서류.pdf", EXE, "type_mismatch"),
    case("서류.pdf", HTML, "type_mismatch"),
    case("서류.pdf", b"", "empty"),
    case("서류.pdf.exe", made.pdf(), "extension"),
    case("서류.html", made.pdf(), "extension"),
    case("계획\u202efdp.exe", made.pdf(), "extension"),
]

HWPS = [
    case("계획.hwp", lambda: hwp_script(IDLE[1]), ""),
    case("계획.hwp", lambda: hwp_script(""), ""),
    case("계획.hwp", lambda: hwp_script("function OnDocument_Open(){ run(); }"), "active_content"),
    case("계획.hwp", lambda: hwp_script("new ActiveXObject('WScript.Shell')"), "active_content"),
    case("계획.hwp", lambda: hwp_script(IDLE[1], header="eval(x);"), "active_content"),
    case(
        "계획.hwp",
        lambda: made.hwp(streams={"Scripts/DefaultJScript": packed(b"\xff\xff\xff\x7fzz")}),
        "active_content",
    ),
    case(
        "계획.hwp",
        lambda: made.hwp(flags=0, streams={"Scripts/DefaultJScript": script_stream("", "run();")}),
        "active_content",
    ),
    case("계획.hwp", lambda: made.hwp(streams={"Macros/VBA": b"x" * 64}), "active_content"),
    case("계획.hwp", lambda: made.hwp(streams={"_VBA_PROJECT_CUR/a": b"x" * 64}), "active_content"),
    case("계획.hwp", lambda: hwp_part("BIN0001.OLE", b"x" * 90), "active_content"),
    case("계획.hwp", lambda: hwp_part("BIN0001.eps", b"%!PS-Adobe-3.0"), "active_content"),
    case("계획.hwp", lambda: hwp_part("BIN0001.jpg", b"%!PS-Adobe-3.0"), "active_content"),
    case("계획.hwp", lambda: hwp_part("BIN0001.png", EXE), "active_content"),
    case("계획.hwp", lambda: hwp_part("BIN0001.exe", EXE), "active_content"),
    case(
        "계획.hwp",
        lambda: hwp_part("BIN0001.bmp", b"\0\1\0\0" + made.ole({"a": b"x"})[:400]),
        "active_content",
    ),
    case("계획.hwp", lambda: hwp_part("BIN0001.png", made.png()), ""),
    case("계획.hwp", made.hwp, ""),
    *(case("계획.hwp", lambda f=f: made.hwp(flags=f), "password") for f in (3, 0x11, 0x101, 0x401)),
    case("배포용.hwp", lambda: made.hwp(flags=5), ""),
    case("계획.hwp", lambda: made.hwp(signature=b"HWP Document"), "type_mismatch"),
    case("계획.hwp", lambda: made.ole({"WordDocument": b"x" * 80}), "type_mismatch"),
    case("계획.hwp", b"HWP Document File V3.00 \x1a\1\2\3\4\5", "type_mismatch"),
    case("계획.hwp", lambda: made.hwp()[:700], {"damaged", "type_mismatch"}),
    case("계획.hwp", lambda: made.hwp() + made.zip_of({"a": b"x"}), "hidden_archive"),
    case("계획.hwp", HTML, "type_mismatch"),
    case("계획.hwp", made.hwpx, "type_mismatch"),
    case("계획.hwp", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 504, "damaged"),
    case("계획.hwpx", made.hwpx, ""),
    case(
        "계획.hwpx",
        lambda: made.hwpx([("Scripts/sourceScripts", IDLE[1].encode("utf-16"))]),
        "",
    ),
    case("계획.hwpx", lambda: made.hwpx([("Scripts/headerScripts", IDLE[0])]), ""),
    case("계획.hwpx", lambda: made.hwpx([("Scripts/sourceScripts", "run();")]), "active_content"),
    case(
        "계획.hwpx",
        lambda: made.hwpx([("Scripts/sourceScripts", "run();".encode("utf-16-le"))]),
        "active_content",
    ),
    case("계획.hwpx", lambda: made.hwpx([("Scripts/other.js", "x")]), "active_content"),
    case("계획.hwpx", lambda: made.hwpx([("BinData/ole1.ole", "x")]), "active_content"),
    case("계획.hwpx", lambda: made.hwpx([("BinData/image1.png", EXE)]), "active_content"),
    case("계획.hwpx", lambda: made.hwpx([("BinData/image1.eps", "x")]), "active_content"),
    case(
        "계획.hwpx",
        lambda: made.hwpx([("Contents/section0.xml", "<!DOCTYPE a [<!ENTITY b SYSTEM 'c'>]>")]),
        "active_content",
    ),
    case(
        "계획.hwpx",
        lambda: made.hwpx([("META-INF/manifest.xml", "<odf:encryption-data/>")]),
        "password",
    ),
    case("계획.hwpx", lambda: made.hwpx(mimetype="application/epub+zip"), "type_mismatch"),
    case("계획.hwpx", lambda: made.zip_of({"a.xml": "<a/>"}), "type_mismatch"),
    case("계획.hwpx", lambda: hwpx_listing("http://e.example/a.png"), "external_content"),
    case("계획.hwpx", lambda: hwpx_listing("\\\\server\\a.png"), "external_content"),
    case("계획.hwpx", lambda: hwpx_listing("BinData/image1.png"), ""),
    case("계획.hwpx", made.docx, "type_mismatch"),
]

OFFICE = [
    case("계획.docx", made.docx, ""),
    case("계획.xlsx", made.xlsx, ""),
    *(
        case("계획.docx", lambda part=part: made.docx([(part, "x")]), "active_content")
        for part in (
            "word/vbaProject.bin",
            "word/VBAPROJECT.BIN",
            "word/vbaData.xml",
            "word/embeddings/oleObject1.bin",
            "word/activeX/activeX1.bin",
            "activeX/activeX1.xml",
            "word/media/image1.eps",
            "word/media/run.exe",
        )
    ),
    case("계획.docx", lambda: made.docx([("word/media/image1.png", EXE)]), "active_content"),
    case("계획.xlsx", lambda: made.xlsx([("xl/macrosheets/sheet1.xml", "x")]), "active_content"),
    case(
        "계획.xlsx",
        lambda: made.xlsx([("xl/externalLinks/e.xml", "<x:ddeLink/>")]),
        "active_content",
    ),
    case(
        "계획.docx",
        lambda: made.docx([("word/footer1.xml", "<w:instrText>DDEAUTO c:\\\\cmd</w:instrText>")]),
        "active_content",
    ),
    case(
        "계획.docx",
        lambda: made.zip_of(
            {
                "[Content_Types].xml": "application/vnd.ms-word.document.macroEnabled.main+xml",
                "word/document.xml": "<a/>",
            }
        ),
        "active_content",
    ),
    case(
        "계획.docx",
        lambda: made.zip_of(
            {
                "[Content_Types].xml": "macroEnabled".encode("utf-16"),
                "word/document.xml": "<a/>",
            }
        ),
        "active_content",
    ),
    *(
        case("계획.docx", lambda kind=kind: rels(kind), "external_content")
        for kind in ("attachedTemplate", "oleObject", "frame", "subDocument", "package", "video")
    ),
    case("계획.docx", lambda: rels("attachedTemplate", encoding="utf-16"), "external_content"),
    case("계획.docx", lambda: rels("attachedTemplate", encoding="utf-16-le"), "external_content"),
    case(
        "계획.docx",
        lambda: made.docx(
            [
                (
                    "word/_rels/settings.xml.rels",
                    "<a:Relationship TargetMode = 'External'\n \tType='a/attachedTemplate'/>",
                )
            ]
        ),
        "external_content",
    ),
    case(
        "계획.xlsx",
        lambda: made.xlsx(
            [
                (
                    "xl/externalLinks/_rels/e.xml.rels",
                    RELATION.format(kind="externalLinkPath", target="x"),
                )
            ]
        ),
        "external_content",
    ),
    case("계획.docx", lambda: rels("hyperlink"), ""),
    case("계획.docx", lambda: rels("image"), ""),
    case("계획.docx", lambda: made.docx([("word/a.xml", "<!ENTITY a 'b'>")]), "active_content"),
    case(
        "계획.docx",
        lambda: made.docx([("word/a.xml", "<!DOCTYPE a>".encode("utf-16"))]),
        "active_content",
    ),
    case(
        "계획.docx",
        lambda: made.docx([("word/a.xml", b" " * (64 * 1024 - 4) + b"<!DOCTYPE a>")]),
        "active_content",
    ),
    case("계획.docx", lambda: made.ole({"EncryptedPackage": b"x" * 80}), "password"),
    case("계획.xlsx", lambda: made.ole({"Workbook": b"x" * 80}), "type_mismatch"),
    case("계획.docx", made.xlsx, "type_mismatch"),
    case("계획.docx", lambda: made.docx([("word/embeddings/t1.xlsx", made.xlsx())]), ""),
    case(
        "계획.docx",
        lambda: made.docx(
            [
                (
                    "word/embeddings/t1.xlsx",
                    made.xlsx([("xl/vbaProject.bin", "x")]),
                )
            ]
        ),
        "active_content",
    ),
    case(
        "계획.docx",
        lambda: made.docx(
            [
                (
                    "word/embeddings/t1.xlsx",
                    made.xlsx([("xl/embeddings/t2.docx", made.docx())]),
                )
            ]
        ),
        "active_content",
    ),
    case("계획.docx", lambda: made.docx([("word/embeddings/t1.xlsx", EXE)]), "type_mismatch"),
    case("계획.docx", lambda: made.docx([("WORD/document.xml", "<a/>")]), "zip_duplicate"),
    case("계획.docx", lambda: made.docx([("word/a.bin", b"\0" * (100 * MIB))]), "zip_size"),
    case("계획.docx", lambda: made.docx() + b"tail", {"zip_extra_data", "damaged"}),
    case("계획.docx", lambda: EXE + made.docx(), "type_mismatch"),
    case("계획.docm", made.docx, "extension"),
    case("계획.doc", lambda: made.ole({"WordDocument": b"x" * 80}), "extension"),
]

PICTURES = [
    *(
        case(
            f"사진.{kind}",
            lambda kind=kind: made.SAMPLES[kind](10_001, 5_000),
            "image_too_large",
            PICS,
        )
        for kind in PICS
    ),
    *(
        case(
            f"사진.{kind}",
            lambda kind=kind: made.SAMPLES[kind](0 if kind != "webp" else 1, 1),
            "damaged" if kind != "webp" else "",
            PICS,
        )
        for kind in PICS
    ),
    *(
        case(
            f"사진.{kind}",
            lambda kind=kind: made.SAMPLES[kind]() + made.zip_of({"a": b"x"}),
            "hidden_archive",
            PICS,
        )
        for kind in PICS
    ),
    case("사진.png", lambda: made.png(0x7FFFFFFF, 0x7FFFFFFF), "image_too_large", PICS),
    case("사진.png", HTML, "type_mismatch", PICS),
    case("사진.png", SVG, "type_mismatch", PICS),
    case("사진.svg", SVG, "extension", PICS),
    case("사진.jpg", EXE, "type_mismatch", PICS),
    case("사진.jpg", b"\xff\xd8\xff\xe0\0\1", "damaged", PICS),
    case("사진.jpg", b"\xff\xd8\xff\xff\xff\xff", "damaged", PICS),
    case("사진.jpg", b"\xff\xd8\xff\xd9", "damaged", PICS),
    case("사진.gif", b"GIF89a", "damaged", PICS),
    case("사진.webp", b"RIFF\0\0\0\0WEBPXXXX" + b"\0" * 30, "damaged", PICS),
    case("사진.tif", b"II*\0", "extension", PICS),
    case("사진.png", made.png, "", JOIN),
]

ZIPS = [
    *(
        case(
            "묶음.zip",
            lambda name=name: made.zip_with_raw_name(name.encode("cp949"), made.pdf()),
            "zip_path",
        )
        for name in (
            "../가.pdf",
            "a/../../가.pdf",
            "/가.pdf",
            "C:\\가.pdf",
            "c:가.pdf",
            "..\\..\\가.pdf",
            "\\\\서버\\가.pdf",
            "가\n.pdf",
            "가\x7f.pdf",
            "a/../가.pdf",
        )
    ),
    *(
        case(
            "묶음.zip", lambda kind=kind: zip_entry(external_attr=(kind | 0o777) << 16), "zip_entry"
        )
        for kind in (0o120000, 0o020000, 0o060000, 0o010000, 0o140000)
    ),
    *(
        case(
            "묶음.zip",
            lambda flag=flag: made.zip_with_raw_name(b"a.pdf", made.pdf(), flags=flag),
            "password",
        )
        for flag in (0x1, 0x41, 0x2041)
    ),
    *(
        case(
            "묶음.zip",
            lambda way=way: made.zip_of({"가.pdf": made.pdf()}, compression=way),
            "zip_method",
        )
        for way in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
    ),
    *(
        case("묶음.zip", lambda name=name: made.zip_of({name: made.pdf()}), "zip_nested")
        for name in ("안.zip", "안.7z", "안.rar", "안.alz", "안.egg", "안.tar", "안.gz", "안.tgz")
    ),
    case("묶음.zip", quine, "zip_nested"),
    case(
        "묶음.zip", lambda: made.zip_of({"안.pdf": made.zip_of({"가.pdf": b"x"})}), "type_mismatch"
    ),
    case(
        "묶음.zip", lambda: made.zip_of({f"{n}.pdf": made.pdf() for n in range(101)}), "zip_members"
    ),
    case("묶음.zip", lambda: made.zip_of({f"{n}.pdf": made.pdf() for n in range(100)}), ""),
    case("묶음.zip", lambda: made.zip_of({"가.pdf": made.pdf(b"\0" * (101 * MIB))}), "zip_size"),
    case("묶음.zip", lambda: made.zip_of({"가.pdf": made.pdf(b"\0" * (20 * MIB))}), "zip_ratio"),
    case("묶음.zip", lambda: made.zip_of({}), "zip_empty"),
    case("묶음.zip", lambda: made.zip_of({"서류/": b""}), "zip_empty"),
    case("묶음.zip", lambda: made.zip_of({"Thumbs.db": b"x"}), "zip_empty"),
    case("묶음.zip", lambda: made.zip_of({"가.pdf": b""}), "empty"),
    case("묶음.zip", lambda: made.zip_of({"가.exe": EXE}), "extension"),
    case("묶음.zip", lambda: made.zip_of({"가.pdf": EXE}), "type_mismatch"),
    case("묶음.zip", lambda: made.zip_of({"가.hwp": hwp_script("run();")}), "active_content"),
    case("묶음.zip", lambda: made.zip_of({"가.hwp": made.hwp()}), "extension", JOIN),
    case("묶음.zip", lambda: made.zip_of({"가.pdf": made.pdf(), "나.pdf": HTML}), "type_mismatch"),
    case(
        "묶음.zip",
        lambda: made.zip_of({"가.pdf": made.pdf(), "가.PDF": made.pdf()}),
        "zip_duplicate",
    ),
    case("묶음.zip", doubled, "zip_duplicate"),
    case("묶음.zip", lambda: two_headers(b"a.pdf", b"b.pdf"), "damaged"),
    case("묶음.zip", lambda: EXE + made.zip_of({"가.pdf": made.pdf()}), "type_mismatch"),
    case(
        "묶음.zip",
        lambda: made.zip_of({"가.pdf": made.pdf()}) + b"x",
        {"zip_extra_data", "damaged"},
    ),
    case("묶음.zip", lambda: made.zip_of({"가.pdf": made.pdf()})[:-30], "damaged"),
    case("묶음.zip", b"PK\3\4" + b"\0" * 60, "damaged"),
    case("묶음.zip", b"Rar!\x1a\7\0", "type_mismatch"),
    *(
        case("묶음.zip", lambda name=name, way=way: raw_zip(name, *way), "")
        for name in ("사업자등록증(사본).pdf", "표.pdf", "똠방각하.pdf")
        for way in (("cp949", 0), ("utf-8", 0), ("utf-8", 0x800))
    ),
    case("묶음.zip", lambda: raw_zip(unicodedata.normalize("NFD", "한글.pdf"), "utf-8"), ""),
    case("묶음.zip", lambda: made.zip_of({"__MACOSX/._가.pdf": b"x", "가.pdf": made.pdf()}), ""),
    case("묶음.7z", b"7z\xbc\xaf'\x1c", "extension"),
]

HOSTILE_SET = [*PDFS, *HWPS, *OFFICE, *PICTURES, *ZIPS]
