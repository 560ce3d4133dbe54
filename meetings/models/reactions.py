"""Reactions: what others said of a meeting."""

from collections import Counter, defaultdict

from django.db import models
from django.db.models import Q
from django_countries.fields import CountryField

from ..text.countries import country_name
from .addresses import entry_address
from .fields import (
    MAX_QUOTATION_WORDS,
    LineField,
    ProseField,
    TextField,
    choice_constraint,
    country_constraint,
    quotation_constraint,
    validate_language,
    validate_quotation_length,
)
from .issues import Issue
from .meetings import Meeting
from .publishable import EntryQuerySet, Publishable, complete_constraint, entry_constraints
from .reaction_groups import (
    EMPTY_CHOICE,
    GROUP_REACTIONS,
    PAGE_REACTIONS,
    PRINTED_REACTIONS,
    Capacity,
    ReactionKey,
    count_shown,
    group_keys,
)

# Beside the codes of countries, the statements of groups some of whose members have one.
GROUPS = "groups"


class Stance(models.TextChoices):
    SUPPORTIVE = "supportive", "Supportive"
    CRITICAL = "critical", "Critical"
    MIXED = "mixed", "Mixed"
    NEUTRAL = "neutral", "Neutral"


class ReactionQuerySet(EntryQuerySet):
    select_related_fields = ("meeting", "quotation_source")

    def published(self):
        """Return the published reactions whose meeting and whose issues are all published.

        The few meetings that are hidden are left out, rather than the many that are not be looked
        up: SQLite would begin with those, and read the reactions in the order of their meetings.
        """
        on_hidden_issue = Reaction.issues.through.objects.filter(
            issue__in=Issue.objects.unpublished()
        )
        return (
            self.filter(Reaction.public_now())
            .exclude(meeting__in=Meeting.objects.unpublished())
            .exclude(pk__in=on_hidden_issue.values("reaction"))
        )

    def of_countries(self, codes):
        """Return the statements of any of some countries; the code ``none`` stands for no country.

        A group's statement has no country of its own: it is one of its members' countries, as far
        as its actors name them.
        """
        named = [code for code in codes if code != EMPTY_CHOICE]
        of_member = Reaction.actors.through.objects.filter(actor__country__in=named)
        found = Q(country__in=named) | Q(country="", pk__in=of_member.values("reaction"))
        if EMPTY_CHOICE in codes:
            of_any = Reaction.actors.through.objects.exclude(actor__country="")
            found |= Q(country="") & ~Q(pk__in=of_any.values("reaction"))
        return self.filter(found)

    def members(self):
        """Return the rows that join a statement of no country to actors of some country."""
        groups = self.filter(country="").order_by()
        rows = Reaction.actors.through.objects.filter(reaction__in=groups.values("pk"))
        return rows.exclude(actor__country="")

    def count_by_country(self, own):
        """Return the number of statements by country, ``none`` for those of no country.

        ``own`` are the numbers by the statements' own country, to which groups' members are added.
        """
        members, statements = self.members(), models.Count("reaction", distinct=True)
        of_members = members.values_list("actor__country").annotate(n=statements)
        groups = members.values_list(models.Value(GROUPS)).annotate(n=statements)
        counts: Counter = Counter()
        for code, number in (*own.items(), *of_members.union(groups, all=True)):
            counts[code or EMPTY_CHOICE] += number
        counts[EMPTY_CHOICE] -= counts.pop(GROUPS, 0)
        return +counts

    def with_lines(self):
        """Fetch what the line about a reaction shows."""
        related = self.select_related(*self.select_related_fields)
        return related.prefetch_related("sources")

    def recent(self):
        """Order with the newest first."""
        return self.order_by("-reacted_on", "-slug")

    def stances(self):
        """Return each stance as value, label and number of reactions."""
        counts = dict(self.order_by().values_list("stance").annotate(models.Count("pk")))
        return [(stance.value, stance.label, counts.get(stance.value, 0)) for stance in Stance]

    def stances_by_meeting(self):
        """Return the number of each stance by the id of the meeting."""
        numbers = {
            stance.value: models.Count("pk", filter=models.Q(stance=stance)) for stance in Stance
        }
        rows = self.order_by().values_list("meeting").annotate(**numbers)
        return {meeting: dict(zip(numbers, found, strict=True)) for meeting, *found in rows}

    def groups_of(self, meeting):
        """Return the groups of reactions on a meeting's page.

        Of each group only the reactions that are shown or printed are fetched.
        """
        rows = self.filter(meeting=meeting.pk).order_by("reacted_on", "slug")
        columns = list(rows.values_list(*ReactionKey._fields[:-1]))
        members = defaultdict(set)
        if any(not country for _, country, *_ in columns):
            for pk, code in rows.members().values_list("reaction", "actor__country"):
                members[pk].add(code)
        keys = [
            ReactionKey(pk, country, *others, frozenset(members.get(pk, {country})))
            for pk, country, *others in columns
        ]
        groups = group_keys(keys, meeting.governments)
        limit = GROUP_REACTIONS
        while limit > 1 and count_shown(groups, limit) > PAGE_REACTIONS:
            limit -= 1
        leaves = [leaf for group in groups for leaf in group.leaves]
        last = limit + PRINTED_REACTIONS
        found = self.select_related("quotation_source").in_bulk(
            [key.pk for leaf in leaves for key in leaf.keys[:last]]
        )
        for leaf in leaves:
            leaf.shown = [found[key.pk] for key in leaf.keys[:limit]]
            leaf.printed = [found[key.pk] for key in leaf.keys[limit:last]]
        return groups

    def prefetches(self, user):
        return [models.Prefetch("issues", Issue.objects.visible_to(user)), "actors", "sources"]


