"""Every endpoint x role, on one's own and on a stranger's records, against a written table.

The table is not derived from GRANTS. An endpoint that is missing here fails; so does a line without an endpoint.

Columns: what a visitor, an employer, a citizen, a consultant, a leader, an administrator and who runs the portal get.
    Y  the view answers (a page, a redirect, a message beside a field or a rule's no)
    L  led to the login page
    F  403: the role may not
    N  404: the record does not exist for her
An eighth letter is what a group leader gets. Where there is none she gets what everybody gets, or else F.
"""

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, current_app, url_for

from portal.base.database import db, transaction
from portal.interventions.courses.models import SeatStatus
from portal.loop.employers.models import EmployerInvitation
from portal.loop.placements.models import FollowUp
from portal.loop.reviews.models import Answer
from portal.shared.accounts import queries as account_queries
from portal.shared.accounts import services as accounts
from portal.shared.accounts.models import User
from portal.shared.neighbours.models import NeighbourAgreement, NeighbourRequest
from portal.web.links import LinkPurpose
from portal.web.permissions import GRANTS, Action, Role
from portal.workspaces.imports.models import ImportFile, ImportKind
from tests import factories
from tests.client import PortalClient, PortalResponse
from tests.support.courses import make_course, make_run, make_seat
from tests.support.databases import Kept, Stage
from tests.support.links import links_of

pytestmark = pytest.mark.slow

ROLES = ("visitor", "employer", "citizen", "consultant", "leader", "admin", "operator", "group_leader")
"""In the order of the columns: nobody, Bo, Amira, Karin, Mette and the administrator, all in Halsnæs; Drude; Tine."""

