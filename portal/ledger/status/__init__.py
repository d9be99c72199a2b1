"""Målstatus: all goals as one paper for a committee, and as a workbook. Counts nothing itself."""
