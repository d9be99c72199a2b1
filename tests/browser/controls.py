"""Whether the controls of a page can be seen: judged by their picture, since no rule of axe looks at a drawn box."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Any

from PIL import Image
from playwright.sync_api import Page

ENOUGH = 3.0
"""The contrast WCAG 1.4.11 asks of what tells a control from its ground, and a ticked box from an empty one."""
BOX = 16
"""Pixels: a drawn box is at least as wide and high."""
MARK = 40
"""Pixels that must change when a box is ticked; the dot of a radio button has about a hundred."""
MARGIN = 6

Colour = tuple[int, int, int]
Area = tuple[int, int, int, int]

_FIND = """async known => {
    for (const fold of document.querySelectorAll('main details')) {
        fold.removeAttribute('name');  // of one name only one would stay open
        fold.open = true;
    }
    await new Promise(done => requestAnimationFrame(() => setTimeout(done)));  // a page may answer that one was opened
    const bare = new CSSStyleSheet();
    bare.replaceSync('label > span { visibility: hidden }');  // words over a box are not the box
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, bare];
    document.activeElement?.blur();
    const seen = new Set(known), found = [];
    const say = element => element.localName + [...element.classList].map(name => '.' + name).join('');
    for (const control of document.querySelectorAll('main :is(input:not([type=hidden]), select, textarea, button)')) {
        const area = control.getBoundingClientRect(), path = [];
        if (!area.width || getComputedStyle(control).visibility === 'hidden') continue;
        for (let at = control; at; at = at.parentElement) {
            if (at === control || at.classList.length || !['div', 'section', 'main'].includes(at.localName))
                path.push(say(at));
        }
        const state = ['readonly', 'disabled', 'aria-invalid'].filter(name => control.hasAttribute(name));
        const look = [control.type, ...state, document.dir, path.join(' < ')].join(' ');
        if (seen.has(look)) continue;
        seen.add(look);
        const kind = ['checkbox', 'radio'].includes(control.type) ? 'box'
            : control.localName === 'button' || control.type === 'range' ? 'button' : 'field';
        if (kind === 'box') {
            control.removeAttribute('name');  // radio buttons of one name would untick each other
            control.dataset.judged = '';
        }
        const left = area.left + scrollX, top = area.top + scrollY;
        found.push([look, kind, [left, top, left + area.width, top + area.height].map(Math.round)]);
    }
    return found;
}"""

_TICK = """ticked => {
    for (const box of document.querySelectorAll('[data-judged]')) box.checked = ticked;
}"""


@dataclass(frozen=True)
class Control:
    """One control of a look that has not been judged before; `look` is its type, state and path of classes."""

    look: str
    kind: str
    area: Area


def faults_of(page: Page, known: set[str]) -> list[str]:
    """Judge each look of the page that is not yet known, and add it; the page is of no other use afterwards."""
    found: list[Any] = page.evaluate(_FIND, sorted(known))
    controls = [Control(look, kind, tuple(area)) for look, kind, area in found]
    known.update(control.look for control in controls)
    if not controls:
        return []
    frame = _around(controls)
    empty = _picture(page, frame, ticked=False)
    ticked = _picture(page, frame, ticked=True) if any(one.kind == "box" for one in controls) else empty
    return [
        f"{fault}: {control.look}"
        for control in controls
        for fault in _faults(control.kind, _moved(control.area, frame), empty, ticked)
    ]


def _faults(kind: str, area: Area, empty: Image.Image, ticked: Image.Image) -> Iterator[str]:
    ground = _ground(empty, area)
    if kind == "field":
        sides = _sides_without_edge(empty, area, ground)
        if sides:
            yield f"no edge {', '.join(sides)}"
        return
    drawn = [place for place in _places(area) if _contrast(_at(empty, place), ground) >= ENOUGH]
    if kind == "button":
        if len(drawn) * 100 < len(list(_places(area))):
            yield "nothing to see"
        return
    if min(_extent(drawn)) < BOX:
        yield "no box is drawn"
    changed = sum(_contrast(_at(empty, place), _at(ticked, place)) >= ENOUGH for place in _places(area))
    if changed < MARK:
        yield f"ticked looks like empty ({changed} pixels change)"


def _sides_without_edge(picture: Image.Image, area: Area, ground: Colour) -> list[str]:
    """Each side is a row of small cuts through the edge; the round corners are left out."""
    left, top, right, bottom = area
    across, down = range(left + 8, right - 8), range(top + 8, bottom - 8)
    cuts = {
        "above": [[(x, top + depth) for depth in range(-1, 3)] for x in across],
        "below": [[(x, bottom - depth) for depth in range(3)] for x in across],
        "to the left": [[(left + depth, y) for depth in range(-1, 3)] for y in down],
        "to the right": [[(right - depth, y) for depth in range(3)] for y in down],
    }
    return [
        side
        for side, rows in cuts.items()
        if sum(any(_contrast(_at(picture, place), ground) >= ENOUGH for place in row) for row in rows)
        < 0.9 * len(rows)
    ]


def _picture(page: Page, frame: Area, *, ticked: bool) -> Image.Image:
    page.evaluate(_TICK, ticked)
    left, top, right, bottom = frame
    png = page.screenshot(
        full_page=True,
        clip={"x": left, "y": top, "width": right - left, "height": bottom - top},
        animations="disabled",
    )
    return Image.open(BytesIO(png)).convert("RGB")


def _around(controls: list[Control]) -> Area:
    """Spare the camera the rest of the page."""
    lefts, tops, rights, bottoms = zip(*(control.area for control in controls), strict=True)
    return (
        max(min(lefts) - MARGIN, 0),
        max(min(tops) - MARGIN, 0),
        max(rights) + MARGIN,
        max(bottoms) + MARGIN,
    )


def _moved(area: Area, frame: Area) -> Area:
    (left, top, right, bottom), (x, y, _right, _bottom) = area, frame
    return left - x, top - y, right - x, bottom - y


def _ground(picture: Image.Image, area: Area) -> Colour:
    """The commonest colour on a line three pixels outside the control."""
    left, top, right, bottom = area[0] - 4, area[1] - 4, area[2] + 3, area[3] + 3
    ring = [(x, y) for x in range(left, right + 1) for y in (top, bottom)]
    ring += [(x, y) for y in range(top, bottom + 1) for x in (left, right)]
    return Counter(_at(picture, place) for place in ring).most_common(1)[0][0]


def _places(area: Area) -> Iterator[tuple[int, int]]:
    return ((x, y) for y in range(area[1], area[3]) for x in range(area[0], area[2]))


def _at(picture: Image.Image, place: tuple[int, int]) -> Colour:
    """What lies outside the picture continues its outermost pixels."""
    x, y = (min(max(value, 0), size - 1) for value, size in zip(place, picture.size, strict=True))
    colour: Any = picture.getpixel((x, y))
    return colour[0], colour[1], colour[2]


def _extent(places: list[tuple[int, int]]) -> tuple[int, int]:
    if not places:
        return 0, 0
    xs, ys = zip(*places, strict=True)
    return max(xs) - min(xs) + 1, max(ys) - min(ys) + 1


@cache
def _contrast(one: Colour, other: Colour) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Colour) -> float:
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (part / 255 for part in colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
