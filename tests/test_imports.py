"""The direction of imports, read from the source: each rule is a sentence, and names who breaks it."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("data", "metrics", "charts", "exports", "signin", "pages", "commands")

# room: the rooms that it may import, itself included
MAY_IMPORT = {
    "data": {"data"},
    "metrics": {"data", "metrics"},
    "charts": {"data", "metrics", "charts"},
    "exports": {"data", "metrics", "charts", "exports"},
    "signin": {"data", "signin"},
    "pages": {"data", "metrics", "charts", "exports", "signin", "pages"},
    "app": {"signin", "pages"},
    "commands": {"data", "metrics", "charts", "exports", "signin", "commands"},
    "manage": {"commands"},
}
# Run before the environment exists.
STANDARD_LIBRARY_ONLY = ("manage", "commands.environment", "data.lock")


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(path: Path) -> list[str]:
    """Every module that a file imports, wherever the import stands; of ``from a import b`` both a and a.b."""
    found = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"), str(path))):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                package = module_of(path).split(".")
                keep = len(package) - node.level + (path.name == "__init__.py")
                base = ".".join([*package[:keep], *filter(None, [node.module])])
            found += [base, *(f"{base}.{alias.name}" for alias in node.names)]
    return found


FILES = [
    ROOT / "manage.py",
    ROOT / "app.py",
    *(file for room in ROOMS for file in sorted((ROOT / room).rglob("*.py"))),
]
IMPORTS = {module_of(file): imports_of(file) for file in FILES}


def offenders(is_wrong: Callable[[str, str], bool]) -> list[str]:
    return sorted(
        {
            f"{module} imports {name}"
            for module, names in IMPORTS.items()
            for name in names
            if is_wrong(module, name)
        }
    )


def room(module: str) -> str:
    return module.partition(".")[0]


def under(module: str, *packages: str) -> bool:
    return any(module == package or module.startswith(package + ".") for package in packages)


def test_rooms_import_one_way():
    """data <- metrics <- charts, exports <- pages <- app; commands and manage stand beside the pages."""
    wrong = offenders(
        lambda module, name: room(name) in MAY_IMPORT and room(name) not in MAY_IMPORT[room(module)]
    )
    assert not wrong, "imports go one way: data <- metrics <- charts, exports <- pages <- app.py"


def test_only_pages_know_streamlit():
    """Nothing below the pages imports streamlit; the commands start it and read what it sends."""
    allowed = ("pages", "app", "commands.server", "commands.session")
    wrong = offenders(lambda module, name: room(name) == "streamlit" and not under(module, *allowed))
    assert not wrong, "nothing below pages imports streamlit"


# library: the modules that may know it
WRITERS = {
    "pptx": ("exports.pptx_",),
    "docx": ("exports.docx_",),
    "matplotlib": ("exports.pictures", "exports.fonts"),
}


@pytest.mark.parametrize("library", WRITERS)
def test_content_of_documents_knows_no_library(library: str):
    """What a document says is made apart from the library that writes it."""
    wrong = offenders(lambda module, name: room(name) == library and not module.startswith(WRITERS[library]))
    assert not wrong, f"{library} is known to {', '.join(WRITERS[library])} only"


def test_statistics_are_pure():
    """Statistics know arrays: no card, no database, nothing slow to import."""
    wrong = [
        f"{module} imports {name}"
        for module, names in IMPORTS.items()
        if under(module, "metrics.statistics")
        for name in names
        if not under(name, "metrics.statistics", "numpy", "scipy.special")
        and room(name) not in sys.stdlib_module_names
        and name != "scipy"
    ]
    assert not wrong, "metrics/statistics takes arrays and gives arrays, and scipy.stats is for its tests"


def test_the_demo_is_not_part_of_the_product():
    """Demo and real records never meet: only commands (and tests) may make a demo."""
    wrong = offenders(
        lambda module, name: under(name, "data.demo") and not under(module, "data.demo", "commands")
    )
    assert not wrong, "nothing under data/demo is imported by anything but commands and tests"


def test_tests_are_not_part_of_the_product():
    wrong = offenders(lambda module, name: room(name) == "tests")
    assert not wrong, "the product does not import its tests"


@pytest.mark.parametrize("module", STANDARD_LIBRARY_ONLY)
def test_what_runs_before_the_environment_needs_only_python(module: str):
    wrong = [
        name
        for name in IMPORTS[module]
        if room(name) not in sys.stdlib_module_names
        and not under(name, "commands", *STANDARD_LIBRARY_ONLY)
        and name != "data"
    ]
    assert not wrong, f"{module} runs before anything is installed: standard library only"


def test_rooms_have_no_cycles():
    """Modules of one room do not import each other in a circle."""
    graph = {
        module: {name for name in names if name in IMPORTS and name != module and not under(module, name)}
        for module, names in IMPORTS.items()
    }
    path: list[str] = []
    done: set[str] = set()

    def walk(module: str) -> None:
        if module in path:
            pytest.fail("imports form a circle: " + " -> ".join([*path[path.index(module) :], module]))
        if module not in done:
            path.append(module)
            for name in sorted(graph[module]):
                walk(name)
            path.pop()
            done.add(module)

    for module in sorted(graph):
        walk(module)


def test_manage_is_understood_by_old_pythons():
    """So that one too old can say so itself, instead of a syntax error."""
    ast.parse((ROOT / "manage.py").read_text("utf-8"), feature_version=(3, 6))
