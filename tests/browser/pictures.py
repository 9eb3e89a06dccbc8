"""What a page looks like at the widths of a phone, a tablet and a desk, light and dark.

    pictures.py PAGE        writes the pictures that check_page.py compares with, into pictures/

They are kept at a fifth of their size: fonts differ between machines, the layout and the colours must not.
"""
import base64
import io
import pathlib
import sys

try:
    from PIL import Image, ImageChops
except ImportError:
    Image = None

from browser import Driver

FOLDER = pathlib.Path(__file__).parent / "pictures"
WIDTHS = (420, 800, 1400)
HEIGHT = 1400
SCALE = 5
# Of 255, in any colour: what antialiasing of other fonts makes of a pixel of the small picture.
MOST_DIFFERENCE = 48
MOST_SHARE = 0.03  # of the pixels may differ more: where words have other widths


def take(driver, page, width, scheme):
    driver.devtools("Emulation.setDeviceMetricsOverride",
                    {"width": width, "height": HEIGHT, "deviceScaleFactor": 1, "mobile": False})
    driver.devtools("Emulation.setEmulatedMedia",
                    {"features": [{"name": "prefers-color-scheme", "value": scheme}]})
    driver.go(page)
    driver.wait_for("document.documentElement.dataset.state === 'ready'")
    whole = driver.run("return document.documentElement.scrollWidth")
    assert whole <= width, f"at {width} px the page scrolls sideways: it is {whole} px wide"
    png = base64.b64decode(driver.ask("GET", "/screenshot"))
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    return picture.resize((width // SCALE, HEIGHT // SCALE), Image.BOX)


def difference(picture, reference):
    """The share of pixels that differ more than fonts make them."""
    assert picture.size == reference.size, (picture.size, reference.size)
    bands = ImageChops.difference(picture, reference).split()
    most = ImageChops.lighter(ImageChops.lighter(bands[0], bands[1]), bands[2])
    return sum(most.histogram()[MOST_DIFFERENCE + 1:]) / (picture.width * picture.height)


def each(driver, page):
    for width in WIDTHS:
        for scheme in ("light", "dark"):
            yield f"{width}-{scheme}", take(driver, page, width, scheme)


def check_pictures(driver, page):
    if Image is None:
        print("no python3-pil here: no picture was compared")
        return
    shares = {}
    for name, picture in each(driver, page):
        shares[name] = difference(picture, Image.open(FOLDER / f"{name}.png").convert("RGB"))
        if shares[name] > MOST_SHARE:
            picture.save(f"{name}.png")
    print("of the pixels differ", ", ".join(f"{name} {100 * share:.1f} %" for name, share in shares.items()))
    worst = max(shares, key=shares.get)
    assert shares[worst] <= MOST_SHARE, f"{worst} looks different: see {worst}.png, and pictures.py"


def main():
    FOLDER.mkdir(exist_ok=True)
    driver = Driver()
    try:
        for name, picture in each(driver, sys.argv[1]):
            picture.quantize(64).save(FOLDER / f"{name}.png", optimize=True)
    finally:
        driver.close()


if __name__ == "__main__":
    main()
