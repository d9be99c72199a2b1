"""Real input: CSV and XLSX with Danish headings, by command and by an upload page with a preview.

Invariants: a file is read and checked whole before anything is written; one bad row imports nothing unless "kun de
gode rækker" is chosen; the same file twice changes nothing.
"""
