"""Make docs/images/cards/: the printed card in every language, for people to look at and tests to compare with.

Run by hand when the card's looks change on purpose, and look at every picture before committing it:

    .venv/bin/python -m tools.make_card_pictures
"""

from pathlib import Path

import pypdfium2
from flask import Flask
from flask_babel import Babel

from portal.base.terms import Language
from portal.loop.cards.paper import render_card
from tests.support.sample_card import sample_card, second

OUTPUT = Path(__file__).resolve().parent.parent / "docs" / "images" / "cards"
DOTS_PER_INCH = 60


def main() -> None:
    OUTPUT.mkdir(parents=True, exist_ok=True)
    app = Flask(__name__)
    Babel(app, default_locale="da")
    with app.test_request_context():
        for language in Language:
            document = pypdfium2.PdfDocument(render_card(sample_card(language), second(language)))
            for page, side in enumerate(("front", "back")):
                image = document[page].render(scale=DOTS_PER_INCH / 72, grayscale=True).to_pil()
                image.save(OUTPUT / f"{language.value}-{side}.png", optimize=True)


if __name__ == "__main__":
    main()
