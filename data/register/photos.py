"""Photos as they are kept: without where, when and with what they were taken, the picture itself untouched.

Blocks of metadata are left out of the file; its pixels are not compressed anew, so nothing of a proof is lost. Which
way up a photo is shown stays, told in a block that says nothing else.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator

from PIL import ExifTags, Image

#: Media type -> what makes its metadata go.
MEDIA = ("image/jpeg", "image/png", "image/webp")
_UPRIGHT = 1
# JPEG: headers that say how to decode and colour; comments, Exif, XMP, maker's blocks are not among them.
_JFIF, _ICC, _ADOBE, _EXIF = 0xE0, 0xE2, 0xEE, 0xE1
_START, _END, _SCAN = 0xD8, 0xD9, 0xDA
# PNG: what a picture is made of, and its colours.
_PNG_KEPT = (b"IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB cICP bKGD pHYs acTL fcTL fdAT").split()
_PNG_MARK = b"\x89PNG\r\n\x1a\n"
_WEBP_KEPT = (b"VP8 ", b"VP8L", b"ALPH", b"ICCP", b"ANIM", b"ANMF")
_WEBP_EXIF, _WEBP_XMP = 0x08, 0x04  # bits of the header VP8X


class PhotoError(ValueError):
    """The bytes are no photo that can be read to its end."""


class TooLargeError(ValueError):
    """A photo of more pixels than are kept; ``size`` is (width, height), None where even that is absurd."""

    def __init__(self, size: tuple[int, int] | None) -> None:
        self.size = size
        super().__init__(f"a photo of {size} pixels")


def plain(content: bytes, media: str, most: int) -> bytes:
    """The photo without metadata. ``most``: pixels; more raise TooLargeError, what is no photo PhotoError.

    Nothing is decoded: a small file that would unfold to a huge picture is known by its header.
    """
    turned = _turned(content, most)
    try:
        return {"image/jpeg": _jpeg, "image/png": _png, "image/webp": _webp}[media](content, turned)
    except (struct.error, IndexError) as error:
        raise PhotoError("the file ends too early") from error


def _turned(content: bytes, most: int) -> int:
    """Which way up the photo is to be shown: 1 to 8 as Exif numbers it."""
    try:
        with Image.open(io.BytesIO(content)) as photo:
            if photo.width * photo.height > most:
                raise TooLargeError(photo.size)
            exif = Image.Exif()
            exif.load(photo.info.get("exif") or _png_exif(content) or None)
            turned = exif.get(ExifTags.Base.Orientation, _UPRIGHT)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise TooLargeError(None) from error
    except TooLargeError:
        raise
    except (OSError, ValueError, SyntaxError, IndexError, struct.error) as error:
        raise PhotoError(str(error)) from error
    return turned if turned in range(1, 9) else _UPRIGHT


def _exif(turned: int) -> bytes:
    """An Exif block that says which way up, and nothing else."""
    # Big-endian TIFF, one directory of one entry: tag, type SHORT, one value.
    return b"MM\x00*" + struct.pack(">IHHHIHHI", 8, 1, ExifTags.Base.Orientation, 3, 1, turned, 0, 0)


# -- JPEG --------------------------------------------------------------------------------------------


def _jpeg(content: bytes, turned: int) -> bytes:
    out = [b"\xff\xd8"]
    if turned != _UPRIGHT:
        block = b"Exif\x00\x00" + _exif(turned)
        out.append(struct.pack(">BBH", 0xFF, _EXIF, len(block) + 2) + block)
    for marker, part in _segments(content):
        is_about = 0xE0 <= marker <= 0xEF or marker == 0xFE
        if not is_about or _is_colour(marker, part):
            out.append(part)
    return b"".join(out)


def _is_colour(marker: int, part: bytes) -> bool:
    body = part[4:]
    return (
        (marker == _JFIF and body.startswith(b"JFIF\x00"))
        or (marker == _ICC and body.startswith(b"ICC_PROFILE\x00"))
        or (marker == _ADOBE and body.startswith(b"Adobe"))
    )


def _segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """(marker, bytes) of every part after the start up to the end of the picture; what follows that is not given."""
    at = 2
    while True:
        if content[at] != 0xFF:
            raise PhotoError(f"no marker at byte {at}")
        while content[at + 1] == 0xFF:  # filling bytes
            at += 1
        marker = content[at + 1]
        if marker == _END:
            yield marker, b"\xff\xd9"
            return
        if marker == _START or marker == 0x01 or 0xD0 <= marker <= 0xD7:
            end = at + 2
        else:
            (length,) = struct.unpack_from(">H", content, at + 2)
            end = at + 2 + length
            if marker == _SCAN:
                end = _scan_end(content, end)
        if end > len(content):
            raise PhotoError("the file ends too early")
        yield marker, content[at:end]
        at = end


def _scan_end(content: bytes, at: int) -> int:
    """Where compressed data ends: at the first marker that is none of theirs."""
    while True:
        at = content.find(b"\xff", at)
        if at < 0:
            raise PhotoError("the file ends too early")
        following = content[at + 1]
        if following != 0x00 and not 0xD0 <= following <= 0xD7:
            return at
        at += 2


# -- PNG ---------------------------------------------------------------------------------------------


def _png(content: bytes, turned: int) -> bytes:
    out = [_PNG_MARK]
    for kind, chunk in _chunks(content):
        if kind in _PNG_KEPT:
            out.append(chunk)
        if kind == b"IHDR" and turned != _UPRIGHT:
            block = b"eXIf" + _exif(turned)
            out.append(struct.pack(">I", len(block) - 4) + block + struct.pack(">I", zlib.crc32(block)))
    return b"".join(out)


def _png_exif(content: bytes) -> bytes:
    """The Exif block of a PNG: to ask Pillow for it would unfold the picture."""
    if not content.startswith(_PNG_MARK):
        return b""
    return next((chunk[8:-4] for kind, chunk in _chunks(content) if kind == b"eXIf"), b"")


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """(kind, bytes) of every chunk to the end of the picture; what follows that is not given."""
    at, kind = len(_PNG_MARK), b""
    while kind != b"IEND":
        length, kind = struct.unpack_from(">I4s", content, at)
        end = at + 12 + length
        if end > len(content):
            raise PhotoError("the file ends too early")
        yield kind, content[at:end]
        at = end


# -- WebP --------------------------------------------------------------------------------------------


def _webp(content: bytes, turned: int) -> bytes:
    """A simple file has no metadata; an extended one says in its header which blocks it has."""
    end, at, out = 8 + struct.unpack_from("<I", content, 4)[0], 12, []
    while at + 8 <= min(end, len(content)):
        kind, length = struct.unpack_from("<4sI", content, at)
        body = content[at + 8 : at + 8 + length]
        if len(body) < length:
            raise PhotoError("the file ends too early")
        if kind == b"VP8X":
            told = body[0] & ~(_WEBP_EXIF | _WEBP_XMP) | (_WEBP_EXIF if turned != _UPRIGHT else 0)
            out.append((kind, bytes([told]) + body[1:]))
        elif kind in _WEBP_KEPT:
            out.append((kind, body))
        at += 8 + length + length % 2
    if turned != _UPRIGHT:
        out.append((b"EXIF", _exif(turned)))
    parts = b"".join(
        struct.pack("<4sI", kind, len(body)) + body + b"\x00" * (len(body) % 2) for kind, body in out
    )
    return b"RIFF" + struct.pack("<I", len(parts) + 4) + b"WEBP" + parts