TABLE = """
# endpoint                       method own    stranger's
accounts.change_password         GET   LYYYYYY LYYYYYY
accounts.change_password         POST  LYYYYYY LYYYYYY
accounts.choose_password         GET   NNNNNNN NNNNNNN
accounts.choose_password         POST  NNNNNNN NNNNNNN
accounts.end_other_sessions      POST  LYYYYYY LYYYYYY
accounts.end_session             POST  LNNYNNNN LNNNNNNN
accounts.forgotten               GET   YYYYYYY YYYYYYY
accounts.forgotten               POST  YYYYYYY YYYYYYY
accounts.login                   GET   YYYYYYY YYYYYYY
accounts.login                   POST  YYYYYYY YYYYYYY
accounts.login_code              GET   YYYYYYY YYYYYYY
accounts.login_code              POST  YYYYYYY YYYYYYY
accounts.logout                  POST  YYYYYYY YYYYYYY
accounts.sessions                GET   LYYYYYY LYYYYYY
accounts.shortcuts               GET   LYFYYYYY LYFYYYYY
accounts.stay                    POST  LYYYYYY LYYYYYY
accounts.switch_shortcuts        POST  LYFYYYYY LYFYYYYY
aftercare.index                  GET   LFFYYFF LFFYYFF
aftercare.record                 GET   LFFYFFF LFFNFFF
aftercare.record                 POST  LFFYFFF LFFNFFF
amendments.backwards             GET   LFFFFFY LFFFFFY
amendments.backwards             POST  LFFFFFY LFFFFFY
amendments.correct               GET   LFFFFFY LFFFFFY
amendments.correct               POST  LFFFFFY LFFFFFY
amendments.new                   GET   LFFFFFY LFFFFFY
amendments.new                   POST  LFFFFFY LFFFFFY
amendments.own_correct           GET   LFFFYFF LFFFNFF
amendments.own_correct           POST  LFFFYFF LFFFNFF
amendments.own_end               GET   LFFFYFF LFFFNFF
amendments.own_end               POST  LFFFYFF LFFFNFF
amendments.own_new               GET   LFFFYFF LFFFYFF
amendments.own_new               POST  LFFFYFF LFFFYFF
amendments.own_withdraw          POST  LFFFYFF LFFFNFF
amendments.waiting               GET   LFFFFFY LFFFFFY
amendments.waiting               POST  LFFFFFY LFFFFFY
amendments.withdraw              POST  LFFFFFY LFFFFFY
answers.accept                   POST  YYYYYYY YYYYYYY
answers.ask_for_call             POST  YYYYYYY YYYYYYY
answers.call_done                GET   LFFYFFF LFFNFFF
answers.call_done                POST  LFFYFFF LFFNFFF
answers.calls                    GET   LFFYFFF LFFYFFF
answers.decline                  POST  YYYYYYY YYYYYYY
answers.message                  GET   LFFYFFF LFFNFFF
answers.message                  POST  LFFYFFF LFFNFFF
answers.proposal                 GET   YYYYYYY YYYYYYY
answers.proposal_link_page       GET   LFFYFFF LFFNFFF
answers.response                 GET   LFFYYFF LFFYYFF
answers.send_proposal_link       POST  LFFYFFF LFFNFFF
answers.take_back                POST  YYYYYYY YYYYYYY
assessments.agree                POST  LFFYFFF LFFNFFF
assessments.close                POST  LFFYFFF LFFNFFF
assessments.comment              POST  LFYFFFF LFNFFFF
assessments.confirm              POST  LFYFFFF LFNFFFF
assessments.detail               GET   LYYYFFF LNNNFFF
assessments.detail               POST  LFFYFFF LNNNFFF
assessments.index                GET   LYYYFFF LNNNFFF
assessments.open_sheet           POST  LYYYFFF LNNNFFF
assessments.paper                GET   LFFYFFF LFFYFFF
assessments.paper                POST  LFFYFFF LFFYFFF
assessments.print_sheet          GET   LYYYFFF LNNNFFF
assessments.record               POST  LFFYFFF LFFNFFF
assessments.send_link            POST  LFFYFFF LFFNFFF
assessments.withdraw             POST  LFFYFFF LFFNFFF
assessments.workplace            GET   YYYYYYY YYYYYYY
assessments.workplace            POST  YYYYYYY YYYYYYY
assessments.take_back            POST  YYYYYYY YYYYYYY
audit.index                      GET   LFFFFYY LFFFFYY
audit.people                     GET   LFFFFYN LFFFFNN
calendars.file                   GET   NNNNNNN NNNNNNN
calendars.index                  GET   LFFYFFF LFFYFFF
calendars.make                   POST  LFFYFFF LFFYFFF
calendars.withdraw               POST  LFFYFFF LFFYFFF
cards.add_certificate            POST  LFYYFFF LFNNFFF
cards.add_found                  POST  LFYYFFF LFNNFFF
cards.add_skill                  POST  LFYYFFF LFNNFFF
cards.create                     POST  LFFYFFF LFFNFFF
cards.detail                     GET   LFYYFFF LFNNFFF
cards.edit                       GET   LFYYFFF LFNNFFF
cards.edit                       POST  LFYYFFF LFNNFFF
cards.own                        GET   LFYFFFF LFYFFFF
cards.history                    GET   LFYYFFF LFNNFFF
cards.paper                      GET   LFYYFFF LFNNFFF
cards.print_card                 GET   LFYYFFF LFNNFFF
cards.progress                   GET   LFYYFFF LFNNFFF
cards.remove_certificate         POST  LFYYFFF LFNNFFF
cards.remove_skill               POST  LFYYFFF LFNNFFF
cards.shown                      POST  LFFYFFF LFFNFFF
cards.skills                     GET   LFYYFFF LFNNFFF
citizens.detail                  GET   LFFYFFF LFFNFFF
citizens.edit                    GET   LFFYFFF LFFNFFF
citizens.edit                    POST  LFFYFFF LFFNFFF
citizens.erase                   GET   LFFYFFF LFFNFFF
citizens.erase                   POST  LFFYFFF LFFNFFF
citizens.first_talk              GET   LFFYFFF LFFNFFF
citizens.first_talk              POST  LFFYFFF LFFNFFF
citizens.give_login_code         POST  LFFYFFF LFFNFFF
citizens.index                   GET   LFFYFFF LFFYFFF
citizens.looks                   GET   LFYFFFF LFYFFFF
mentor_agreements.answer_by_link POST  YYYYYYY YYYYYYY
mentor_agreements.by_link        GET   YYYYYYY YYYYYYY
mentor_agreements.detail         GET   LFFYFFF LFFNFFF
mentor_agreements.end            POST  LFFYFFF LFFNFFF
mentor_agreements.index          GET   LFFYFFF LFFYFFF
mentor_agreements.note_answer    POST  LFFYFFF LFFNFFF
mentor_agreements.send_link      POST  LFFYFFF LFFNFFF
mentor_agreements.withdraw       POST  LFFYFFF LFFNFFF
mentoring.archive                POST  LFFYFFF LFFNFFF
mentoring.detail                 GET   LFFYFFF LFFNFFF
mentoring.edit                   GET   LFFYFFF LFFNFFF
mentoring.edit                   POST  LFFYFFF LFFNFFF
mentoring.find                   GET   LFFYFFF LFFNFFF
mentoring.index                  GET   LFFYYFF LFFYYFF
mentoring.new                    GET   LFFYFFF LFFYFFF
mentoring.new                    POST  LFFYFFF LFFYFFF
mentoring.propose                GET   LFFYFFF LFFNFFF
mentoring.propose                POST  LFFYFFF LFFNFFF
mentoring.reopen                 POST  LFFYFFF LFFNFFF
merging.index                    GET   LFFYFFF LFFNFFF
merging.index                    POST  LFFYFFF LFFNFFF
merging.merge                    GET   LFFYFFF LFFNFFF
merging.merge                    POST  LFFYFFF LFFNFFF
citizens.new                     GET   LFFYFFF LFFYFFF
citizens.new                     POST  LFFYFFF LFFYFFF
citizens.set_active              POST  LFFYFFF LFFNFFF
citizens.set_passive             POST  LFFYFFF LFFNFFF
citizens.withdraw_login_code     POST  LFFYFFF LFFNFFF
beside.looks                     GET   LFYFFFF LFYFFFF
beside.placement                 GET   LFYFFFF LFNFFFF
beside.placements                GET   LFYFFFF LFYFFFF
cohorts.cancel_session           POST  LFFYFFF LFFNFFF
cohorts.detail                   GET   LFFYYFF LFFNNFF
cohorts.edit                     GET   LFFYFFF LFFNFFF
cohorts.edit                     POST  LFFYFFF LFFNFFF
cohorts.end_leader               POST  LFFYFFF LFFNFFF
cohorts.index                    GET   LFFYYFF LFFYYFF
cohorts.leaders                  GET   LFFYFFF LFFNFFF
cohorts.leaders                  POST  LFFYFFF LFFNFFF
cohorts.new                      GET   LFFYFFF LFFYFFF
cohorts.new                      POST  LFFYFFF LFFYFFF
cohorts.new_session              GET   LFFYFFF LFFNFFF
cohorts.new_session              POST  LFFYFFF LFFNFFF
cohorts.reopen_session           POST  LFFYFFF LFFNFFF
cohorts.session                  GET   LFFYFFF LFFNFFF
cohorts.session                  POST  LFFYFFF LFFNFFF
cohort_attendance.attendance     GET   LFFYFFFY LFFNFFFN
cohort_attendance.attendance     POST  LFFYFFFY LFFNFFFN
cohort_attendance.led            GET   LFFYFFFY LFFNFFFN
cohort_attendance.numbers        POST  LFFYFFFY LFFNFFFN
cohort_attendance.paper          GET   LFFYFFFY LFFNFFFN
cohort_people.calendar           GET   LFYFFFF LFYFFFF
cohort_people.detail             GET   LFFYFFF LFFNFFF
cohort_people.write_goal         POST  LFFYFFF LFFNFFF
cohort_people.write_hours        POST  LFFYFFF LFFNFFF
cohort_places.enrol              GET   LFFYFFF LFFNFFF
cohort_places.enrol              POST  LFFYFFF LFFNFFF
cohort_places.place              GET   LFFYFFF LFFNFFF
cohort_places.place              POST  LFFYFFF LFFNFFF
cohort_places.remove             POST  LFFYFFF LFFNFFF
contacts.detail                  GET   LFFYFFF LFFNFFF
contacts.edit                    GET   LFFYFFF LFFNFFF
contacts.edit                    POST  LFFYFFF LFFNFFF
contacts.finish_step             POST  LFFYFFF LFFNFFF
contacts.index                   GET   LFFYFFF LFFYFFF
contacts.move_step               POST  LFFYFFF LFFNFFF
contacts.new                     GET   LFFYFFF LFFNFFF
contacts.new                     POST  LFFYFFF LFFNFFF
contacts.reopen_step             POST  LFFYFFF LFFNFFF
contacts.strike                  POST  LFFYFFF LFFNFFF
consents.answer                  POST  LFYFFFF LFNFFFF
consents.index                   GET   LFFYFFF LFFNFFF
consents.link                    GET   LFFYFFF LFFNFFF
consents.new                     GET   LFFYFFF LFFNFFF
consents.new                     POST  LFFYFFF LFFNFFF
consents.record_answer           POST  LFFYFFF LFFNFFF
consents.send_link               POST  LFFYFFF LFFNFFF
consents.shared                  GET   NNNNNNN NNNNNNN
consents.take_back               POST  LFYFFFF LFNFFFF
consents.undo                    POST  LFYFFFF LFNFFFF
consents.withdraw                POST  LFFYFFF LFFNFFF
course_seats.add                 GET   LFFYFFF LFFNFFF
course_seats.add                 POST  LFFYFFF LFFNFFF
course_seats.begin_seat          POST  LFFYFFF LFFNFFF
course_seats.book_seat           POST  LFFYFFF LFFNFFF
course_seats.offer               GET   LFFYFFF LFFNFFF
course_seats.offer               POST  LFFYFFF LFFNFFF
course_seats.pass_seat           POST  LFFYFFF LFFNFFF
course_seats.run                 GET   LFFYYFF LFFNNFF
course_seats.seat                GET   LFFYFFF LFFNFFF
course_seats.stop_seat           POST  LFFYFFF LFFNFFF
courses.archive                  POST  LFFYFFF LFFNFFF
courses.cancel_run               POST  LFFYFFF LFFNFFF
courses.detail                   GET   LFFYYFF LFFNNFF
courses.edit                     GET   LFFYFFF LFFNFFF
courses.edit                     POST  LFFYFFF LFFNFFF
courses.edit_run                 GET   LFFYFFF LFFNFFF
courses.edit_run                 POST  LFFYFFF LFFNFFF
courses.index                    GET   LFFYYFF LFFYYFF
courses.lifts                    GET   LFFYYFF LFFYYFF
courses.new                      GET   LFFYFFF LFFYFFF
courses.new                      POST  LFFYFFF LFFYFFF
courses.new_run                  GET   LFFYFFF LFFNFFF
courses.new_run                  POST  LFFYFFF LFFNFFF
courses.recount                  POST  LFFYFFF LFFYFFF
courses.reopen                   POST  LFFYFFF LFFNFFF
curation.dismiss                 POST  LFFYFFF LFFNFFF
curation.index                   GET   LFFYFFF LFFYFFF
curation.link                    POST  LFFYFFF LFFNFFF
curation.make_skill              POST  LFFYFFF LFFNFFF
curation.phrase                  GET   LFFYFFF LFFNFFF
curation.restore                 POST  LFFYFFF LFFNFFF
employers.accept                 GET   YYYYYYY YYYYYYY
employers.accept                 POST  YYYYYYY YYYYYYY
employers.access                 GET   LYFFFFF LYFFFFF
employers.access                 POST  LYFFFFF LYFFFFF
employers.add_workplace          GET   LYFFFFF LYFFFFF
employers.add_workplace          POST  LYFFFFF LYFFFFF
employers.approve                POST  LFFYFFF LFFNFFF
employers.approve_after_call     POST  LFFYFFF LFFNFFF
employers.approve_colleague      POST  LYFFFFF LNFFFFF
employers.confirm                GET   YYYYYYY YYYYYYY
employers.confirm                POST  YYYYYYY YYYYYYY
doors.case_card                  GET   YYYYYYY YYYYYYY
doors.case_placements            GET   YYYYYYY YYYYYYY
doors.employer                   GET   YYYYYYY YYYYYYY
doors.employers                  GET   YYYYYYY YYYYYYY
doors.figure                     GET   YYYYYYY YYYYYYY
doors.figure_lines               GET   YYYYYYY YYYYYYY
doors.figures                    GET   YYYYYYY YYYYYYY
doors.openapi                    GET   YYYYYYY YYYYYYY
doors.opening                    GET   YYYYYYY YYYYYYY
doors.openings                   GET   YYYYYYY YYYYYYY
doors.partnerships               GET   YYYYYYY YYYYYYY
efforts.index                    GET   LFFYYFF LFFYYFF
efforts.of_citizen               GET   LFFYFFF LFFNFFF
efforts.of_employer              GET   LFFYYFF LFFNNFF
efforts.of_match                 GET   LFFYFFF LFFNFFF
efforts.of_own_employer          GET   LYFFFFF LYFFFFF
efforts.of_placement             GET   LYYYFFF LNNNFFF
efforts.switch                   GET   LFFFYFF LFFFYFF
efforts.switch                   POST  LFFFYFF LFFFYFF
employers.detail                 GET   LFFYYFF LFFNNFF
employers.edit_contact           GET   LYFFFFF LYFFFFF
employers.edit_contact           POST  LYFFFFF LYFFFFF
employers.edit_employer              GET   LYFFFFF LYFFFFF
employers.edit_employer              POST  LYFFFFF LYFFFFF
employers.edit                   GET   LFFYFFF LFFNFFF
employers.edit                   POST  LFFYFFF LFFNFFF
employers.edit_known_contact     GET   LFFYFFF LFFNFFF
employers.edit_known_contact     POST  LFFYFFF LFFNFFF
employers.edit_own_workplace     GET   LYFFFFF LNFFFFF
employers.edit_own_workplace     POST  LYFFFFF LNFFFFF
employers.edit_workplace         GET   LFFYFFF LFFNFFF
employers.edit_workplace         POST  LFFYFFF LFFNFFF
employers.invite_contact         POST  LFFYFFF LFFNFFF
employers.new                    GET   LFFYFFF LFFYFFF
employers.new                    POST  LFFYFFF LFFYFFF
employers.new_contact            GET   LFFYFFF LFFNFFF
employers.new_contact            POST  LFFYFFF LFFNFFF
employers.new_workplace          GET   LFFYFFF LFFNFFF
employers.new_workplace          POST  LFFYFFF LFFNFFF
employers.withdraw_contacts_invitation POST LFFYFFF LFFNFFF
employers.index                  GET   LFFYYFF LFFYYFF
employers.invite                 GET   LYFFFFF LYFFFFF
employers.invite                 POST  LYFFFFF LYFFFFF
employers.joining_wish           GET   LYFFFFF LNFFFFF
employers.name_representative    GET   LYFFFFF LNFFFFF
employers.name_representative    POST  LYFFFFF LNFFFFF
employers.own                    GET   LYFFFFF LYFFFFF
employers.refuse                 POST  LFFYFFF LFFNFFF
employers.refuse_colleague       POST  LYFFFFF LNFFFFF
employers.remove_colleague       GET   LYFFFFF LNFFFFF
employers.remove_colleague       POST  LYFFFFF LNFFFFF
employers.remove_contact         GET   LFFYFFF LFFNFFF
employers.remove_contact         POST  LFFYFFF LFFNFFF
employers.register               GET   YYYYYYY YYYYYYY
employers.registered             GET   YYYYYYY YYYYYYY
employers.registration           GET   LFFYFFF LFFNFFF
employers.registrations          GET   LFFYFFF LFFYFFF
employers.send_registration      POST  YYYYYYY YYYYYYY
employers.set_active             POST  LFFYFFF LFFNFFF
employers.set_passive            POST  LFFYFFF LFFNFFF
employers.state_staff            GET   LYFFFFF LNFFFFF
employers.state_staff            POST  LYFFFFF LNFFFFF
employers.withdraw_invitation    POST  LYFFFFF LNFFFFF
employer_merging.index           GET   LFFYFFF LFFYFFF
employer_merging.merge           GET   LFFYFFF LFFNFFF
employer_merging.merge           POST  LFFYFFF LFFNFFF
employer_merging.of_employer     GET   LFFYFFF LFFNFFF
employer_merging.of_employer     POST  LFFYFFF LFFNFFF
employer_merging.tell_apart      POST  LFFYFFF LFFNFFF
employer_pages.detail                     GET   LFFYYFF LFFNNFF
employer_pages.own                        GET   LYFFFFF LYFFFFF
employer_pages.own_year                   GET   LYFFFFF LYFFFFF
employer_pages.recommend                  GET   LYFFFFF LYFFFFF
employer_pages.recommend                  POST  LYFFFFF LYFFFFF
employer_pages.referrals                  GET   LFFYYFF LFFYYFF
employer_pages.standing          GET   LFFYFFF LFFNFFF
employer_pages.thanks                     GET   YYYYYYY YYYYYYY
employer_pages.year_paper                 GET   LFFYYFF LFFNNFF
comparison.edit                  GET   LFFFYFF LFFFNFF
comparison.edit                  POST  LFFFYFF LFFFNFF
comparison.index                 GET   LFFYYFF LFFYYFF
comparison.like                  GET   LFFFYFF LFFFYFF
comparison.like                  POST  LFFFYFF LFFFYFF
comparison.new                   GET   LFFFYFF LFFFYFF
comparison.new                   POST  LFFFYFF LFFFYFF
comparison.of_goal               GET   LFFYYFF LFFNNFF
comparison.rate                  GET   LFFYYFF LFFYYFF
comparison.remove                GET   LFFFYFF LFFFNFF
comparison.remove                POST  LFFFYFF LFFFNFF
comparison.sharing               GET   LFFFYFF LFFFYFF
comparison.switch_off            POST  LFFFYFF LFFFNFF
comparison.switch_on             POST  LFFFYFF LFFFNFF
expectations.state               GET   LNNYFFF LNNNFFF
expectations.state               POST  LNNYFFF LNNNFFF
fairness.index                   GET   LFFFYFF LFFFYFF
goals.choose                     GET   LFFFYFF LFFFYFF
goals.copy                       GET   LFFFYFF LFFFNFF
goals.copy                       POST  LFFFYFF LFFFNFF
goals.copy_year                  GET   LFFFYFF LFFFYFF
goals.copy_year                  POST  LFFFYFF LFFFYFF
goals.edit                       GET   LFFFYFF LFFFNFF
goals.edit                       POST  LFFFYFF LFFFNFF
goals.end                        GET   LFFFYFF LFFFNFF
goals.end                        POST  LFFFYFF LFFFNFF
goals.figure                     GET   LFFYYFF LFFNNFF
goals.index                      GET   LFFYYFF LFFYYFF
goals.new                        GET   LFFFYFF LFFFYFF
goals.new                        POST  LFFFYFF LFFFYFF
freezing.freeze                  GET   LFFFYFF LFFFNFF
freezing.freeze                  POST  LFFFYFF LFFFNFF
home.healthz                     GET   YYYYYYY YYYYYYY
handover.end                     POST  LFFYFFF LFFNFFF
handover.index                   GET   LFFYFFF LFFYFFF
handover.index                   POST  LFFYFFF LFFYFFF
home.choose_lines                POST  LFFYFFF LFFYFFF
home.index                       GET   YYYYYYY YYYYYYY
operation.numbers                GET   NNNNNNN NNNNNNN
operation.security_txt           GET   NNNNNNN NNNNNNN
home.privacy                     GET   YYYYYYY YYYYYYY
home.quarter                     GET   LFFFYFF LFFFYFF
home.accessibility_statement                         GET   YYYYYYY YYYYYYY
imports.bring_reference_in       POST  LFFFFFY LFFFFFY
imports.code_page                POST  LFFYFFN LFFNFFN
imports.confirm                  POST  LFFYFFN LFFNFFN
imports.drop                     POST  LFFYFFN LFFNFFN
imports.errors                   GET   LFFYFFN LFFNFFN
imports.example                  GET   LFFYFFY LFFYFFY
imports.index                    GET   LFFYFFY LFFYFFY
imports.preview                  GET   LFFYFFN LFFNFFN
imports.upload                   POST  LFFYFFY LFFYFFY
imports.words                    GET   LFFFFFY LFFFFFY
journeys.begin                   GET   LFFYFFF LFFNFFF
journeys.begin                   POST  LFFYFFF LFFNFFF
journeys.begin_step              POST  LFFYFFF LFFNFFF
journeys.carry                   POST  LFFYFFF LFFNFFF
journeys.detail                  GET   LFFYFFF LFFNFFF
journeys.end                     POST  LFFYFFF LFFNFFF
journeys.follow                  POST  LFFYFFF LFFNFFF
journeys.index                   GET   LFFYFFF LFFYFFF
journeys.let_go                  POST  LFFYFFF LFFNFFF
journeys.own                     GET   LFFYFFF LFFNFFF
journeys.own                     POST  LFFYFFF LFFNFFF
journeys.put_back                POST  LFFYFFF LFFNFFF
journeys.reach_step              POST  LFFYFFF LFFNFFF
journeys.remove                  POST  LFFYFFF LFFNFFF
journeys.skip_step               POST  LFFYFFF LFFNFFF
journeys.step                    GET   LFFYFFF LFFNFFF
ladders.archive                  POST  LFFYYFF LFFNNFF
ladders.edit                     GET   LFFYYFF LFFNNFF
ladders.edit                     POST  LFFYYFF LFFNNFF
ladders.index                    GET   LFFYYFF LFFYYFF
ladders.new                      GET   LFFYYFF LFFYYFF
ladders.new                      POST  LFFYYFF LFFYYFF
ladders.reopen                   POST  LFFYYFF LFFNNFF
matches.answer                   POST  LFFYFFF LFFNFFF
matches.best_for_card            GET   LFFYFFF LFFNFFF
matches.best_for_opening         GET   LFFYFFF LFFNFFF
intake.answer                    POST  LFYYFFF LFNNFFF
intake.index                     GET   LFYYFFF LFNNFFF
intake.put_on_card               POST  LFYYFFF LFNNFFF
intake.step                      GET   LFYYFFF LFNNFFF
intake.summary                   GET   LFYYFFF LFNNFFF
matches.for_card                 GET   LFFYFFF LFFNFFF
matches.for_opening              GET   LFFYFFF LFFNFFF
matches.unmatched_cards          GET   LFFYFFF LFFYFFF
matches.unmatched_openings       GET   LFFYFFF LFFYFFF
near_misses.of_goal              GET   LFFYYFF LFFNNFF
matches.near_misses              GET   LFFYFFF LFFNFFF
matches.near_openings            GET   LFFYFFF LFFNFFF
matches.suggestion               GET   LFFYFFF LFFNFFF
matches.take_back                POST  LFFYFFF LFFNFFF
meetings.for_match               GET   LFFYFFF LFFNFFF
meetings.for_placement           GET   LFFYFFF LFFNFFF
meetings.index                   GET   LFFYFFF LFFYFFF
meetings.print_cards             GET   LFFYFFF LFFYFFF
meetings.print_match             GET   LFFYFFF LFFNFFF
meetings.print_placement         GET   LFFYFFF LFFNFFF
mine.code                        GET   YYYYYYY YYYYYYY
mine.code                        POST  YYYYYYY YYYYYYY
mine.data                        GET   LFYFFFF LFYFFFF
mine.data_of                     GET   LFFYFFF LFFNFFF
mine.efforts                     GET   LFYFFFF LFYFFFF
mine.enter                       GET   YYYYYYY YYYYYYY
mine.enter                       POST  YYYYYYY YYYYYYY
mine.index                       GET   LFYFFFF LFYFFFF
mine.situation                   GET   LFYFFFF LFYFFFF
mine.language                    POST  LFYFFFF LFYFFFF
municipalities.edit              GET   LFFFFYY LFFFFNY
municipalities.edit              POST  LFFFFYY LFFFFNY
municipalities.index             GET   LFFFFFY LFFFFFY
municipalities.new               GET   LFFFFFY LFFFFFY
municipalities.new               POST  LFFFFFY LFFFFFY
neighbours.accept                POST  LFFFFYF LFFFFNF
neighbours.ask                   GET   LFFFFYF LFFFFYF
neighbours.ask                   POST  LFFFFYF LFFFFYF
neighbours.drop                  POST  LFFFFYF LFFFFNF
neighbours.end                   GET   LFFFFFY LFFFFFY
neighbours.end                   POST  LFFFFFY LFFFFFY
neighbours.index                 GET   LFFFYYY LFFFYYY
neighbours.new                   GET   LFFFFFY LFFFFFY
neighbours.new                   POST  LFFFFFY LFFFFFY
notes.correct                    POST  LFFYFFF LFFNFFF
notes.delete                     POST  LFFYFFF LFFNFFF
notes.detail                     GET   LFFYFFF LFFNFFF
notes.strike                     POST  LFFYFFF LFFNFFF
notes.write                      GET   LFFYFFF LFFNFFF
notes.write                      POST  LFFYFFF LFFNFFF
openings.detail                  GET   LYFYYFF LNFNNFF
openings.edit                    GET   LYFYFFF LNFNFFF
openings.edit                    POST  LYFYFFF LNFNFFF
openings.index                   GET   LYFYYFF LYFYYFF
openings.acknowledge_wording           POST  LFFYFFF LFFNFFF
openings.new                     GET   LYFYFFF LYFYFFF
openings.new                     POST  LYFYFFF LYFYFFF
openings.pause                   POST  LYFYFFF LNFNFFF
openings.publish                 POST  LYFYFFF LNFNFFF
openings.renew                   POST  LYFYFFF LNFNFFF
openings.renew_by_link           GET   YYYYYYY YYYYYYY
openings.renew_by_link           POST  YYYYYYY YYYYYYY
openings.renewal_link            GET   LFFYFFF LFFNFFF
openings.resume                  POST  LYFYFFF LNFNFFF
openings.send_renewal_link       POST  LFFYFFF LFFNFFF
openings.withdraw                POST  LYFYFFF LNFNFFF
outbox.detail                    GET   LFFYFYF LFFNFNF
outbox.index                     GET   LFFYFYF LFFYFYF
outbox.mine                      GET   LYYYYYY LYYYYYY
outbox.mine                      POST  LYYYYYY LYYYYYY
outbox.send_anew                 POST  LFFYFYF LFFNFNF
outbox.settle                    POST  LFFYFYF LFFNFNF
outbox.new_link                  POST  NNNNNNN NNNNNNN
outbox.stop                      GET   YYYYYYY YYYYYYY
outbox.stop                      POST  YYYYYYY YYYYYYY
pathways.archive                 POST  LFFYFFF LFFNFFF
pathways.detail                  GET   LFFYYFF LFFNNFF
pathways.edit                    GET   LFFYFFF LFFNFFF
pathways.edit                    POST  LFFYFFF LFFNFFF
pathways.index                   GET   LFFYYFF LFFYYFF
pathways.new                     GET   LFFYFFF LFFYFFF
pathways.new                     POST  LFFYFFF LFFYFFF
pathways.reopen                  POST  LFFYFFF LFFNFFF
pathways.take_into_use           POST  LFFYFFF LFFYFFF
partnerships.detail              GET   LFFYYFF LFFNNFF
partnerships.end                 POST  LFFYFFF LFFNFFF
partnerships.index               GET   LFFYYFF LFFYYFF
partnerships.name_consultant     POST  LFFYFFF LFFNFFF
partnerships.new                 GET   LFFYFFF LFFYFFF
partnerships.new                 POST  LFFYFFF LFFYFFF
placements.add_follow_up         POST  LFFYFFF LFFNFFF
placements.calendar              GET   LYYYFFF LNNNFFF
placements.cancel                POST  LFFYFFF LFFNFFF
placements.cancel_follow_up      POST  LFFYFFF LFFNFFF
placements.change                GET   LFFYFFF LFFNFFF
placements.change                POST  LFFYFFF LFFNFFF
placements.detail                GET   LYYYFFF LNNNFFF
placements.go_on                 GET   LFFYFFF LFFNFFF
placements.go_on                 POST  LFFYFFF LFFNFFF
placements.hold_follow_up        GET   LFFYFFF LFFNFFF
placements.hold_follow_up        POST  LFFYFFF LFFNFFF
placements.index                 GET   LYYYFFF LYYYFFF
placements.judge                 POST  LFFYFFF LFFNFFF
placements.judge_change          POST  LFFYFFF LFFNFFF
placements.judge_going_on        POST  LFFYFFF LFFNFFF
placements.move_follow_up        GET   LFFYFFF LFFNFFF
placements.move_follow_up        POST  LFFYFFF LFFNFFF
placements.plan                  GET   LFFYFFF LFFNFFF
placements.plan                  POST  LFFYFFF LFFNFFF
placements.start                 POST  LFFYFFF LFFNFFF
placements.withdraw_change       POST  LFFYFFF LFFNFFF
posting.begin                    POST  LYFYFFF LYFYFFF
posting.copy                     POST  LYFYFFF LNFNFFF
posting.discard                  POST  LYFNFFF LNFNFFF
posting.index                    GET   LYFYFFF LYFYFFF
posting.publish                  POST  LYFNFFF LNFNFFF
posting.reach                    GET   LYFNFFF LNFNFFF
posting.save                     POST  LYFNFFF LNFNFFF
posting.step                     GET   LYFNFFF LNFNFFF
posting.summary                  GET   LYFNFFF LNFNFFF
prospects.detail                 GET   LFFYFFF LFFNFFF
prospects.drop                   POST  LFFYFFF LFFNFFF
prospects.edit                   GET   LFFYFFF LFFNFFF
prospects.edit                   POST  LFFYFFF LFFNFFF
prospects.index                  GET   LFFYFFF LFFYFFF
prospects.join                   POST  LFFYFFF LFFNFFF
prospects.new                    GET   LFFYFFF LFFYFFF
prospects.new                    POST  LFFYFFF LFFYFFF
prospects.take_in                GET   LFFYFFF LFFNFFF
prospects.take_in                POST  LFFYFFF LFFNFFF
prospects.write                  GET   LFFYFFF LFFNFFF
prospects.write                  POST  LFFYFFF LFFNFFF
quality.change_weights           POST  LFFFYFF LFFFYFF
quality.index                    GET   LFFYYFF LFFYYFF
quality.runs                     GET   LFFYYYY LFFYYYY
quality.weights                  GET   LFFYYFF LFFYYFF
reviews.bring_back               POST  LFFYFFF LFFYFFF
reviews.put_off                  POST  LFFYFFF LFFNFFF
reviews.put_off_several          POST  LFFYFFF LFFYFFF
reviews.refuse_several           POST  LFFYFFF LFFYFFF
reviews.several                  GET   LFFYFFF LFFYFFF
reviews.undo                     POST  LFFYFFF LFFYFFF
reviews.accept                   POST  LYFFFFF LNFFFFF
reviews.answer                   POST  LFYFFFF LFNFFFF
reviews.approve                  POST  LFFYFFF LFFNFFF
reviews.decline                  POST  LYFFFFF LNFFFFF
reviews.detail                   GET   LFFYFFF LFFNFFF
reviews.match_record             GET   LFFYFFF LFFNFFF
reviews.mine                     GET   LFYFFFF LFYFFFF
reviews.print_record             GET   LFFYFFF LFFNFFF
reviews.proposal                 GET   LYFFFFF LNFFFFF
reviews.proposals                GET   LYFFFFF LYFFFFF
reviews.queue                    GET   LFFYFFF LFFYFFF
reviews.record_answer            POST  LFFYFFF LFFNFFF
reviews.record_withdrawal        POST  LFFYFFF LFFNFFF
reviews.refuse                   POST  LFFYFFF LFFNFFF
reviews.take_back                POST  LFYFFFF LFNFFFF
reviews.take_back_employers      POST  LYFFFFF LNFFFFF
reviews.withdraw                 POST  LFYFFFF LFNFFFF
rules.history                    GET   LFFYYYY LFFYYYY
rules.index                      GET   LFFYYYY LFFYYYY
rules.not_read                   GET   LFFYYYY LFFYYYY
saved_filters.delete             POST  LFFYFFF LFFNFFF
saved_filters.index              GET   LFFNFFF LFFNFFF
saved_filters.index              POST  LFFNFFF LFFNFFF
search.hints                     GET   LYFYYYYY LYFYYYYY
search.index                     GET   LYFYYYYY LYFYYYYY
situations.add_spell             POST  LFFYFFF LFFNFFF
situations.confirm               POST  LFFYFFF LFFNFFF
situations.detail                GET   LFFYFFF LFFNFFF
situations.dismiss               POST  LFFYFFF LFFNFFF
situations.join                  POST  LFFYFFF LFFNFFF
situations.note_arrival          POST  LFFYFFF LFFNFFF
situations.place                 POST  LFFYFFF LFFNFFF
situations.remove_arrival        POST  LFFYFFF LFFNFFF
situations.remove_placing        POST  LFFYFFF LFFNFFF
situations.remove_spell          POST  LFFYFFF LFFNFFF
situations.spell                 GET   LFFYFFF LFFNFFF
situations.spell                 POST  LFFYFFF LFFNFFF
second_step.mine                 GET   LFFYYYYY LFFYYYYY
second_step.own_app              GET   LFFYYYYY LFFYYYYY
second_step.own_app              POST  LFFYYYYY LFFYYYYY
second_step.own_codes            GET   LFFYYYYY LFFYYYYY
second_step.own_codes            POST  LFFYYYYY LFFYYYYY
second_step.own_passkey          GET   LFFYYYYY LFFYYYYY
second_step.own_passkey          POST  LFFYYYYY LFFYYYYY
second_step.remove_app           GET   LFFYYYYY LFFYYYYY
second_step.remove_app           POST  LFFYYYYY LFFYYYYY
second_step.remove_passkey       GET   LFFYNNNN LFFNNNNN
second_step.remove_passkey       POST  LFFYNNNN LFFNNNNN
second_step.set_up_app           GET   LYYYYYYY LYYYYYYY
second_step.set_up_app           POST  LYYYYYYY LYYYYYYY
second_step.set_up_passkey       GET   LYYYYYYY LYYYYYYY
second_step.set_up_passkey       POST  LYYYYYYY LYYYYYYY
second_step.step                 GET   LYYYYYYY LYYYYYYY
second_step.step                 POST  LYYYYYYY LYYYYYYY
settling.answer_by_link          POST  YYYYYYY YYYYYYY
settling.by_link                 GET   YYYYYYY YYYYYYY
settling.confirm                 POST  LYYYFFF LNNNFFF
settling.print_settlement        GET   LFFYFFF LFFNFFF
settling.record                  GET   LFFYFFF LFFNFFF
settling.record                  POST  LFFYFFF LFFNFFF
settling.send_link               POST  LFFYFFF LFFNFFF
settling.settle                  GET   LFFYFFF LFFNFFF
settling.settle                  POST  LFFYFFF LFFNFFF
settling.take_back               POST  LNNYFFF LNNNFFF
skills.add_broader               POST  LFFYFFY LFFYFFY
skills.add_synonym               POST  LFFYFFY LFFYFFY
skills.changes                   GET   LFFYYYY LFFYYYY
skills.edit                      GET   LFFYFFY LFFYFFY
skills.edit                      POST  LFFYFFY LFFYFFY
skills.index                     GET   LFFYYYY LFFYYYY
skills.phrases                   GET   LFFYYYY LFFYYYY
skills.remove                    POST  LFFYFFY LFFYFFY
skills.remove_broader            POST  LFFYFFY LFFYFFY
skills.remove_synonym            POST  LFFYFFY LFFYFFY
skills.suggest                   POST  LYYYFFF LYYYFFF
status.paper                     GET   LFFYYFF LFFYYFF
status.spreadsheet               GET   LFFYYFF LFFYYFF
step_offers.index                GET   LFFYYFF LFFYYFF
step_offers.offer                GET   LFFYFFF LFFNFFF
step_offers.offer                POST  LFFYFFF LFFNFFF
step_offers.own                  GET   LYFFFFF LYFFFFF
step_offers.own                  POST  LYFFFFF LYFFFFF
step_offers.withdraw             POST  LFFYFFF LFFNFFF
step_offers.withdraw_own         POST  LYFFFFF LNFFFFF
target_groups.add                GET   LFFYFFF LFFNFFF
target_groups.add                POST  LFFYFFF LFFNFFF
target_groups.archive            POST  LFFYYFF LFFNNFF
target_groups.detail             GET   LFFYYFF LFFNNFF
target_groups.edit               GET   LFFYYFF LFFNNFF
target_groups.edit               POST  LFFYYFF LFFNNFF
target_groups.index              GET   LFFYYFF LFFYYFF
target_groups.membership         GET   LFFYFFF LFFNFFF
target_groups.membership         POST  LFFYFFF LFFNFFF
target_groups.new                GET   LFFYYFF LFFYYFF
target_groups.new                POST  LFFYYFF LFFYYFF
target_groups.remove_membership  POST  LFFYFFF LFFNFFF
target_groups.reopen             POST  LFFYYFF LFFNNFF
target_groups.unknown            GET   LFFYFFF LFFNFFF
target_groups.write_unknown      POST  LFFYFFF LFFNFFF
tasks.done                       POST  LFFYFFF LFFNFFF
tasks.edit                       GET   LFFYFFF LFFNFFF
tasks.edit                       POST  LFFYFFF LFFNFFF
tasks.index                      GET   LFFYFFF LFFYFFF
tasks.new                        GET   LFFYFFF LFFYFFF
tasks.new                        POST  LFFYFFF LFFYFFF
tasks.remove                     POST  LFFYFFF LFFNFFF
tasks.reopen                     POST  LFFYFFF LFFNFFF
teams.index                      GET   LFFYFFF LFFYFFF
teams.index                      POST  LFFYFFF LFFYFFF
tokens.end                       POST  LFFFFYF LFFFFNF
tokens.index                     GET   LFFFFYF LFFFFYF
tokens.new                       GET   LFFFFYF LFFFFYF
tokens.new                       POST  LFFFFYF LFFFFYF
users.detail                     GET   LFFFFYN LFFFFNN
users.disable                    POST  LFFFFYN LFFFFNN
users.enable                     POST  LFFFFYN LFFFFNN
users.index                      GET   LFFFFYY LFFFFYY
users.new                        GET   LFFFFYY LFFFFYY
users.new                        POST  LFFFFYY LFFFFYY
users.new_link                   POST  LFFFFYN LFFFFNN
users.reset_second_factor        POST  LFFFFYN LFFFFNN
users.withdraw_link              POST  LFFFFYN LFFFFNN
vitas.declare_ready              POST  LFFYFFF LFFNFFF
vitas.note_case_number           POST  LFFYFFF LFFNFFF
vitas.print_sheet                GET   LFFYFFF LFFNFFF
vitas.sheet                      GET   LFFYFFF LFFNFFF
vitas.write                      POST  LFFYFFF LFFNFFF
wishes.add                       POST  LFFYFFF LFFNFFF
wishes.index                     GET   LFFYFFF LFFNFFF
wishes.remove                    POST  LFFYFFF LFFNFFF
work.add_wish                    POST  LFYFFFF LFYFFFF
work.index                       GET   LFYFFFF LFYFFFF
work.remove_wish                 POST  LFYFFFF LFNFFFF
young.correct                    GET   LFFYFFF LFFNFFF
young.correct                    POST  LFFYFFF LFFNFFF
young.index                      GET   LFFYYFF LFFYYFF
young.new                        GET   LFFYFFF LFFYFFF
young.new                        POST  LFFYFFF LFFYFFF
young.parents                    GET   LFFYFFF LFFNFFF
young.parents                    POST  LFFYFFF LFFNFFF
young.withdraw                   POST  LFFYFFF LFFNFFF
static                           GET   YYYYYYY YYYYYYY
"""


