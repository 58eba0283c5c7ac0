"""What a file is, told by its content; only the kinds that a case needs."""

import io
import zipfile
from collections.abc import Callable
from enum import StrEnum


class MediaType(StrEnum):
    """The kinds of files that are kept."""

    PNG = "image/png"
    JPEG = "image/jpeg"
    WEBP = "image/webp"
    GIF = "image/gif"
    PDF = "application/pdf"
    MP3 = "audio/mpeg"
    M4A = "audio/mp4"
    WAV = "audio/wav"
    MP4 = "video/mp4"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    TXT = "text/plain"


EXTENSIONS = {
    MediaType.PNG: (".png",),
    MediaType.JPEG: (".jpg", ".jpeg"),
    MediaType.WEBP: (".webp",),
    MediaType.GIF: (".gif",),
    MediaType.PDF: (".pdf",),
    MediaType.MP3: (".mp3",),
    MediaType.M4A: (".m4a", ".mp4"),
    MediaType.WAV: (".wav",),
    MediaType.MP4: (".mp4", ".m4v"),
    MediaType.DOCX: (".docx",),
    MediaType.XLSX: (".xlsx",),
    MediaType.TXT: (".txt", ".csv", ".log", ".md"),
}
MP4_BRANDS = (
    b"isom",
    b"iso2",
    b"iso4",
    b"iso5",
    b"iso6",
    b"mp41",
    b"mp42",
    b"avc1",
    b"M4V ",
    b"dash",
    b"mmp4",
    b"3gp4",
)
OFFICE_ENTRIES_MAX = 5_000
# Line breaks, tabs and form feeds occur in text; other control characters do not.
NOT_TEXT = frozenset(chr(code) for code in range(32)) - frozenset("\t\n\r\f") | {"\x7f"}


def sniff(content: bytes) -> MediaType | None:
    """Return the type of a file from its bytes, or None where it is none of ours."""
    for kind, fits in SIGNATURES:
        if fits(content):
            return kind
    return _office(content) or _text(content)


def _starts(*signatures: bytes) -> Callable[[bytes], bool]:
    """Return a test for the first bytes."""
    return lambda content: content.startswith(signatures)


def _riff(form: bytes) -> Callable[[bytes], bool]:
    """Return a test for a RIFF file of one form."""
    return lambda content: content[:4] == b"RIFF" and content[8:12] == form


def _branded(*brands: bytes) -> Callable[[bytes], bool]:
    """Return a test for an ISO media file of one of these major brands."""
    return lambda content: content[4:8] == b"ftyp" and content[8:12] in brands


def _is_mp3(content: bytes) -> bool:
    """Tell whether the file starts with an ID3 tag or an MPEG layer III frame."""
    if content[:3] == b"ID3":
        return True
    # Eleven bits of sync, a known version, layer III, and a bit rate that exists.
    first, second, third = (*content[:3], 0, 0, 0)[:3]
    sync = first == 0xFF and second & 0xE0 == 0xE0  # noqa: PLR2004  the format's own numbers
    return sync and second & 0x18 != 0x08 and second & 0x06 == 0x02 and third & 0xF0 not in {0x00, 0xF0}  # noqa: PLR2004


SIGNATURES: tuple[tuple[MediaType, Callable[[bytes], bool]], ...] = (
    (MediaType.PNG, _starts(b"\x89PNG\r\n\x1a\n")),
    (MediaType.JPEG, _starts(b"\xff\xd8\xff")),
    (MediaType.GIF, _starts(b"GIF87a", b"GIF89a")),
    (MediaType.PDF, _starts(b"%PDF-")),
    (MediaType.WEBP, _riff(b"WEBP")),
    (MediaType.WAV, _riff(b"WAVE")),
    (MediaType.M4A, _branded(b"M4A ", b"M4B ")),
    (MediaType.MP4, _branded(*MP4_BRANDS)),
    (MediaType.MP3, _is_mp3),
)


def _office(content: bytes) -> MediaType | None:
    """Tell a document or a workbook by the names inside; one with macros is neither. Nothing is unpacked."""
    if not content.startswith(b"PK\x03\x04"):
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    if len(names) > OFFICE_ENTRIES_MAX or any(name.lower().endswith("vbaproject.bin") for name in names):
        return None
    if "[Content_Types].xml" not in names:
        return None
    if "word/document.xml" in names:
        return MediaType.DOCX
    return MediaType.XLSX if "xl/workbook.xml" in names else None


def _text(content: bytes) -> MediaType | None:
    """Tell text by its encoding: UTF-8, or GB 18030 as older machines write it, without control characters."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if NOT_TEXT & set(text) or not text.strip() else MediaType.TXT
    return None
