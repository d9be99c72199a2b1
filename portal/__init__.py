"""Det gode match: from an employer's opening to a counted goal.

    employers -> openings --.
                             matches -> reviews -> placements -> partnerships -> goals
    citizens  -> cards ----'  (machine)  (human)      |
                  ^                                   |
                  '------- observed evidence ---------'

An employer registers an opening. A citizen has a competence card. `matching.py` scores cards against
openings; `matches` keeps the suggestions; a consultant decides in `reviews`; a yes may become a placement;
employers who keep placing sign a partnership; `goals` counts what the municipality promised. Every write
leaves a line in `audit`. This picture is also the order of the imports: a room imports only rooms to its left.
"""
