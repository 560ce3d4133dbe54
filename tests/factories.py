"""Rows for tests: plain functions, every argument with a default, published by default."""

from datetime import date
from itertools import count

from django.contrib.auth.models import Group, User

from meetings.models import (
    Account,
    Actor,
    Claim,
    Discussion,
    Issue,
    Meeting,
    Milestone,
    Outcome,
    Page,
    Participation,
    Place,
    Position,
    Reaction,
    Readout,
    Source,
    Theme,
)

serial = count(1)


def make(model, many=None, **values):
    """Save a row, with its many-to-many relations and, if it cites, its own list of sources."""
    row = model.objects.create(**values)
    for name, rows in (many or {}).items():
        if rows:
            getattr(row, name).add(*rows)
    return row


def entry(model, sources=None, many=None, **values):
    values = {"slug": f"{model._meta.model_name}-{next(serial)}", "status": "published"} | values
    sources = [make_source()] if sources is None else sources
    return make(model, {"sources": sources} | (many or {}), **values)


def make_source(**values):
    number = next(serial)
    values = {
        "slug": f"source-{number}",
        "title": f"Report {number}",
        "publisher": "Press agency",
        "published": date(2018, 7, 16),
        "kind": "news",
        "language": "en",
        "read": "excerpt",
    } | values
    return make(Source, **values)


def make_place(**values):
    values = {"slug": f"place-{next(serial)}", "city": "Helsinki", "country": "FI"} | values
    return make(Place, **values)


def make_actor(**values):
    number = next(serial)
    values = {
        "slug": f"actor-{number}",
        "name": f"Ada Person{number}",
        "sort_name": f"Person{number}, Ada",
        "kind": "person",
        "country": "RU",
    } | values
    return make(Actor, **values)


def make_meeting(**values):
    values = {
        "title": f"Meeting {next(serial)}",
        "starts_on": date(2018, 7, 16),
        "format": "summit",
        "event_status": "held",
        "summary": "A meeting of two presidents.",
    } | values
    if "place" not in values:
        values["place"] = make_place()
    return entry(Meeting, **values)


def make_participation(**values):
    values = {"government": "RU", "role": "President"} | values
    values.setdefault("meeting", None)
    values["meeting"] = values["meeting"] or make_meeting()
    if "actor" not in values:
        values["actor"] = make_actor(country=values["government"])
    return make(Participation, **values)


def make_readout(**values):
    values = {"government": "RU", "text": "", "language": "en"} | values
    if "meeting" not in values:
        values["meeting"] = make_meeting()
    return make(Readout, **values)


def make_outcome(**values):
    if "meeting" not in values:
        values["meeting"] = make_meeting()
    values = {"order": next(serial) * 10, "state": "announced"} | values
    return make(Outcome, **values)


def make_claim(**values):
    names = ("meetings", "issues", "reactions", "themes", "milestones")
    many = {name: values.pop(name) for name in names if name in values}
    values = {"order": next(serial) * 10, "text": "They met.", "assessment": "accurate"} | values
    if "source" not in values:
        values["source"] = make_source()
    return make(Claim, many, **values)


def make_issue(**values):
    values = {"title": f"Issue {next(serial)}", "summary": "A subject."} | values
    return entry(Issue, **values)


def make_position(**values):
    values = {"government": "RU"} | values
    if "issue" not in values:
        values["issue"] = make_issue()
    return make(Position, **values)


def make_discussion(**values):
    values = {"basis": "accounts"} | values
    if "meeting" not in values:
        values["meeting"] = make_meeting()
    if "issue" not in values:
        values["issue"] = make_issue()
    return make(Discussion, **values)


def make_account(**values):
    values = {"government": "RU", "finding": "stated"} | values
    if "meeting" not in values:
        discussion = make_discussion()
        values |= {"meeting": discussion.meeting, "issue": discussion.issue}
    return make(Account, **values)


def make_reaction(**values):
    many = {name: values.pop(name) for name in ("issues", "actors") if name in values}
    values = {
        "attribution": f"Speaker {next(serial)}",
        "role": "Senator",
        "capacity": "legislature",
        "country": "US",
        "reacted_on": date(2018, 7, 17),
        "stance": "critical",
    } | values
    if "meeting" not in values:
        values["meeting"] = make_meeting()
    return entry(Reaction, many=many, **values)


def make_theme(**values):
    names = ("meetings", "issues", "reactions")
    many = {name: values.pop(name) for name in names if name in values}
    values = {"title": f"Theme {next(serial)}", "summary": "A question."} | values
    return entry(Theme, many=many, **values)


def make_milestone(**values):
    many = {name: values.pop(name) for name in ("meetings", "issues") if name in values}
    values = {
        "title": f"Milestone {next(serial)}",
        "occurred_on": date(2018, 7, 13),
        "kind": "call",
    } | values
    return entry(Milestone, many=many, **values)


def make_page(**values):
    values = {"title": f"Page {next(serial)}", "body": "Words."} | values
    return entry(Page, sources=values.pop("sources", []), **values)


def make_member(role, username="", **values):
    """Save a user who may sign in to the desk, in the group of a role."""
    user = User.objects.create_user(username or role, is_staff=True, **values)
    user.groups.add(Group.objects.get(name=role))
    return user


def make_editor(username="ana", **values):
    return make_member("editor", username, **values)
