"""How a reader sees numbers, money, dates and lengths of time, in Persian or English.

>>> from ganj.text import Text
>>> reader = Display(language="en", digits="latin")
>>> reader.text(Text("{share:percent} of revenue", "{share:percent} درآمد"), share=42.1)
'42.1% of revenue'
"""

from ganj.display.numbers import NOTHING, Digits
from ganj.display.reader import Display

__all__ = ["NOTHING", "Digits", "Display"]
