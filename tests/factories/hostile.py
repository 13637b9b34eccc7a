"""Builders of hostile files: what the set in `hostile_set` is made of."""

import io
import struct
import zipfile
import zlib

import pypdf
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject, TextStringObject

from tests.factories import uploads as made

MIB = 1024 * 1024
RELATION = (
    '<Relationships><Relationship Id="r1" Type="http://x/{kind}" Target="{target}" '
    'TargetMode="External"/></Relationships>'
)
IDLE = (
    "var Documents = XHwpDocuments;\r\nvar Document = Documents.Active_XHwpDocument;\r\n",
    "function OnDocument_New()\r\n{\r\n\t//todo : \r\n}\r\n",
)


def object_stream(objects, *, filters=b"/Filter/FlateDecode", pack=zlib.compress, kind=b"/ObjStm"):
    """Return a PDF whose objects lie in a compressed stream."""
    body = pack(b"5 0 " + objects)
    head = b"7 0 obj<</Type%s/N 1/First 4%s/Length %d>>stream\n" % (kind, filters, len(body))
    return made.pdf(head + body + b"\nendstream endobj")


def written_pdf(change=None, **lock):
    """Return a PDF by a real writer, changed and locked (see pypdf's `encrypt`)."""
    writer = pypdf.PdfWriter()
    writer.add_blank_page(200, 200)
    if change:
        change(writer)
    if lock:
        writer.encrypt(**lock)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def locked_script(algorithm):
    """Return a PDF that opens without a password; its script hides in a locked object stream."""
    data = written_pdf(user_password="", owner_password="o", algorithm=algorithm)
    reader = pypdf.PdfReader(io.BytesIO(data))
    writer = pypdf.PdfWriter(clone_from=reader)
    hidden = DecodedStreamObject()
    hidden.set_data(b"5 0 <</S/JavaScript/JS(x)>>")
    hidden.update({NameObject("/Type"): NameObject("/ObjStm"), NameObject("/N"): NameObject("/1")})
    hidden = hidden.flate_encode()
    writer._root_object[NameObject("/Hidden")] = writer._add_object(hidden)
    writer.encrypt(user_password="", owner_password="o", algorithm=algorithm)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def add_launch(writer):
    action = DictionaryObject(
        {NameObject("/S"): NameObject("/Launch"), NameObject("/F"): TextStringObject("cmd.exe")}
    )
    writer._root_object[NameObject("/OpenAction")] = action


def add_script(writer):
    action = DictionaryObject(
        {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("a()")}
    )
    writer._root_object[NameObject("/OpenAction")] = action


def script_stream(header, source):
    """Return HWP's script stream: four texts with their lengths in characters."""
    texts = [header, source, "", ""]
    return b"".join(
        struct.pack("<I", len(text)) + text.encode("utf-16-le") for text in texts
    ) + struct.pack("<I", 0xFFFFFFFF)


def packed(data):
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


def hwp_script(source, header=IDLE[0]):
    return made.hwp(streams={"Scripts/DefaultJScript": packed(script_stream(header, source))})


def hwp_part(name, data):
    return made.hwp(streams={f"BinData/{name}": packed(data)})


def hwpx_listing(address):
    """Return an HWPX whose list of parts names a picture at an address."""
    first = zipfile.ZipInfo("mimetype")
    item = f'<opf:package><opf:item id="i" href="{address}" isEmbeded="0"/></opf:package>'
    return made.zip_of([(first, "application/hwp+zip"), ("Contents/content.hpf", item)])


def rels(kind, target="http://e.example/t", name="word/_rels/settings.xml.rels", encoding="utf-8"):
    return made.docx([(name, RELATION.format(kind=kind, target=target).encode(encoding))])


def zip_entry(name="가.pdf", data=None, **fields):
    entry = zipfile.ZipInfo(name)
    for field, value in fields.items():
        setattr(entry, field, value)
    return made.zip_of([(entry, made.pdf() if data is None else data)])


def patched(data, *changes):
    """Return bytes with parts exchanged for others of the same length."""
    for old, new in changes:
        assert len(old) == len(new)
        assert old in data
        data = data.replace(old, new)
    return data


def two_headers(first, second):
    """Return a zip whose local header says one name and whose listing says another."""
    data = made.zip_with_raw_name(first, made.pdf())
    place = data.rfind(first)
    return data[:place] + second + data[place + len(first) :]


def doubled(name="가.pdf"):
    """Return a zip that lists one name twice."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(name, made.pdf())
        archive.writestr("나.pdf", made.pdf())
    raw, other = name.encode(), "나.pdf".encode()
    return target.getvalue().replace(other, raw)


def quine(depth=3):
    data = made.zip_of({"가.pdf": made.pdf()})
    for _ in range(depth):
        data = made.zip_of({"안.zip": data})
    return data


def raw_zip(name, encoding, flags=0):
    return made.zip_with_raw_name(name.encode(encoding), made.pdf(), flags=flags)
