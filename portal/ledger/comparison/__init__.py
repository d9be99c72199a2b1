"""What others have and count: figures from outside, municipalities like ours, and figures two of them share.

Invariants: a figure from outside is typed with its source and its method, and corrected by another row; two
municipalities see each other's figures only while both have switched it on, and never a small number of people.
"""
