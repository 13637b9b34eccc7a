"""Small files of every accepted format, made from nothing, and uploads of them."""

import io
import struct
import zipfile
import zlib

from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile

SECTOR = 512
MINI_SECTOR = 64
FREE, END_OF_CHAIN, FAT_SECTOR, NO_STREAM = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF


def upload_of(name, data):
    """Return an upload as a form hands it over."""
    return SimpleUploadedFile(name, data)


def upload_on_disk(name, data):
    """Return an upload as our upload handler makes it: a temporary file."""
    upload = TemporaryUploadedFile(name, "application/octet-stream", len(data), None)
    upload.write(data)
    upload.flush()
    upload.seek(0)
    return upload


def pdf(body=b""):
    """Return a PDF of no pages."""
    return (
        b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\n" + body + b"\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    )


def png(width=1, height=1):
    """Return a PNG header of any size with a single pixel's data."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        _png_chunk(name, data)
        for name, data in [(b"IHDR", head), (b"IDAT", zlib.compress(b"\0\0")), (b"IEND", b"")]
    )


def _png_chunk(name, data):
    checksum = struct.pack(">I", zlib.crc32(name + data))
    return struct.pack(">I", len(data)) + name + data + checksum


def jpg(width=1, height=1):
    """Return a JPEG up to its first frame header."""
    exif = b"\xff\xe1" + struct.pack(">H", 8) + b"Exif\0\0"
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\x00"
    return b"\xff\xd8" + exif + frame + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x00\xff\xd9"


def gif(width=1, height=1):
    """Return a GIF's screen header and its end."""
    return b"GIF89a" + struct.pack("<HHBBB", width, height, 0, 0, 0) + b";"


def webp(width=1, height=1):
    """Return an extended WEBP header."""
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<I", 10) + b"\0\0\0\0" + size
    return b"RIFF" + struct.pack("<I", len(body)) + body


def zip_of(members, *, compression=zipfile.ZIP_DEFLATED):
    """Return a zip of (name or ZipInfo, bytes) pairs, or of a dictionary of them."""
    pairs = members.items() if isinstance(members, dict) else members
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", compression) as archive:
        for name, data in pairs:
            archive.writestr(name, data)
    return target.getvalue()


def zip_with_raw_name(raw, data, *, extra=b"", flags=0):
    """Return a zip whose one member carries these name bytes, as Korean tools write them."""
    checksum, size = zlib.crc32(data), len(data)
    common = struct.pack(
        "<HHHHHIIIHH", 20, flags, 0, 0, 33, checksum, size, size, len(raw), len(extra)
    )
    local = b"PK\x03\x04" + common + raw + extra + data
    central = b"PK\x01\x02\x14\x00" + common + struct.pack("<HHHII", 0, 0, 0, 0, 0) + raw + extra
    end = struct.pack("<HHHHIIH", 0, 0, 1, 1, len(central), len(local), 0)
    return local + central + b"PK\x05\x06" + end


def docx(extra=()):
    """Return a DOCX's bones, with further parts."""
    return zip_of(
        [
            ("[Content_Types].xml", "<Types/>"),
            ("_rels/.rels", "<Relationships/>"),
            ("word/document.xml", "<w:document/>"),
            *extra,
        ]
    )


def xlsx(extra=()):
    """Return an XLSX's bones, with further parts."""
    return zip_of([("[Content_Types].xml", "<Types/>"), ("xl/workbook.xml", "<workbook/>"), *extra])


def hwpx(extra=(), mimetype="application/hwp+zip"):
    """Return an HWPX's bones: the first part, stored, names the format."""
    first = zipfile.ZipInfo("mimetype")
    first.compress_type = zipfile.ZIP_STORED
    return zip_of(
        [(first, mimetype), ("Contents/content.hpf", "<opf:package/>"), *extra],
    )


def hwp(flags=1, signature=b"HWP Document File", streams=None):
    """Return an HWP 5's bones: an OLE file whose FileHeader names the format."""
    header = signature.ljust(32, b"\0") + struct.pack("<II", 0x05000300, flags)
    bones = {"FileHeader": header.ljust(256, b"\0"), "DocInfo": b"\0" * 64}
    return ole(bones | (streams or {}))


def ole(streams):
    """Return an OLE compound file of small streams (each under 4,096 bytes); «A/B» lies in A."""
    mini, mini_fat, places = b"", [], {}
    for path, data in streams.items():
        first = len(mini_fat)
        count = -(-len(data) // MINI_SECTOR)
        mini_fat += [*range(first + 1, first + count), END_OF_CHAIN]
        mini += data.ljust(count * MINI_SECTOR, b"\0")
        places[path] = (first, len(data))
    directory = _ole_directory(places, len(mini))
    directory = _padded(directory, SECTOR)
    mini_table = _padded(struct.pack(f"<{len(mini_fat)}I", *mini_fat), SECTOR, b"\xff")
    mini = _padded(mini, SECTOR)
    # Sector 0 holds the FAT, then come directory, mini FAT and mini stream in this order.
    chains = [len(part) // SECTOR for part in (directory, mini_table, mini)]
    fat, starts = [FAT_SECTOR], []
    for length in chains:
        starts.append(len(fat))
        fat += [*range(len(fat) + 1, len(fat) + length), END_OF_CHAIN]
    directory = directory[:116] + struct.pack("<I", starts[2]) + directory[120:]
    table = _padded(struct.pack(f"<{len(fat)}I", *fat), SECTOR, b"\xff")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    header += struct.pack("<HHHHH6xIIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, starts[0], 0, 4096,
                          starts[1], chains[1], END_OF_CHAIN, 0, 0)  # fmt: skip
    header = header.ljust(SECTOR, b"\xff")
    return header + table + directory + mini_table + mini


def _ole_directory(places, mini_size):
    """Return the entries: the root, its storages and streams, then what lies in the storages."""
    folders = list(dict.fromkeys(path.split("/")[0] for path in places if "/" in path))
    top = [*(path for path in places if "/" not in path), *folders]
    inner = {
        folder: [path for path in places if path.startswith(f"{folder}/")] for folder in folders
    }
    numbers = {name: number for number, name in enumerate(
        [*top, *(path for folder in folders for path in inner[folder])], start=1)}  # fmt: skip
    entries = _ole_entry("Root Entry", 5, 3, mini_size, child=1)
    for chain in (top, *inner.values()):
        for name, after in zip(chain, [*chain[1:], None], strict=True):
            right = numbers[after] if after else NO_STREAM
            short = name.rpartition("/")[2]
            if name in places:
                entries += _ole_entry(short, 2, *places[name], right=right)
            else:
                first = numbers[inner[name][0]]
                entries += _ole_entry(short, 1, 0, 0, child=first, right=right)
    return entries


def _ole_entry(name, kind, start, size, *, child=NO_STREAM, right=NO_STREAM):
    raw = (name + "\0").encode("utf-16-le")
    entry = raw.ljust(64, b"\0") + struct.pack(
        "<HBBIII", len(raw), kind, 1, NO_STREAM, right, child
    )
    return entry + b"\0" * 36 + struct.pack("<IQ", start, size)


def _padded(data, block, filler=b"\0"):
    return data.ljust(-(-len(data) // block) * block, filler)


SAMPLES = {
    "pdf": pdf,
    "png": png,
    "jpg": jpg,
    "gif": gif,
    "webp": webp,
    "docx": docx,
    "xlsx": xlsx,
    "hwpx": hwpx,
    "hwp": hwp,
    "zip": lambda: zip_of({"사업계획서.pdf": pdf()}),
}