@dataclass(frozen=True)
class Line:
    endpoint: str
    method: str
    own: str
    stranger: str


def read_table(text: str) -> dict[tuple[str, str], Line]:
    rows = [row.split() for row in text.strip().splitlines() if row and not row.startswith("#")]
    lines = [Line(endpoint, method, *map(with_group_leader, seen)) for endpoint, method, *seen in rows]
    return {(line.endpoint, line.method): line for line in lines}


def with_group_leader(seen: str) -> str:
    if len(seen) == len(ROLES):
        return seen
    of_all = set(seen[1:]) if seen[0] == "L" else set(seen[:1])
    return seen + (of_all.pop() if len(of_all) == 1 else "F")


EXPECTED = read_table(TABLE)


@dataclass
class Scene:
    """An employer, a citizen and all that can happen between them, in one municipality."""

    values: dict[str, Any] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)


def set_scene(home: str, consultant: str) -> Scene:
    """Three matches stand at three stages: one to decide, one to plan from, one with a running placement."""
    scene = Scene()
    employer = factories.make_employer("Bos Køkken", owner="Bo", in_municipality=home)
    person = factories.make_citizen("Amira", in_municipality=home, with_login=True)
    card = factories.make_card(person)
    both = {"citizen_answer": Answer.YES, "employer_answer": Answer.YES}
    openings = [factories.make_opening(employer, places=2) for _ in range(3)]
    waiting = factories.make_match(openings[0], card)
    agreed = factories.make_review(factories.make_match(openings[1], card), **both)
    placement = factories.make_placement(
        factories.make_review(factories.make_match(openings[2], card), **both)
    )
    with transaction():
        follow_up = FollowUp(placement_id=placement.id, due_on=factories.TODAY + timedelta(days=20))
        db.session.add(follow_up)
    group = factories.make_target_group(in_municipality=home)
    ladder = factories.make_ladder(in_municipality=home)
    run = make_run(make_course(in_municipality=home), first_day=factories.TODAY - timedelta(days=2))
    make_seat(factories.make_citizen(in_municipality=home), run, status=SeatStatus.WISHED, booked_on=None)
    sheet = factories.make_sheet(placement)
    agreement = factories.make_partnership(employer, consultant=consultant)
    vegetables = factories.skill("skære og klargøre grøntsager")
    scene.values = {
        "opening_id": openings[0].id,
        "municipality_id": factories.municipality(home).id,
        "neighbour_request_id": a_request_to(home),
        "employer_id": employer.id,
        "workplace_id": employer.workplaces[0].id,
        "employer_contact_id": factories.make_employer_contact(
            employer, written_by_id=factories.user(consultant).id
        ).id,
        "double_id": factories.make_employer("Bos Køkken", in_municipality=home).id,
        "prospect_id": factories.make_prospect(in_municipality=home).id,
        "contact_id": factories.make_colleague(employer).id,
        "citizen_id": person.id,
        "card_id": card.id,
        "evidence_id": card.evidence[0].id,
        "certificate_id": factories.make_certificate(card).id,
        "wish_id": factories.make_wish(card).id,
        "match_id": waiting.id,
        "review_id": agreed.id,
        "placement_id": placement.id,
        "follow_up_id": follow_up.id,
        "change_kind": "tasks",
        "change_id": factories.make_change(placement).id,
        "sheet_id": sheet.id,
        "link": a_sheet_link(sheet.id),
        "settlement_link": a_settlement_link(),
        "tally_id": factories.make_young_tally(in_municipality=home).id,
        "talk_id": factories.make_job_talk(placement).id,
        "cover_id": factories.make_cover(factories.user(consultant), factories.make_colleague_at(home)).id,
        "saved_filter_id": factories.make_saved_filter(factories.user(consultant)).id,
        "task_id": factories.make_task(factories.user(consultant), citizen=person).id,
        "citizen_note_id": factories.make_note(
            person, by=factories.user(consultant), written_at=factories.NOW
        ).id,
        "mentor_id": (asked := factories.make_mentor_agreement(person)).mentor_id,
        "mentor_agreement_id": asked.id,
        "mentor_link": a_mentor_link(asked.id),
        "mail_id": factories.make_mail(in_municipality=home).id,
        "token_id": factories.make_token(by=factories.user(consultant))[0].id,
        "stop_link": a_stop_link(),
        "call_id": factories.make_call(agreed).id,
        "password_link": "nobody's",
        "calendar_secret": "nobody's",
        "proposal_link": a_proposal_link(factories.make_consent(card, employer, review=agreed).id),
        "partnership_id": agreement.id,
        "consent_id": factories.make_consent(card, employer).id,
        "file_kind": "json",
        "sheet_kind": "midway",
        "token": a_link(home),
        "invitation": an_invitation_link(invitation := factories.make_invitation(employer)),
        "invitation_id": invitation.id,
        "confirmation": a_confirmation_link(home),
        "renewal": a_renewal_link(openings[0].id),
        "group_id": group.id,
        "membership_id": factories.make_membership(group, person).id,
        "cohort_id": (cohort := factories.make_cohort(in_municipality=home)).id,
        "cohort_session_id": factories.make_cohort_session(cohort).id,
        "enrolment_id": factories.make_enrolment(cohort, person).id,
        "grant_id": factories.make_cohort_leader(cohort, factories.user(consultant)).id,
        "spell_id": factories.make_spell(person).id,
        "proposal_id": factories.make_spell_proposal(placement).id,
        "ladder_id": ladder.id,
        "package_id": (package := factories.make_package(in_municipality=home)).id,
        "journey_id": (journey := factories.make_journey(person, package)).id,
        "way_step_id": journey.steps[0].id,
        "offer_id": factories.make_step_offer(employer, package).id,
        "key": "rengoering",
        "placing_id": factories.make_placing(person, ladder.steps[0]).id,
        "course_id": run.course_id,
        "run_id": run.id,
        "seat_id": make_seat(factories.make_citizen(in_municipality=home), run).id,
        "goal_id": factories.make_goal(home).id,
        "measure": "hired",
        "outside_id": factories.make_outside_figure(home).id,
        "subject": "public_support",
        "gone_id": factories.make_citizen("Amira", in_municipality=home).id,
        "other_id": factories.municipality("Fredensborg" if home == "Halsnæs" else "Halsnæs").id,
        "draft_id": factories.make_draft(factories.owner_of(employer)).id,
        "step": "job",
        "registration_id": factories.make_registration(home, cvr=employer.cvr).id,
        "industry": "koekken",
        "rule_id": factories.rule("praktik-weeks").id,
        "own_rule_id": factories.put_number("praktik-hours-most", "30", date(2027, 1, 1), place=home).id,
        "agreement_id": db.session.scalars(sa.select(NeighbourAgreement.id)).first(),
        "party": "consultant",
        "where": "card",
        "kind": "evidence",
        "row_id": factories.make_words(card, "stemme xylofoner").id,
        "skill_id": vegetables.id,
        "broader_id": factories.skill("køkkenhygiejne").id,
        "synonym_id": vegetables.synonyms[0].id,
        "filename": "portal.css",
        "name": "virksomheder.csv",
        "entry_id": factories.make_list_look(person).id,
    }
    scene.people = {"employer": factories.owner_of(employer), "citizen": person.user}  # type: ignore[dict-item]
    return scene


