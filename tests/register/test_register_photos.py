"""Photos are kept without where and with what they were taken, and are shown the same way up, pixel by pixel."""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ExifTags, Image, ImageCms, ImageOps, PngImagePlugin

from data.register import add
from data.register.evidence import EvidenceError, content, keep, listed
from data.register.photos import PhotoError, TooLargeError, plain
from data.register.tables import finding

MAKER, PLACE = b"HUAWEI-P60", (31.0, 14.0, 9.5)
FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
MOST = 10_000
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def half_red(width: int = 20, height: int = 10) -> Image.Image:
    made = Image.new("RGB", (width, height), "blue")
    made.paste("red", (0, 0, width // 2, height))
    return made


def photo(media: str, orientation: int = 6, **more) -> bytes:
    """A photo with its place, its device and a comment in it."""
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = MAKER.decode()
    exif[ExifTags.Base.Orientation] = orientation
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    gps[ExifTags.GPS.GPSLatitudeRef], gps[ExifTags.GPS.GPSLatitude] = "N", PLACE
    if media == "image/png":
        more["pnginfo"] = PngImagePlugin.PngInfo()
        more["pnginfo"].add_text("Comment", "taken at the clinic")
    elif media == "image/jpeg":
        more["comment"] = "taken at the clinic"
    if media != "image/png":
        more["xmp"] = b"<x:xmpmeta>taken at the clinic</x:xmpmeta>"
    made = io.BytesIO()
    half_red().save(made, FORMATS[media], exif=exif, icc_profile=PROFILE, **more)
    return made.getvalue()


def seen(bytes_: bytes) -> Image.Image:
    """The photo as it is shown: turned the right way up."""
    return ImageOps.exif_transpose(Image.open(io.BytesIO(bytes_))).convert("RGB")


@pytest.mark.parametrize("media", FORMATS)
@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_place_and_device_go_and_the_picture_stays(media: str, orientation: int) -> None:
    before = photo(media, orientation)
    assert dict(Image.open(io.BytesIO(before)).getexif().get_ifd(ExifTags.IFD.GPSInfo)), "it has a place"
    after = plain(before, media, MOST)
    told = Image.open(io.BytesIO(after))
    exif = told.getexif()
    assert dict(exif) == ({} if orientation == 1 else {ExifTags.Base.Orientation: orientation})
    assert dict(exif.get_ifd(ExifTags.IFD.GPSInfo)) == {}
    assert told.info.get("icc_profile"), "colours are shown as before"
    for what in (MAKER, b"clinic", b"xmpmeta"):
        assert what not in after
    assert seen(after).tobytes() == seen(before).tobytes()
    # Of 20 by 10 turned by a quarter there are 10 by 20.
    assert seen(after).size == ((10, 20) if orientation in (6, 8) else (20, 10))
    assert plain(after, media, MOST) == after, "done twice it is the same"


def test_what_follows_the_picture_goes_too() -> None:
    """Some cameras append a second picture, or a film, with a place of its own."""
    before = photo("image/jpeg", 1)
    assert plain(before + photo("image/jpeg"), "image/jpeg", MOST) == plain(before, "image/jpeg", MOST)
    png = photo("image/png", 1)
    assert plain(png + b"GPS 31.2", "image/png", MOST) == plain(png, "image/png", MOST)


@pytest.mark.parametrize("progressive", [False, True])
def test_a_photo_in_several_scans(progressive: bool) -> None:
    before = photo("image/jpeg", 8, progressive=progressive, restart_marker_rows=1)
    assert seen(plain(before, "image/jpeg", MOST)).tobytes() == seen(before).tobytes()


def test_an_animation_keeps_its_pictures() -> None:
    made = io.BytesIO()
    half_red().save(made, "WEBP", save_all=True, append_images=[half_red().rotate(180)], exif=Image.Exif())
    after = Image.open(io.BytesIO(plain(made.getvalue(), "image/webp", MOST)))
    assert after.n_frames == 2


def test_a_picture_that_would_fill_the_memory_is_refused() -> None:
    """A header that says 60,000 by 60,000: 3.6 thousand million pixels in a file of 100 bytes."""
    for side in (101, 60_000):
        with pytest.raises(TooLargeError):
            plain(bomb(side), "image/png", MOST)
    assert plain(bomb(100), "image/png", MOST)


def bomb(side: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


@given(media=st.sampled_from(list(FORMATS)), cut=st.floats(0, 0.99))
def test_a_photo_cut_short_is_told_or_kept_without_its_place(media: str, cut: float) -> None:
    whole = photo(media)
    try:
        after = plain(whole[: int(len(whole) * cut)], media, MOST)
    except PhotoError:
        return
    assert MAKER not in after


# -- kept as evidence ----------------------------------------------------------------------------------


@pytest.fixture
def a_finding(register) -> str:
    day = date(2026, 3, 5)
    row = {"unit": 7, "kind": "sup_paper", "severity": "low", "what": "x", "issued_on": day, "due_on": day}
    with register.writing() as connection:
        return str(add(connection, finding, {**row, "state": "open"}, "li"))


def test_kept_evidence_tells_no_place_and_papers_stay_as_they_are(register, installation, a_finding) -> None:
    keep(register, installation, "finding", a_finding, "现场.jpg", photo("image/jpeg"), "li")
    paper = b"%PDF-1.7\n" + MAKER
    keep(register, installation, "finding", a_finding, "a.pdf", paper, "li")
    with register.reading() as connection:
        first, second = listed(connection, "finding", a_finding)
    kept = content(installation, first)
    assert (MAKER in kept, len(kept) == first["size"]) == (False, True)
    assert Image.open(io.BytesIO(kept)).getexif()[ExifTags.Base.Orientation] == 6
    assert content(installation, second) == paper
    # The same photo chosen again is known.
    assert keep(register, installation, "finding", a_finding, "b.jpg", photo("image/jpeg"), "li") == 1


def test_why_a_photo_is_refused_is_told_in_both_languages(register, installation, a_finding) -> None:
    small = replace(installation, config=replace(installation.config, evidence_megapixels=1))
    with pytest.raises(EvidenceError, match=r"1,001 × 1,001 像素[\s\S]*1,001 × 1,001 pixels"):
        keep(register, small, "finding", a_finding, "a.png", bomb(1_001), "li")
    with pytest.raises(EvidenceError, match=r"百万像素[\s\S]*million pixels"):
        keep(register, installation, "finding", a_finding, "a.png", bomb(60_000), "li")
    with pytest.raises(EvidenceError, match=r"不是完整的照片[\s\S]*no whole photo"):
        keep(register, installation, "finding", a_finding, "a.png", b"\x89PNG\r\n\x1a\n" + b"x" * 40, "li")
    with register.reading() as connection:
        assert listed(connection, "finding", a_finding) == []
