"""Det gode match: from an employer's opening to a counted goal.

    employers -> openings --.
                             matches -> reviews -> placements -> assessments -> partnerships -> ledger
    citizens  -> cards ----'  (machine)  (human)                      |
                  ^                                                   |
                  '---------------- observed evidence ----------------'

An employer registers an opening. A citizen has a competence card. `matching.py` scores cards against openings;
`matches` keeps the suggestions; a consultant decides in `reviews`; a yes may become a placement; it ends with a sheet
that both sides fill in (`assessments`), which is evidence on the card; employers who keep placing are in a
`partnership`; the `ledger` counts what the municipality promised. Every write leaves a line in `audit`.

The folders are shelves, and each may import only the shelves named after it; inside a shelf there is an order too
(pyproject.toml, import-linter):

    application, cli, demo   the whole portal put together; `security` holds what every request passes
    workspaces/              what people work in, across the steps
    api/                     the doors for other systems, beside the workspaces
    ledger/                  the goals, counted from what all below recorded
    interventions/           what a municipality does beside the loop, and for whom: target groups
    loop/                    the steps of the picture, one room each
    shared/                  tables that every step uses: accounts, audit, outbox, rules, skills
    web/                     what pages are made with: fragments, lists, forms, menus, permissions, paper
    base/, config            what everything stands on: database, clock, errors, events, terms, places
    lexicon/                 Danish text to concepts           (these three are pure:
    batch/                   everybody at once, compiled        no database, no Flask,
    matching.py              one card with one opening          no other shelf)
"""

__version__ = "0.3.0"