COMPLETE = Q(meeting__isnull=False) & ~Q(capacity="") & Q(reacted_on__isnull=False) & ~Q(stance="")


class Reaction(Publishable):
    """A statement on a meeting, by a person, an institution or the public."""

    Capacity = Capacity
    Stance = Stance
    TITLE_LOOKUPS = ("attribution", "meeting__title", "reacted_on")
    PUBLIC_COLUMNS = ("meeting", "capacity", "reacted_on", "stance")
    COMPLETE = COMPLETE

    meeting = models.ForeignKey(
        Meeting, null=True, blank=True, on_delete=models.PROTECT, related_name="reactions"
    )
    issues = models.ManyToManyField(Issue, blank=True, related_name="reactions")
    attribution = LineField(max_length=200, help_text="Who said it, as shown.")
    actors = models.ManyToManyField("meetings.Actor", blank=True, related_name="reactions")
    role = LineField(
        max_length=200, blank=True, help_text="As on the day of the statement, not today."
    )
    affiliation = LineField(
        max_length=100, blank=True, help_text="Party or organisation, as on that day."
    )
    capacity = models.CharField(max_length=26, choices=Capacity, blank=True)
    country = CountryField(blank=True)
    reacted_on = models.DateField("date", null=True, blank=True)
    stance = models.CharField(
        max_length=10,
        choices=Stance,
        blank=True,
        help_text="The stance of this statement towards the meeting or what was said there. "
        "If unsure, choose neutral.",
    )
    summary = ProseField(blank=True)
    quotation = TextField(
        blank=True, help_text=f"At most {MAX_QUOTATION_WORDS} words, without quotation marks."
    )
    quotation_language = LineField(
        max_length=20,
        blank=True,
        validators=[validate_language],
        help_text="The language of the words quoted: en, ru.",
    )
    quotation_source = models.ForeignKey(
        "meetings.Source",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="quotations",
    )

    objects = ReactionQuerySet.as_manager()

    class Meta:
        ordering = ["reacted_on", "slug"]
        permissions = [("publish_reaction", "Can publish, withdraw and correct reactions")]
        indexes = [
            models.Index(fields=["reacted_on", "slug"], name="reaction_in_order"),
            # Lists are read from these three alone, and in their order: by date, counted by values,
            # counted by meeting and stance.
            models.Index(
                fields=["status", "reacted_on", "slug", "publish_at", "meeting"],
                name="reaction_public",
            ),
            models.Index(
                fields=[
                    *("status", "country", "capacity", "affiliation", "stance"),
                    *("publish_at", "meeting"),
                ],
                name="reaction_by_values",
            ),
            models.Index(
                fields=["status", "meeting", "stance", "publish_at"], name="reaction_by_stance"
            ),
        ]
        constraints = [
            *entry_constraints("reaction"),
            complete_constraint("reaction", COMPLETE),
            country_constraint("reaction"),
            choice_constraint("reaction", "capacity", Capacity, blank=True),
            choice_constraint("reaction", "stance", Stance, blank=True),
            quotation_constraint("reaction"),
        ]

    def __str__(self):
        return self.attribution

    def clean(self):
        validate_quotation_length(self.quotation)

    def get_absolute_url(self):
        return entry_address("reaction", self.slug)

    @property
    def affiliation_parts(self):
        """The speaker's role, affiliation and country on that day, as far as recorded."""
        country = country_name(self.country.code) if self.country else ""
        return [part for part in (self.role, self.affiliation, country) if part]

    @property
    def heading(self):
        return f"{self.attribution} on {self.meeting}"

    @property
    def title_day(self):
        return self.reacted_on