def full_stage() -> tuple[Scene, Scene]:
    """Halsnæs, where the callers belong, and Fredensborg, where all is a stranger's."""
    own = set_scene("Halsnæs", "karin@kommune.example")
    stranger = set_scene("Fredensborg", "lene@nabo.example")
    own.people |= {
        "consultant": factories.user("karin@kommune.example"),
        "leader": factories.user("mette@kommune.example"),
        "admin": factories.user("admin@kommune.example"),
        "operator": factories.user("drift@portal.example"),
        "group_leader": factories.make_group_leader(own.values["cohort_id"]),
    }
    for scene, person in ((own, own.people["consultant"]), (stranger, factories.user("lene@nabo.example"))):
        scene.values["user_id"] = person.id
        scene.values["session_id"] = an_open_session(person)
        scene.values["passkey_id"] = factories.make_passkey(person).id
        scene.values["import_id"] = an_upload(person)
    return own, stranger


def a_settlement_link() -> str:
    """Whoever has it may say yes for the employer; there is no stranger to a link."""
    settlement = factories.make_settlement(factories.make_placement())
    about = (settlement.id, settlement.version)
    ends_at = factories.NOW + timedelta(days=1)
    return links_of(current_app).sign(LinkPurpose.SETTLEMENT, *about, expires_at=ends_at)


