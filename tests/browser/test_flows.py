"""What a manager does: read, open a number, ask otherwise, bring a file in, arrange the page, by mouse and by keys."""

import re


def test_a_figure_on_home_opens_its_customers(site, tab):
    page = tab().open(f"{site}/fa/")
    page.click(".figure:nth-child(3)")
    page.wait_for_url("**/fa/customers?of=overview**")
    assert re.search(r"[۰-۹]+ مشتری", page.inner_text("#people"))
    page.click("#people tbody th a")
    page.wait_for_url(re.compile(r"/fa/customers/\d+$"))
    assert page.locator(".timeline .event").count() > 0


def test_a_mark_of_a_chart_opens_its_customers_with_the_keyboard(site, tab):
    seen = tab()
    page = seen.open(f"{site}/en/analyses/rfm")
    page.focus("g-chart")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/customers?of=rfm**opens=**")
    assert "RFM" in page.inner_text("main")


def test_a_table_takes_the_place_of_its_picture(site, tab):
    page = tab().open(f"{site}/fa/analyses/retention")
    page.click("figure button[data-does=table] >> nth=0")
    page.wait_for_selector("figure .sheet-of table")
    assert page.locator("figure g-chart").first.is_hidden()


def test_the_theme_changes_at_once_and_is_remembered(site, tab):
    seen = tab()
    page = seen.open(f"{site}/fa/")
    before = page.evaluate("getComputedStyle(document.body).color")
    page.keyboard.press("d")
    assert page.evaluate("getComputedStyle(document.body).color") != before
    page = seen.open(f"{site}/fa/customers")
    assert page.get_attribute("html", "data-theme") == "dark"


def test_the_language_switch_keeps_the_question(site, tab):
    page = tab().open(f"{site}/fa/analyses/retention?period=quarter")
    page.click("[hreflang=en]")
    page.wait_for_url("**/en/analyses/retention?period=quarter")
    assert page.get_attribute("html", "dir") == "ltr"
    assert "Who comes back" in page.inner_text("h1")


def test_a_period_is_chosen_in_jalali_months(site, tab):
    page = tab().open(f"{site}/fa/analyses/overview")
    page.click("g-range button")
    assert re.search(r"(آبان|آذر) ۱۴", page.inner_text("g-range header b"))
    assert page.inner_text("g-range .days span >> nth=0") == "ش"  # weeks begin on Saturday
    page.click("g-range .ready button:has-text('پارسال')")
    page.wait_for_url("**since=**until=**")
    assert "فروردین" in page.inner_text(".head .lead")


def test_everything_is_found_with_ctrl_k(site, tab):
    page = tab().open(f"{site}/fa/customers")
    page.keyboard.press("Control+k")
    page.keyboard.type("rfm")
    page.wait_for_selector("#palette-list [role=option]:has-text('بهترین')")
    page.keyboard.press("Enter")
    page.wait_for_url("**/fa/analyses/rfm")


def test_steps_of_a_funnel_are_put_together_in_the_form(site, tab):
    page = tab().open(f"{site}/en/analyses/funnel")
    page.click("g-combo[data-name=steps] .tags button >> nth=1")
    assert page.locator("g-combo[data-name=steps] .tags li").count() == 2
    page.click("form#asked button[type=submit]")
    page.wait_for_url("**steps=**")
    assert "Order" in page.inner_text("main")
    assert page.url.count("steps=") == 2


def test_a_list_follows_what_is_typed(site, tab):
    page = tab().open(f"{site}/fa/customers")
    page.keyboard.press("/")
    page.keyboard.type("علی")
    page.wait_for_url("**q=**")
    page.wait_for_function("document.querySelector('#people tbody').innerText.includes('علی')")


def test_a_sentence_is_filled_and_saved_as_a_segment(site, tab):
    page = tab().open(f"{site}/fa/customers")
    page.click("summary:has-text('افزودن شرط')")
    page.select_option("select[name=key]", "rfm|rfm_segment")
    page.wait_for_selector("select[name=value]")
    page.select_option("select[name=value]", "champions")
    page.click("#blank button")
    page.wait_for_url("**cond=**")
    page.click("button:has-text('بساز بخش')")
    page.fill("dialog#save input[name=name]", "قهرمانان پاییز")
    page.click("dialog#save button[type=submit]")
    page.wait_for_url("**named=**")
    assert "قهرمانان پاییز" in page.inner_text("main")
    assert page.locator(".toast").count() == 1


def test_tiles_are_moved_without_a_mouse_and_stay(site, tab):
    seen = tab()
    page = seen.open(f"{site}/fa/?edit=1")
    page.focus("[gs-id=changes]")
    page.keyboard.press("Enter")
    for _ in range(5):
        page.keyboard.press("ArrowDown")
    assert "سطر" in page.inner_text("#grid-said")
    page.keyboard.press("Escape")
    page.click("[data-grid=save]")
    page.wait_for_selector("[data-tile=changes]")
    assert not page.get_attribute("[data-tile=changes]", "style").startswith(
        "grid-column:9/span 4;grid-row:1/"
    )


def test_a_dropped_file_becomes_customers_with_one_question(new_site, tab, tmp_path):
    file = tmp_path / "سفارش‌ها.csv"
    rows = [
        f"{n},1404/0{1 + n % 6}/1{n % 9},0912100{n % 30:04},{n % 5 * 90_000 + 90_000}" for n in range(240)
    ]
    file.write_text("شماره سفارش,تاریخ,موبایل,مبلغ کل\n" + "\n".join(rows), encoding="utf-8-sig")
    seen = tab()
    page = seen.open(f"{new_site}/fa/")
    page.click("a:has-text('فایلی وارد کن')")
    page.set_input_files("input[type=file]", file)
    page.wait_for_url("**/imports/draft/**")
    page.check("input[value=IRT]")
    page.click("button:has-text('ادامه بده')")
    page.wait_for_selector(".counts")
    assert "۲۴۰ درست" in page.inner_text("main")
    page.click("button:has-text('وارد کن')")
    page.wait_for_url("**/fa/imports/*done=imported", timeout=60_000)
    assert "۲۴۰ واردشده" in page.inner_text("main")
    page.click("a.asks >> nth=0")
    page.wait_for_selector(".tiles .figure b")
    assert "درآمد" in page.inner_text(".tiles")
