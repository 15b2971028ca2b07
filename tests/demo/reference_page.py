"""``python -m tests.demo.reference_page FOLDER``: docs/reference.md from an installation of the demo in FOLDER."""

from __future__ import annotations

import sys
from pathlib import Path

from data.installation import open_installation
from tests.demo.reference_list import PAGE, centre_figures, page


def main(folder: str) -> None:
    PAGE.write_text(page(centre_figures(open_installation(Path(folder)))), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