def a_mentor_link(agreement_id: int) -> str:
    """Whoever has it may say yes for the mentor; there is no stranger to a link."""
    ends_at = factories.NOW + timedelta(days=1)
    return links_of(current_app).sign(LinkPurpose.MENTOR, agreement_id, expires_at=ends_at)


def a_sheet_link(sheet_id: int) -> str:
    """Whoever has it may answer the sheet; there is no stranger to a link."""
    links = links_of(current_app)
    return links.sign(LinkPurpose.ASSESSMENT, sheet_id, expires_at=factories.NOW + timedelta(days=1))


def a_proposal_link(consent_id: int) -> str:
    """Whoever has it may see the anonymous card and answer."""
    links = links_of(current_app)
    return links.sign(LinkPurpose.PROPOSAL, consent_id, expires_at=factories.NOW + timedelta(days=1))


def a_stop_link() -> str:
    """Whoever got the mail may decline the next."""
    links = links_of(current_app)
    ends = factories.NOW + timedelta(days=1)
    return links.sign(LinkPurpose.STOP_MAIL, "bo@firma.example", "message", expires_at=ends)


def an_invitation_link(invitation: EmployerInvitation) -> str:
    links = links_of(current_app)
    return links.sign(LinkPurpose.INVITATION, invitation.id, expires_at=invitation.expires_at)


