"""What the rest of the portal must know of merges."""

from portal.web.rooms import Room, Within
from portal.workspaces.merging import employer_views, views

room = Room(
    pages=(views.bp, employer_views.bp),
    within=(
        *(
            Within("employers.index", f"employer_merging.{page}")
            for page in ("index", "of_employer", "merge")
        ),
        Within("citizens.index"),
    ),
)
