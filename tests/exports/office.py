"""Opening what we wrote in LibreOffice, as a reader would."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from pypdf import PdfReader

_SECONDS = 180


def printed(content: bytes, name: str, folder: Path) -> list[str]:
    """The text of each page after LibreOffice has opened a file and printed it; blanks and line ends are taken out.

    ``name`` says by its ending what the file is.
    """
    office = shutil.which("soffice")
    assert office, "LibreOffice is missing: `manage.py test` installs it, or says how"
    file = folder / name
    file.write_bytes(content)
    command = [office, "--headless", f"-env:UserInstallation={(folder / 'office').as_uri()}"]
    subprocess.run(
        [*command, "--convert-to", "pdf", "--outdir", str(folder), str(file)],
        check=True,
        capture_output=True,
        timeout=_SECONDS,
    )
    reader = PdfReader(file.with_suffix(".pdf"))
    return [flat(page.extract_text()) for page in reader.pages]


def flat(text: str) -> str:
    """The text without blanks: where lines break is the program's affair."""
    return "".join(text.split())