def a_confirmation_link(home: str) -> str:
    links = links_of(current_app)
    wish = factories.make_unconfirmed(home)
    return links.sign(LinkPurpose.CONFIRMATION, wish.id, expires_at=wish.expires_at)


def a_renewal_link(opening_id: int) -> str:
    links = links_of(current_app)
    ends = factories.NOW + timedelta(days=1)
    return links.sign(LinkPurpose.RENEWAL, opening_id, "2026-12-01", expires_at=ends)


def a_link(about: str) -> str:
    """One that works, to what nobody has any more: the page behind it answers without showing anybody."""
    links = links_of(current_app)
    return links.sign(LinkPurpose.CODE_PAGE, about, expires_at=factories.NOW + timedelta(days=1))


def an_open_session(person: User) -> int:
    with transaction():
        secret = accounts.open_session(person, device="Test", at=factories.NOW)
    found = account_queries.live_session(secret, at=factories.NOW, idle=timedelta(1), absolute=timedelta(1))
    assert found is not None
    return found.id


def a_request_to(home: str) -> int:
    """A third municipality asks this one to be its neighbour."""
    asker = factories.make_municipality(f"Ved{home}")
    with transaction():
        request = NeighbourRequest(
            asker=asker,
            asked=factories.municipality(home),
            starts_on=factories.TODAY,
            asked_at=factories.NOW,
        )
        db.session.add(request)
    return request.id


