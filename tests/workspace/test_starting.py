"""What a process begins with is what it needs: most commands neither load events nor compile a loop."""

import subprocess
import sys

import ganj

OPENING = """
import sys
import ganj.store.sandbox
import pandas
ganj.open(sys.argv[1]).close()
print(*{"numba.np.arraymath", "splink", "sklearn", "litestar"} & set(sys.modules))
"""


def test_opening_readies_no_compiler_and_keeps_pandas_from_nobody(tmp_path):
    ganj.create(tmp_path / "shop").close()
    words = [sys.executable, "-c", OPENING, str(tmp_path / "shop")]
    assert subprocess.run(words, check=True, capture_output=True, text=True).stdout.strip() == ""
