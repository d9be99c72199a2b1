"""How an opening of the demo comes into the portal: what the employer writes about it."""

from datetime import date, datetime, timedelta

from portal.base.clock import danish_day
from portal.base.terms import PlacementForm, TaskKind
from portal.demo.script import ScriptedOpening
from portal.demo.world import World
from portal.loop.employers.models import Workplace
from portal.loop.openings import services as openings
from portal.loop.openings.models import Opening
from portal.shared.rules.law import igu
from portal.shared.rules.queries import rule_book


def register(world: World, scripted: ScriptedOpening, at: datetime) -> Opening:
    """Write an opening, and publish it unless it stays a draft."""
    owner = world.owners[scripted.employer]
    opening = openings.create_opening(
        _workplace(world, scripted),
        _details(world, scripted, danish_day(at)),
        _tasks(world, scripted),
        by=owner,
        at=at - timedelta(minutes=20),
    )
    if scripted.published_days_ago is not None:
        openings.publish_opening(opening, by=owner, at=at, today=danish_day(at))
    return opening


def _workplace(world: World, scripted: ScriptedOpening) -> Workplace:
    workplaces = world.employers[scripted.employer].workplaces
    if scripted.workplace is None:
        return workplaces[0]
    return next(one for one in workplaces if one.name == scripted.workplace)


def _details(world: World, scripted: ScriptedOpening, day: date) -> openings.OpeningDetails:
    starts_on = day + timedelta(days=scripted.starts_after_days)
    ends_on = starts_on + timedelta(weeks=scripted.weeks, days=-1)
    return openings.OpeningDetails(
        title=scripted.title,
        form=_lawful_form(scripted.form, starts_on, _workplace(world, scripted).employer.municipality_id),
        hours_per_week=scripted.hours_per_week,
        starts_on=starts_on,
        ends_on=None if scripted.is_open_ended else ends_on,
        places=scripted.places,
        industry=scripted.industry,
        description=scripted.description,
        danish_speaking=scripted.danish.speaking,
        danish_reading=scripted.danish.reading,
        danish_use=scripted.danish.use,
        shifts=[shift.value for shift in scripted.shifts],
        weekdays=[weekday.value for weekday in scripted.weekdays],
        working_times=scripted.working_times,
        condition_ids=[world.skills[name] for name in scripted.conditions],
        visible_to_neighbours=scripted.visible_to_neighbours,
    )


def _lawful_form(form: PlacementForm, starts_on: date, municipality_id: int) -> PlacementForm:
    """IGU is a scheme with an end; from then on the demo offers what comes nearest."""
    if (
        form is PlacementForm.IGU
        and igu.may_begin(starts_on, rule_book().on(starts_on, municipality_id)).is_stop
    ):
        return PlacementForm.LOENTILSKUD
    return form


def _tasks(world: World, scripted: ScriptedOpening) -> list[openings.TaskDraft]:
    wanted = {TaskKind.MUST: scripted.must, TaskKind.NICE: scripted.nice, TaskKind.LEARN: scripted.learn}
    return [_task(world, name, kind) for kind, names in wanted.items() for name in names]


def _task(world: World, name: str, kind: TaskKind) -> openings.TaskDraft:
    chosen = world.script.chosen_skills.get(name)
    level, skill_id = 1 if kind is TaskKind.LEARN else 2, world.skills.get(chosen or name)
    return openings.TaskDraft(name, kind, level, skill_id, chosen=chosen is not None)