def an_upload(person: User) -> int:
    """A file of employers that waits between preview and yes."""
    with transaction():
        upload = ImportFile(
            user_id=person.id,
            municipality_id=person.municipality_id,
            kind=ImportKind.EMPLOYERS,
            filename="virksomheder.csv",
            parsed={"headings": ["CVR", "P-nummer", "Navn"], "rows": [[2, ["12345678", "1", "Forkert"]]]},
            uploaded_at=factories.NOW,
            expires_at=factories.NOW + timedelta(hours=1),
        )
        db.session.add(upload)
    return upload.id


def outcome(response: PortalResponse) -> str:
    if response.status_code == 303 and response.headers["Location"].startswith("/login"):
        return "L"
    return {403: "F", 404: "N"}.get(response.status_code, "Y" if response.status_code < 500 else "!")


def endpoints(app: Flask) -> list[tuple[str, str]]:
    return sorted(
        (rule.endpoint, method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) & {"GET", "POST"}
    )


def call(app: Flask, endpoint: str, method: str, role: str, *, own: Scene, target: Scene) -> str:
    with app.test_request_context():
        rule = next(rule for rule in app.url_map.iter_rules(endpoint) if method in (rule.methods or set()))
        url = url_for(endpoint, **{name: target.values[name] for name in rule.arguments})
    client = PortalClient(app, own.people.get(role))
    return outcome(client.get(url) if method == "GET" else client.post(url))


