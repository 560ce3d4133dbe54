"""Sources: the published works that the record cites."""

from collections import defaultdict

from django.db import models
from django.db.models import (
    CharField,
    DateField,
    Exists,
    F,
    OuterRef,
    Prefetch,
    ProtectedError,
    Q,
    Value,
)
from django.db.models.functions import Cast

from ..text.markdown import MARKER_START, cited_slugs
from .addresses import entry_address
from .fields import (
    AddressField,
    LineField,
    ProseField,
    TextField,
    choice_constraint,
    slug_constraint,
    validate_language,
)
from .publishable import RecordQuerySet, Reference
from .querysets import related_manager

NO_DAY = Cast(Value(None), DateField())
# The relations to the entries that list sources, each with the columns of title and day.
ENTRY_COLUMNS = (
    ("meetings", "title", F("starts_on")),
    ("issues", "title", NO_DAY),
    ("reactions", "attribution", F("reacted_on")),
    ("themes", "title", NO_DAY),
    ("milestones", "title", F("occurred_on")),
    ("pages", "title", NO_DAY),
)
ENTRY_RELATIONS = tuple(name for name, _, _ in ENTRY_COLUMNS)


class SourceKind(models.TextChoices):
    TRANSCRIPT = "transcript", "Transcript"
    OFFICIAL_STATEMENT = "official_statement", "Official statement"
    INTELLIGENCE_REPORT = "intelligence_report", "Intelligence report"
    TREATY = "treaty", "Treaty"
    LAW = "law", "Law"
    DATASET = "dataset", "Dataset"
    NEWS = "news", "News"
    ANALYSIS = "analysis", "Analysis"
    ARTICLE = "article", "Article"
    BOOK = "book", "Book"


class TitleIs(models.TextChoices):
    PRINTED = "printed", "Printed"
    SHORTENED = "shortened", "Shortened"
    DESCRIBED = "described", "Described"
    TRANSLATED = "translated", "Translated"


class DateIs(models.TextChoices):
    DAY = "day", "Day"
    APPROXIMATE = "approximate", "Approximate"
    MONTH = "month", "Month"
    YEAR = "year", "Year"


class Ownership(models.TextChoices):
    STATE = "state", "State"
    PUBLIC_SERVICE = "public_service", "Public service"
    PRIVATE = "private", "Private"
    PARTY = "party", "Party"


class Read(models.TextChoices):
    WHOLE = "whole", "Whole"
    PART = "part", "In part"
    EXCERPT = "excerpt", "In excerpt"
    NOT_OPENED = "not_opened", "Not opened"


class SourceQuerySet(RecordQuerySet):
    def published(self):
        """Return the sources of published entries, and those that the notes of these cite."""
        used = self.used_in_public()
        slugs = self.model.objects.cited_in_notes_of(self.model.objects.filter(used))
        return self.filter(used | Q(slug__in=slugs) if slugs else used)

    def used_in_public(self):
        """Return the condition that a published entry lists the source."""
        condition = Q()
        for name in ENTRY_RELATIONS:
            relation = self.model._meta.get_field(name)
            entries = relation.related_model.objects.published()
            column = relation.field.m2m_field_name()
            # IN rather than EXISTS, which PostgreSQL would evaluate for every source.
            through = relation.through.objects.filter(**{f"{column}__in": entries})
            condition |= Q(pk__in=through.values("source"))
        return condition

    def naming_in_notes(self, slug):
        """Return the sources whose note, or that of a claim of theirs, names a source."""
        words = f"@{slug}"
        claims = related_manager(Source, "claims").filter(note__contains=words)
        return self.filter(Q(note__contains=words) | Q(pk__in=claims.values("source")))

    def citing_notes(self):
        """Return slug and text of each note that cites: of the sources, and of their claims."""
        rows = self.order_by()
        own = rows.filter(note__contains=MARKER_START).values_list("slug", "note")
        claims = rows.filter(claims__note__contains=MARKER_START)
        return own.union(claims.values_list("slug", "claims__note"), all=True)

    def cited_in_notes_of(self, sources):
        """Return the slugs cited in the sources' notes, in the notes of those, and so on."""
        cited: dict[str, set[str]] = defaultdict(set)
        for slug, note in self.model.objects.citing_notes():
            cited[slug].update(cited_slugs(note))
        # Few notes cite anything: where none does, a large query is not needed.
        ahead = list(sources.filter(slug__in=cited).values_list("slug", flat=True)) if cited else []
        found: set[str] = set()
        while ahead:
            new = cited.get(ahead.pop(), set()) - found
            found |= new
            ahead += new
        return found

    def with_claims(self):
        """Return the sources of which the record follows the claims, one by one."""
        claims = related_manager(Source, "claims").filter(source=OuterRef("pk"))
        return self.filter(Exists(claims))

    def prefetches(self, user):
        return [Prefetch("claims", related_manager(Source, "claims").with_carriers(user))]

    def in_use(self):
        """Return the sources that an entry, a quotation or a note cites, drafts included."""
        slugs = self.model.objects.cited_in_notes_of(self.model.objects.all())
        condition = Q(slug__in=slugs)
        for name in ("quotations", "account_quotations"):
            quoting = related_manager(self.model, name).order_by()
            condition |= Q(
                pk__in=quoting.filter(quotation_source__isnull=False).values("quotation_source")
            )
        # A join of all would have a row for each combination of uses of a source.
        for name in ENTRY_RELATIONS:
            through = self.model._meta.get_field(name).through.objects
            condition |= Q(pk__in=through.values("source"))
        return self.filter(condition)

    def delete(self):
        refuse_if_in_use(self)
        return super().delete()


