"""Files and functions stay small: the tail is what makes code tiresome."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = sorted(
    path.relative_to(ROOT)
    for folder in ("src", "tests", "bench", "tools")
    for path in (ROOT / folder).rglob("*.py")
    if "node_modules" not in path.parts
    and not any(part.startswith(".") for part in path.relative_to(ROOT).parts)
)
FILE, FUNCTION, ARGUMENTS = 400, 40, 6
MANY_WORDS = {"src/ganj/parameters.py:param"}  # each word is named at the call


def test_there_are_files_to_look_at():
    assert Path("src/ganj/text.py") in FILES


@pytest.mark.parametrize("path", FILES, ids=str)
def test_a_file_and_its_functions_are_small(path):
    text = (ROOT / path).read_text(encoding="utf-8")
    assert text.count("\n") <= FILE, f"{path} has more than {FILE} lines"
    assert list(too_big(path, ast.parse(text))) == []


def too_big(path, tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            if length(node) > FUNCTION:
                yield f"{path}:{node.lineno} {node.name} has {length(node)} lines"
            if asked(node) > ARGUMENTS and not excused(path, node):
                yield f"{path}:{node.lineno} {node.name} takes {asked(node)} arguments"


def length(function):
    """Count the lines from `def` to the end, without the docstring and decorators."""
    first = function.body[0]
    docstring = ast.get_docstring(function) is not None
    said = first.end_lineno - first.lineno + 1 if docstring else 0
    return function.end_lineno - function.lineno + 1 - said


def asked(function):
    """Count the arguments a caller thinks of: not self or cls."""
    a = function.args
    names = [arg.arg for arg in (*a.posonlyargs, *a.args, *a.kwonlyargs)]
    return len(names) - (names[:1] in (["self"], ["cls"]))


def excused(path, function):
    """Kernels take the arrays they read, tests their fixtures."""
    return "kernels" in path.parts or path.parts[0] == "tests" or f"{path}:{function.name}" in MANY_WORDS


def test_the_rule_bites():
    long = "def f(a, b, c, d, e, f, g):\n" + "    x = 1\n" * 41
    assert len(list(too_big(Path("src/ganj/x.py"), ast.parse(long)))) == 2