_built: dict[str, tuple[Kept, Scene, Scene]] = {}


def kept_scene(stage: Stage) -> tuple[Kept, Scene, Scene]:
    """Built once an engine: what stands there, and what it is called."""
    if stage.engine_name not in _built:
        stage.reset()  # whatever an earlier test left
        own, stranger = full_stage()
        db.session.expunge_all()
        _built[stage.engine_name] = (stage.keep("roles"), own, stranger)
    return _built[stage.engine_name]


def observed(app: Flask, stage: Stage, endpoint: str, method: str) -> Line:
    """What each role really gets. The stage is set anew after each call that may have changed it."""
    seen = {"own": "", "stranger": ""}
    kept, own, stranger = kept_scene(stage)
    stage.reset(kept)
    for whose in ("stranger", "own"):
        for role in ROLES:
            got = call(app, endpoint, method, role, own=own, target=own if whose == "own" else stranger)
            seen[whose] += got
            if method == "POST" and got == "Y":
                db.session.remove()
                stage.reset(kept)
    return Line(endpoint, method, seen["own"], seen["stranger"])


def test_the_table_names_every_endpoint(app: Flask) -> None:
    assert set(EXPECTED) == set(endpoints(app))


@pytest.mark.parametrize(("endpoint", "method"), sorted(EXPECTED))
def test_role_by_role(app: Flask, current_stage: Stage, endpoint: str, method: str) -> None:
    assert observed(app, current_stage, endpoint, method) == EXPECTED[endpoint, method]


@pytest.mark.parametrize("current_stage", ["sqlite"], indirect=True)  # no database decides this
@pytest.mark.parametrize("action", [action for action in Action if GRANTS[action] != frozenset(Role)])
def test_a_removed_guard_is_caught(
    app: Flask, current_stage: Stage, action: Action, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Opening an action to every role changes what the table sees of at least one of its endpoints."""
    guarded = [key for key in endpoints(app) if _action(app, key[0]) is action]
    monkeypatch.setitem(GRANTS, action, frozenset(Role))

    def caught(key: tuple[str, str]) -> bool:
        db.session.remove()
        return observed(app, current_stage, *key).own != EXPECTED[key].own

    assert any(caught(key) for key in guarded), f"nobody would notice that {action} is open to all"


def _action(app: Flask, endpoint: str) -> Action | None:
    return getattr(app.view_functions[endpoint], "required_action", None)


def test_the_table_is_well_formed() -> None:
    for line in EXPECTED.values():
        assert re.fullmatch("[YLFN]{8}", line.own), line
        assert re.fullmatch("[YLFN]{8}", line.stranger), line
