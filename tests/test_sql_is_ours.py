"""No words of a user become SQL: values are bound, names are our own column codes."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[1] / "src/ganj"
RUNS = {"execute", "executemany", "exec_driver_sql", "sql", "query", "executescript"}

# Functions that build SQL out of our own words (column codes c0..cn, bucket numbers, fixed names), and why.
BUILT = {"access/ring.py:from_file": "the columns are the fields of our own struct"}


def test_sql_is_built_only_where_we_looked():
    found = {place for path in ROOT.rglob("*.py") for place in builders(path)}
    assert found - set(BUILT) == set(), "bind the value, or say in BUILT why the built words are our own"


def test_the_list_of_builders_is_current():
    found = {place for path in ROOT.rglob("*.py") for place in builders(path)}
    assert set(BUILT) - found == set()


def test_the_rule_bites(tmp_path):
    bad = tmp_path / "bad.py"
    bad.write_text(
        "def ask(con, name):\n"
        "    con.execute(f'select * from t where name = {name}')\n"
        "def ask_again(con, name):\n"
        "    query = 'select * from ' + name\n"
        "    return con.sql(query)\n"
        "def ask_politely(con, name):\n"
        "    return con.execute('select * from t where name = ?', [name])\n",
        encoding="utf-8",
    )
    assert set(builders(bad, tmp_path)) == {"bad.py:ask", "bad.py:ask_again"}


def builders(path, root=ROOT):
    """Name the functions that run a statement put together from pieces."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            built = set(assigned(node))
            if any(put_together(call.args[0], built) for call in runs(node)):
                yield f"{path.relative_to(root)}:{node.name}"


def runs(function):
    for node in ast.walk(function):
        called = isinstance(node, ast.Call) and node.args and isinstance(node.func, ast.Attribute)
        if called and node.func.attr in RUNS:
            yield node


def assigned(function):
    """Names that hold a text put together in this function."""
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and put_together(node.value, set()):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))


def put_together(node, built):
    if isinstance(node, ast.Name):
        return node.id in built
    if isinstance(node, ast.JoinedStr):
        return any(isinstance(part, ast.FormattedValue) for part in node.values)
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.Mod | ast.Add)
    method = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr
    return method in {"format", "join", "replace", "substitute", "format_map"}