def refuse_if_in_use(sources) -> None:
    """Raise ProtectedError if one of ``sources`` is cited."""
    if used := list(sources.in_use()):
        names = ", ".join(source.slug for source in used[:5])
        raise ProtectedError(
            f"Cited and therefore kept: {names}. Move what cites it to another source first.",
            set(used),
        )


class Source(Reference):
    """A published work that supports statements of the record."""

    Kind = SourceKind
    TitleIs = TitleIs
    DateIs = DateIs
    Ownership = Ownership
    Read = Read

    title = LineField(max_length=300)
    authors = LineField(max_length=300, blank=True)
    publisher = LineField(max_length=200, blank=True)
    published = models.DateField(null=True, blank=True, help_text="As 2018-07-16.")
    url = AddressField("address", max_length=1000, blank=True)
    archived_url = AddressField(
        "archive address",
        max_length=1000,
        blank=True,
        help_text="A saved copy, in case the page changes. Paste the full address.",
    )
    kind = models.CharField(max_length=20, choices=SourceKind)
    accessed = models.DateField("date read", null=True, blank=True)
    language = LineField(
        max_length=20,
        blank=True,
        validators=[validate_language],
        help_text="A language tag: en, ru.",
    )
    title_is = models.CharField(
        "title is",
        max_length=10,
        choices=TitleIs,
        blank=True,
        help_text="As printed, or in what way it is the record's own.",
    )
    date_is = models.CharField(
        "date is",
        max_length=11,
        choices=DateIs,
        blank=True,
        help_text="How exact the date of publication is.",
    )
    origin = LineField(
        max_length=200,
        blank=True,
        help_text="Who published it first, where the publisher only carries it.",
    )
    ownership = models.CharField(
        max_length=14,
        choices=Ownership,
        blank=True,
        help_text="Of the origin where there is one, else of the publisher; on the day of"
        " publication.",
    )
    read = models.CharField(
        max_length=10,
        choices=Read,
        blank=True,
        help_text="How far the text was read, at its address or in a copy.",
    )
    check_note = TextField(blank=True, help_text="How far it was read, and when.")
    note = ProseField(blank=True, help_text="Shown on the source's page. Cite as [@slug].")

    gone_address = models.CharField(
        max_length=1000,
        blank=True,
        db_default="",
        editable=False,
        help_text="The address at which it is certainly no longer, as check_links found.",
    )

    objects = SourceQuerySet.as_manager()

    class Meta:
        ordering = ["publisher", "published", "title", "slug"]
        permissions = [("publish_source", "Can change sources that are public")]
        constraints = [
            slug_constraint("source"),
            choice_constraint("source", "kind", SourceKind),
            choice_constraint("source", "title_is", TitleIs, blank=True),
            choice_constraint("source", "date_is", DateIs, blank=True),
            choice_constraint("source", "ownership", Ownership, blank=True),
            choice_constraint("source", "read", Read, blank=True),
            models.UniqueConstraint(
                fields=["url"],
                condition=~Q(url=""),
                name="source_address_is_listed_once",
                violation_error_message="This address is already a source. Use that one.",
            ),
        ]

    def __str__(self):
        return self.title

    def delete(self, *args, **kwargs):
        refuse_if_in_use(Source.objects.filter(pk=self.pk))
        return super().delete(*args, **kwargs)

    def get_absolute_url(self):
        return entry_address("source", self.slug)

    def sources_citing_it(self, user=None):
        """Return the sources that ``user`` may read and whose notes cite this one."""
        citing = Source.objects.naming_in_notes(self.slug)
        slugs = {slug for slug, note in citing.citing_notes() if self.slug in cited_slugs(note)}
        if not slugs:
            return Source.objects.none()
        return Source.objects.visible_to(user).filter(slug__in=slugs)

    def uses(self, user=None):
        """Return table, id, title, day and slug of each readable entry that lists the source.

        One query for all tables.
        """
        columns = ("kind_of_entry", "pk", "words", "day", "slug")
        rows = []
        for name, words, day in ENTRY_COLUMNS:
            model = Source._meta.get_field(name).related_model
            entries = model.objects.visible_to(user).filter(sources=self.pk).order_by()
            rows.append(
                entries.annotate(
                    kind_of_entry=Value(name, CharField()), words=F(words), day=day
                ).values_list(*columns)
            )
        return rows[0].union(*rows[1:], all=True).order_by("kind_of_entry", "day", "slug")

    @property
    def is_gone(self):
        """Whether its address leads to it no longer."""
        return bool(self.url) and self.gone_address == self.url

    @property
    def is_unopened(self):
        """Whether neither the page nor a copy of it was opened."""
        return self.read in {"", Read.NOT_OPENED}

    @property
    def read_words(self):
        """How far it was read, in words; not recorded is not opened."""
        return Read(self.read or Read.NOT_OPENED).label

    @property
    def ownership_words(self):
        """Who owns it, as an adjective; empty where that is not known."""
        return f"{self.get_ownership_display().lower()} ownership" if self.ownership else ""

    @property
    def date_is_words(self):
        """How exact its date is, in words; empty where it is not recorded."""
        return {"approximate": "about", "month": "day not known", "year": "month not known"}.get(
            self.date_is, ""
        )

    @property
    def is_primary(self):
        """Whether it is a document by those involved rather than a report about them."""
        return self.kind in {
            SourceKind.TRANSCRIPT,
            SourceKind.OFFICIAL_STATEMENT,
            SourceKind.INTELLIGENCE_REPORT,
            SourceKind.TREATY,
            SourceKind.LAW,
            SourceKind.DATASET,
        }
