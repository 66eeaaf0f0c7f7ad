"""The pictures in the documentation are of the product as it is: this makes them."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

HERE = Path(__file__).parent
PICTURES = HERE.parents[1] / "docs" / "pictures"
MOST = 150_000  # bytes
SHOWN = {
    "home-fa": "fa/",
    "home-en": "en/",
    "customers-fa": "fa/customers",
    **{
        f"analysis-{name}-{language}": f"{language}/analyses/{name}"
        for name in ("overview", "rfm", "retention", "funnel")
        for language in ("fa", "en")
    },
}


def small(png):
    spec = spec_from_file_location("small", HERE / "small.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.small(png)


def keep(page, name):
    picture = small(page.screenshot())
    assert 5_000 < len(picture) < MOST
    (PICTURES / f"{name}.png").write_bytes(picture)


@pytest.mark.parametrize("name", SHOWN)
def test_a_picture_for_the_documentation(site, tab, name):
    page = tab(width=1280, height=860).open(f"{site}/{SHOWN[name]}")
    page.wait_for_timeout(200)
    keep(page, name)


def test_the_picture_of_a_customer(site, tab):
    seen = tab(width=1280, height=860)
    page = seen.open(f"{site}/fa/customers")
    page.click("#people tbody th a >> nth=2")
    page.wait_for_url("**/customers/*")
    seen.settle()
    keep(page, "customer-fa")


@pytest.mark.slow  # a site of its own; that an import works is tried in test_flows
def test_the_picture_of_an_import(new_site, tab, tmp_path):
    cities = ("تهران", "اصفهان", "شیراز", "تبریز")
    goods = ("چای گلستان", "زعفران قائنات", "پستهٔ رفسنجان", "گز اصفهان")
    rows = [
        f"{1000 + n},1404/{1 + n % 9:02}/{10 + n % 18},سارا محمدی,0912100{n % 90:04},{cities[n % 4]},{goods[n % 4]},{1 + n % 3},{(1 + n % 3) * 185_000}"
        for n in range(1_500)
    ]
    file = tmp_path / "سفارش‌های پاییز.csv"
    header = "شماره سفارش,تاریخ,نام مشتری,موبایل,شهر,نام کالا,تعداد,مبلغ کل"
    file.write_text(
        "\n".join([header, *rows, "9999,نامعلوم,علی,09121000001,قم,گز,1,185000"]), encoding="utf-8-sig"
    )
    seen = tab(width=1280, height=860)
    page = seen.open(f"{new_site}/fa/imports")
    page.set_input_files("input[type=file]", file)
    page.wait_for_url("**/imports/draft/**")
    page.check("input[value=IRT]")
    page.click("button:has-text('ادامه بده')")
    page.wait_for_selector(".counts")
    seen.settle()
    keep(page, "import-fa")
