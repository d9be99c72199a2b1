"""What the demo's leaders compare with: figures from outside, those like them, and each other's own."""

from datetime import datetime
from itertools import permutations

from portal.base.clock import danish_day
from portal.demo.script import ScriptedOutsideFigure
from portal.demo.world import World
from portal.ledger.comparison import queries
from portal.ledger.comparison import services as comparison
from portal.ledger.comparison.forms import WHOLE_YEAR, period

WRITTEN_DAYS_AGO = 60
SHARED_DAYS_AGO = 45


class Comparing:
    """Plans when the figures were written down, and when both sides switched on."""

    def __init__(self, world: World) -> None:
        self.world, self.script, self.time = world, world.script, world.time

    def plan(self) -> None:
        self.time.plan(WRITTEN_DAYS_AGO, self._write)
        self.time.plan(SHARED_DAYS_AGO, self._share)

    def _write(self, at: datetime) -> None:
        for figure in self.script.outside_figures:
            self._write_one(figure, at)
        for name in sorted({figure.municipality for figure in self.script.outside_figures}):
            self._choose_like(name, at)

    def _write_one(self, figure: ScriptedOutsideFigure, at: datetime) -> None:
        place = self.world.places[figure.municipality]
        year = figure.year or self.time.today.year - (figure.years_ago or 0)
        first_on, last_on = period(year, figure.quarter or WHOLE_YEAR)
        details = comparison.OutsideDetails(
            subject=queries.subject_of(figure.about),
            place=figure.place,
            first_on=first_on,
            last_on=last_on,
            value=figure.value,
            source=figure.source,
            method=figure.method or "",
        )
        comparison.write_figure(place, details, by=self.world.leader_of(place), at=at, today=self.time.today)

    def _choose_like(self, name: str, at: datetime) -> None:
        """Whoever has a figure beside the municipality's own."""
        place = self.world.places[name]
        beside: dict[str, set[str]] = {}
        for figure in self.script.outside_figures:
            if figure.municipality == name != figure.place:
                beside.setdefault(figure.about, set()).add(figure.place)
        for about, places in sorted(beside.items()):
            comparison.choose_like(
                place, queries.subject_of(about), places, by=self.world.leader_of(place), at=at
            )

    def _share(self, at: datetime) -> None:
        for one, other in permutations(self.world.places.values(), 2):
            comparison.switch_on(one, other, by=self.world.leader_of(one), at=at, today=danish_day(at))
