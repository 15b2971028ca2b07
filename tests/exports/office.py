"""Opening what we wrote in LibreOffice, as a reader would."""

from __future__ import annotations

import atexit
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pypdf import PdfReader

from commands.test import office

_SECONDS = 300


@cache
def _profile() -> str:
    """Where LibreOffice keeps its settings: made once a process, since that takes longer than a small file."""
    folder = Path(tempfile.mkdtemp(prefix="jiceng-office-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder.as_uri()


def converted(files: Mapping[str, bytes], ending: str, folder: Path, *how: str) -> dict[str, Path]:
    """Each file, by its name, as LibreOffice saves it after opening it; all are opened by one process.

    ``how``: more words of its command line.
    """
    program = office()
    assert program, "LibreOffice is missing: `manage.py test` installs it, or says how"
    given, made = folder / "given", folder / "made"
    for place in (given, made):
        place.mkdir(exist_ok=True)
    for name, content in files.items():
        (given / name).write_bytes(content)
    command = [program, "--headless", f"-env:UserInstallation={_profile()}", *how, "--convert-to", ending]
    subprocess.run(
        [*command, "--outdir", str(made), *(str(given / name) for name in files)],
        check=True,
        capture_output=True,
        timeout=_SECONDS,
    )
    return {name: (made / name).with_suffix(f".{ending}") for name in files}


def printed(content: bytes, name: str, folder: Path) -> list[str]:
    """The text of each page after LibreOffice has opened a file and printed it; blanks and line ends are taken out.

    ``name`` says by its ending what the file is.
    """
    return pages(converted({name: content}, "pdf", folder)[name])


@cache
def pages(file: Path) -> list[str]:
    """The text of each page of a pdf, without blanks."""
    return [flat(page.extract_text()) for page in PdfReader(file).pages]


def embedded_fonts(file: Path) -> set[str]:
    """Names of the fonts that a pdf carries with it."""
    found = set()
    for page in PdfReader(file).pages:
        for font in page["/Resources"].get("/Font", {}).values():
            one = font.get_object()
            for part in one.get("/DescendantFonts", [one]):
                described = part.get_object().get("/FontDescriptor", {})
                if {"/FontFile", "/FontFile2", "/FontFile3"} & set(described):
                    found.add(str(one["/BaseFont"]))
    return found


def flat(text: str) -> str:
    """The text without blanks: where lines break is the program's affair."""
    return "".join(text.split())
