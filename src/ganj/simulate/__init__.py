"""The demo's shop: a generative model of a Persian on-line shop with known truth.

>>> from ganj.simulate import shop
>>> small = shop(seed=1, customers=50)
>>> sorted(small.truth)[:3]
['affinities', 'campaigns', 'categories']

``docs/concepts/the-demo-shop.md`` says the model in words and formulas; `ganj.simulate.world` holds
every parameter.
"""

from ganj.simulate.filling import fill
from ganj.simulate.shop import Shop, shop
from ganj.simulate.world import WORLD, World

__all__ = ["WORLD", "Shop", "World", "fill", "shop"]
