"""Attachments and comments."""

import hashlib
import io
import struct
import wave
import zipfile
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import Invalid, NotFound
from registers.media import AttachmentRegister, CommentRegister, MediaType, NewAttachment, sniff
from registers.media.attachments import SIZE_MAX, clean_name

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20


def office(*names: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return target.getvalue()


def sound() -> bytes:
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(8000)
        file.writeframes(b"\x80" * 10)
    return target.getvalue()


KNOWN = [
    ("a.png", PNG, MediaType.PNG),
    ("a.JPG", b"\xff\xd8\xff\xe0" + b"\x00" * 8, MediaType.JPEG),
    ("a.webp", b"RIFF" + struct.pack("<I", 4) + b"WEBP", MediaType.WEBP),
    ("a.gif", b"GIF89a" + b"\x00" * 8, MediaType.GIF),
    ("a.pdf", b"%PDF-1.7\n", MediaType.PDF),
    ("a.mp3", b"ID3\x04\x00", MediaType.MP3),
    ("b.mp3", b"\xff\xfb\x90\x64", MediaType.MP3),
    ("a.m4a", b"\x00\x00\x00\x20ftypM4A \x00", MediaType.M4A),
    ("a.wav", sound(), MediaType.WAV),
    ("a.mp4", b"\x00\x00\x00\x20ftypisom\x00", MediaType.MP4),
    ("a.docx", office("[Content_Types].xml", "word/document.xml"), MediaType.DOCX),
    ("a.xlsx", office("[Content_Types].xml", "xl/workbook.xml"), MediaType.XLSX),
    ("a.txt", "现场情况\r\n".encode(), MediaType.TXT),
    ("b.txt", "现场情况".encode("gb18030"), MediaType.TXT),
]


@pytest.fixture
def attachments(connection, clock):
    return AttachmentRegister(connection, clock)


@pytest.fixture
def comments(connection, clock):
    return CommentRegister(connection, clock)


@pytest.mark.parametrize(("name", "content", "kind"), KNOWN, ids=[name for name, *_ in KNOWN])
def test_each_kind_is_known_by_its_content_and_comes_back_unchanged(attachments, name, content, kind):
    kept = attachments.add(NewAttachment("c1", name, content, "alice", task_id="t1"))
    assert (kept.media_type, kept.size, kept.sha256) == (kind, len(content), hashlib.sha256(content).hexdigest())
    assert attachments.content_of(kept.id) == content
    assert attachments.get(kept.id) == kept
    assert attachments.list_for("c1") == (kept,)
    assert attachments.list_for("c1", task_id="other") == ()


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.png", b"", "file-empty"),
        ("a.exe", b"MZ\x90\x00\x03", "file-type-refused"),
        ("a.zip", office("readme"), "file-type-refused"),
        ("a.docm", office("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "file-type-refused"),
        ("a.docx", b"PK\x03\x04broken", "file-type-refused"),
        ("a.png", b"%PDF-1.7\n", "file-name-misleads"),
        ("a.html", b"<script>alert(1)</script>", "file-name-misleads"),
        ("a.svg", b"<svg/>", "file-name-misleads"),
        ("noname", PNG, "file-name-misleads"),
        ("a.txt", b"a\x00b", "file-type-refused"),
        ("a.mp3", b"\xff", "file-type-refused"),
    ],
)
def test_a_wrong_file_is_refused_by_the_name_of_its_field(attachments, name, content, code):
    with pytest.raises(Invalid) as caught:
        attachments.add(NewAttachment("c1", name, content, "alice"))
    assert [(problem.where, problem.code) for problem in caught.value.problems] == [("file", code)]
    assert attachments.list_for("c1") == ()


def test_a_file_of_twenty_megabytes_is_kept_and_one_byte_more_is_not(attachments):
    assert attachments.add(NewAttachment("c1", "a.pdf", b"%PDF-" + b"x" * (SIZE_MAX - 5), "alice")).size == SIZE_MAX
    with pytest.raises(Invalid) as caught:
        attachments.add(NewAttachment("c1", "a.pdf", b"%PDF-" + b"x" * (SIZE_MAX - 4), "alice"))
    assert caught.value.problems[0].params == {"max": 20}


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\photos\\井盖.png", "井盖.png"),
        ("a\x00b\n.png", "ab.png"),
        ("gnp\u202e.txt", "gnp.txt"),
        ("长" * 300 + ".png", "长" * 196 + ".png"),
    ],
)
def test_a_file_name_is_only_a_name(name, clean):
    assert clean_name(name) == clean


@given(st.binary(max_size=300))
def test_any_bytes_are_one_of_ours_or_none(content):
    assert sniff(content) is None or isinstance(sniff(content), MediaType)


def test_an_unknown_file_is_not_found(attachments):
    for ask in (attachments.get, attachments.content_of):
        with pytest.raises(NotFound):
            ask("unknown")


def test_comments_are_listed_oldest_first_and_by_task(comments, clock):
    first = comments.add("c1", author="alice", text=" 已到现场 ")
    clock.advance(timedelta(minutes=1))
    second = comments.add("c1", author="bob", text="收到", task_id="t1")
    assert first.text == "已到现场"
    assert comments.list_for("c1") == (first, second)
    assert comments.list_for("c1", task_id="t1") == (second,)


@pytest.mark.parametrize("text", ["", "  ", "x" * 2001, "a\x00b"])
def test_a_comment_says_something_and_not_too_much(comments, text):
    with pytest.raises(Invalid) as caught:
        comments.add("c1", author="alice", text=text)
    assert caught.value.problems[0].where == "text"
