"""Young people of 13 to 17: the yearly count without names, and a parent's yes.

The count knows places and numbers, nobody. Somebody under 18 who asks for help is a citizen as others are; her card is
shown to an employer once a parent with custody has said yes.
"""
