"""Files in: what a file or folder holds, and its rows as events, in bounded memory.

>>> plan = detect(Path("orders.xlsx"), base="IRR", currency="IRT")      # doctest: +SKIP
>>> for batch in rows(plan, plan.files, progress=print, rejects=Rejects(None)): ...   # doctest: +SKIP
"""

from ganj.events import ROWS
from ganj.intake.check import Check, Reason, check
from ganj.intake.detect import detect
from ganj.intake.fields import WHO, Field
from ganj.intake.kinds import Kind, kinds
from ganj.intake.limits import Limits
from ganj.intake.plan import Answers, Dates, LeftOut, Plan, Sample, Source, Table
from ganj.intake.presets import Preset, presets
from ganj.intake.rejects import Rejects
from ganj.intake.rows import rows

__all__ = [
    "ROWS",
    "WHO",
    "Answers",
    "Check",
    "Dates",
    "Field",
    "Kind",
    "LeftOut",
    "Limits",
    "Plan",
    "Preset",
    "Reason",
    "Rejects",
    "Sample",
    "Source",
    "Table",
    "check",
    "detect",
    "kinds",
    "presets",
    "rows",
]
