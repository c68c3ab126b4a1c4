"""Every page in a real browser: no error, nothing loaded, every picture drawn, keyboard, languages, phone, print."""
import os
import pathlib

import browser as chromium
import pages as made
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOOL = os.environ.get("REFRAIN_TOOL", str(ROOT / "build" / "refrain"))
NAMES = ["texts", "series", "folds", "numbers", "tags", "states", "forecast", "lives", "translations", "transcripts", "language", "board", "augment t", "augment s", "explain t", "explain s"]

if chromium.missing():
    pytest.skip(chromium.missing(), allow_module_level=True)


@pytest.fixture(scope="session")
def all_pages(tmp_path_factory):
    return made.Maker(TOOL, tmp_path_factory.mktemp("pages")).pages()


@pytest.fixture(scope="session")
def browser():
    one = chromium.Browser()
    yield one
    one.close()


@pytest.fixture(params=NAMES)
def opened(request, browser, all_pages):
    """The browser with a page of each kind, as wide as a screen, in English, light."""
    browser.media()
    browser.size(1000)
    browser.open(all_pages[request.param].as_uri())
    browser.name = request.param
    return browser


@pytest.fixture(scope="session")
def axe():
    module = pytest.importorskip("axe_core_python", reason="axe-core-python is not installed")
    return (pathlib.Path(module.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


def test_no_script_errs_and_nothing_is_forbidden_or_asked_for(opened):
    opened.run("document.querySelectorAll('details').forEach(d => d.open = true)")
    for button in range(opened.run("return document.querySelectorAll('.matrix button').length")):
        opened.run("document.querySelectorAll('.matrix button')[arguments[0]].click()", button)
    opened.run("document.querySelectorAll('.tools button').forEach(b => b.click())")
    assert opened.errors() == []
    asked = [url for url in opened.requests() if not url.startswith("data:")]
    assert len(asked) == 1 and asked[0].startswith("file:")
    assert opened.run("return window.hacked") is None


def test_the_policy_forbids_what_the_page_itself_would_ask_for(opened):
    """Proof that the policy works: scripts, pictures and connections from inside of the page are refused."""
    opened.run("""const s = document.createElement('script'); s.textContent = 'window.hacked = 1'; document.body.append(s);
                  const i = new Image(); i.src = 'http://127.0.0.1:9/x.png'; document.body.append(i);
                  document.body.insertAdjacentHTML('beforeend', '<a id=h onclick="window.hacked = 1">x</a>');
                  document.getElementById('h').click();
                  fetch('http://127.0.0.1:9/').catch(() => 0);""")
    assert opened.run("return window.hacked") is None
    assert len([e for e in opened.errors() if "Content Security Policy" in e]) >= 4


BOXES = """return [...document.querySelectorAll('svg, canvas')].map(node => {
  const box = node.getBoundingClientRect();
  return {x: box.x + scrollX, y: box.y + scrollY, width: box.width, height: box.height, what: node.outerHTML.slice(0, 80)};
}).filter(box => box.width > 0 && box.height > 0)"""


def test_every_picture_is_drawn(opened):
    opened.run("document.querySelectorAll('details').forEach(d => d.open = true)")
    for scheme in ("light", "dark"):
        opened.media(scheme=scheme)
        boxes = opened.run(BOXES)
        if opened.name != "augment t":
            assert boxes, "no picture at all"
        for box, picture in zip(boxes, opened.pictures_of(boxes)):
            what = box["what"]
            share, colours = chromium.ink(picture)
            assert share > 0.002 and colours > 2, f"{scheme}: nothing is drawn in {what}"


def test_curves_follow_the_pointer_and_mark_the_kept_epoch(opened):
    if opened.name not in ("texts", "series", "numbers"):
        pytest.skip("no curves of one training")
    assert opened.run("return [...document.querySelectorAll('.live canvas')].length") >= 2
    assert opened.run("return document.querySelector('.still').hidden") is True
    assert "kept: epoch" in opened.run("return document.querySelector('.still').textContent")


def test_every_control_is_reached_by_the_keyboard(opened):
    wanted = opened.run("""return [...document.querySelectorAll('a, button, summary, audio')]
        .filter(n => n.checkVisibility()).length""")
    opened.run("document.activeElement.blur(); window.scrollTo(0, 0)")
    reached = 0
    for _ in range(wanted + 60):
        opened.press(chromium.TAB)
        kind = opened.run("""const n = document.activeElement;
            if (n.dataset.reached) return 'again';
            n.dataset.reached = 1;
            return n.tagName + (getComputedStyle(n).outlineStyle !== 'none' ? '' : ' without a mark')""")
        if kind.startswith("BODY") or kind == "again":
            break
        assert "without" not in kind or kind.startswith("AUDIO"), kind
        reached += kind.split()[0] in ("A", "BUTTON", "SUMMARY", "AUDIO")
    assert reached == wanted


def test_a_cell_opens_its_samples_by_keyboard(opened):
    if opened.name not in ("texts", "series", "folds"):
        pytest.skip("no matrix")
    count = opened.run("""const b = document.querySelector('.matrix button'); b.focus(); return Number(b.textContent)""")
    opened.press(chromium.ENTER)
    assert opened.run("return document.querySelector('.browser h3').textContent").startswith("True class")
    assert opened.run("return document.activeElement.tagName") == "H3"
    while opened.run("""const b = document.querySelector('.browser > button'); const more = !b.hidden; b.click(); return more"""):
        pass
    assert opened.run("return document.querySelectorAll('.browser li').length") == count
    assert opened.run("return [...document.querySelectorAll('.browser li')].every(n => n.children.length > 1)")


def test_hostile_text_is_shown_as_text(browser, all_pages):
    browser.size(1000)
    browser.open(all_pages["texts"].as_uri())
    for button in range(browser.run("return document.querySelectorAll('.matrix button').length")):
        browser.run("document.querySelectorAll('.matrix button')[arguments[0]].click()", button)
        browser.run("const b = document.querySelector('.browser > button'); while (!b.hidden) b.click();")
        text = browser.run("return document.querySelector('.browser').textContent")
        assert "\u202e" not in text and "\u2066" not in text
        browser.run("window.seen = (window.seen || '') + document.querySelector('.browser').textContent")
    seen = browser.run("return window.seen")
    for part in ("<script>window.hacked=1</script>", "<img src=x onerror", "[U+202E]", "<svg onload=", "</script><script>"):
        assert part in seen
    assert browser.run("return window.hacked") is None
    assert browser.run("return document.querySelectorAll('img, main script:not([type])').length") == 0
    assert browser.run("return document.querySelector('.matrix th bdi').textContent") == "<b>good</b>"
    assert all_pages["texts"].stat().st_size < 3_000_000


def violations(browser, axe):
    browser.run(axe)
    found = browser.run_later("""const done = arguments[arguments.length - 1];
        axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']})
           .then(r => done(r.violations.map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.html).join(' | '))))""")
    return found


@pytest.mark.parametrize("scheme, language", [("light", "en"), ("dark", "zh-CN")])
def test_contrast_labels_and_structure_are_for_everybody(opened, axe, scheme, language):
    opened.media(scheme=scheme)
    opened.run("document.querySelectorAll('details').forEach(d => d.open = true)")
    opened.run("const b = document.querySelector('.matrix button'); if (b) b.click()")
    if language != "en":
        opened.run("document.getElementById('language').click()")
    assert opened.run("return document.documentElement.lang") == language
    assert violations(opened, axe) == []


def test_both_languages_are_whole(opened):
    seen = "return [...document.querySelectorAll(arguments[0])].filter(n => n.checkVisibility()).length"
    assert opened.run(seen, ".en") > 0 and opened.run(seen, ".zh:not(#language *)") == 0
    english = opened.run("return document.title")
    opened.run("document.getElementById('language').click()")
    assert opened.run("return document.documentElement.lang") == "zh-CN"
    assert opened.run(seen, ".en:not(#language *)") == 0 and opened.run(seen, ".zh") > 0
    assert opened.run("return document.title") != english
    # Headings, captions and columns of tables have no English words left but names and units.
    left = opened.run("""return [...document.querySelectorAll('h2')].map(n => n.innerText)
        .filter(t => !/[\\u4e00-\\u9fff]/.test(t))""")
    assert left == [] or opened.name == "board"


@pytest.mark.parametrize("width", [360, 1000])
def test_nothing_sticks_out_at_the_side(opened, width):
    opened.size(width, 800, phone=width < 500)
    opened.run("document.querySelectorAll('details').forEach(d => d.open = true)")
    opened.run("document.querySelectorAll('.matrix button').forEach(b => b.click())")
    assert opened.run("return document.documentElement.scrollWidth") <= width


def test_paper_has_the_pictures_and_no_buttons(opened):
    opened.media("print")
    assert opened.run("return [...document.querySelectorAll('.tools, nav, .live')].every(n => !n.checkVisibility())")
    assert opened.run("return [...document.querySelectorAll('.still svg')].every(n => n.checkVisibility())")
    pdf = opened.devtools("Page.printToPDF")["data"]
    assert len(pdf) > 10_000


def test_ten_thousand_samples_fit_into_three_megabytes(browser, tmp_path):
    maker = made.Maker(TOOL, tmp_path)
    page = maker.train("many", made.texts(tmp_path / "a.csv", 300), "--test", made.texts(tmp_path / "b.csv", 10_000, 7),
                       "--allow-overlap", "--model", "tfidf_logistic", "--quiet")
    assert page.stat().st_size < 3_000_000
    browser.open(page.as_uri())
    assert browser.errors() == []
    assert browser.run("return JSON.parse(document.getElementById('samples').textContent).rows.length") == 10_000


CASES = {
    "twenty": (lambda f: made.texts(f / "d.csv", 20), ["--test-fraction", "0.3"]),
    "one-class-missing": (lambda f: made.texts(f / "d.csv", 40),
                          ["--test", lambda f: made.write_csv(f / "t.csv", ("text", "label"), [
                              (f"{w} day", "good") for w in made.WORDS["good"]])]),
    "one-step": (lambda f: made.series(f / "d.csv", 30, steps=1), ["--target", "label"]),
    "one-word": (lambda f: made.write_csv(f / "d.csv", ("text", "label"), [
        (w, label) for label in made.WORDS for w in made.WORDS[label] * 3]), ["--allow-overlap"]),
}


@pytest.mark.parametrize("name", CASES)
def test_odd_data_give_sensible_pages(browser, tmp_path, name):
    data, options = CASES[name]
    options = [o(tmp_path) if callable(o) else o for o in options]
    page = made.Maker(TOOL, tmp_path).train(name, data(tmp_path), *options, *made.QUICK)
    browser.media()
    browser.size(360, 800, phone=True)
    browser.open(page.as_uri())
    text = browser.run("return document.body.innerText")
    assert browser.errors() == []
    assert "nan" not in text.lower().split() and "inf" not in text.split()
    assert browser.run("return document.querySelectorAll('svg').length") > 0
    assert browser.run("return document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_preview_names_samples_steps_and_changes(browser, all_pages, scheme):
    browser.size(360, 800, phone=True)
    browser.media(scheme=scheme)
    browser.open(all_pages["augment t"].as_uri())
    heads = browser.run("return [...document.querySelectorAll('.card h3')].map(n => n.innerText)")
    assert len(heads) == 12 and all(h.startswith("class ") and " · id " in h for h in heads)
    assert browser.run("return document.querySelectorAll('figure').length") == 4 * 12
    assert browser.run("return [...document.querySelectorAll('.badge')].every(n => n.innerText === 'unchanged')")
    assert browser.run("return document.querySelectorAll('.steps code').length") > 0
    colour = browser.run("return getComputedStyle(document.querySelector('del')).color")
    assert colour != browser.run("return getComputedStyle(document.querySelector('figure')).color")
    head = browser.run("return document.querySelector('h1').parentElement.innerText")
    assert "u.csv" in head and "90 samples" in head and "seed 3" in head and "refrain augment " in head
    browser.open(all_pages["augment s"].as_uri())
    before, after = browser.run("""return ['path.before', 'figure:not(:first-child) path.line0'].map(
        which => document.querySelectorAll(which).length)""")
    assert before == after == 3 * 12
