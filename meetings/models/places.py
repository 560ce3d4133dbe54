"""Places where meetings are held."""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django_countries.fields import CountryField

from .addresses import entry_address
from .fields import LineField, country_constraint, slug_constraint
from .meetings import Meeting
from .publishable import RecordQuerySet, Reference
from .querysets import count_subquery, in_country_order


class PlaceQuerySet(RecordQuerySet):
    def published(self):
        """Return the places of published meetings."""
        return self.filter(pk__in=Meeting.objects.published().values("place"))

    def with_counts(self):
        """Annotate the number of public meetings held or planned at each place."""
        return self.annotate(meeting_count=count_subquery(Meeting.objects.published(), "place"))

    def with_held(self):
        """Annotate ``is_held``: whether a public meeting was held at the place."""
        held = Meeting.objects.published().filter(event_status=Meeting.EventStatus.HELD)
        return self.annotate(is_held=Exists(held.filter(place=OuterRef("pk"))))

    def in_country_order(self):
        """Order by the English name of the country, then by city and venue."""
        return in_country_order(self).order_by("country_order", "city", "venue", "slug")


class Place(Reference):
    """A venue in a city where a meeting was held or planned."""

    venue = LineField(max_length=200, blank=True)
    city = LineField(max_length=100, blank=True)
    country = CountryField(blank=True)
    latitude = models.DecimalField(
        max_digits=8,
        decimal_places=6,
        null=True,
        blank=True,
        help_text="In degrees, north positive (WGS 84).",
    )
    longitude = models.DecimalField(
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        help_text="In degrees, east positive (WGS 84).",
    )

    objects = PlaceQuerySet.as_manager()

    class Meta:
        ordering = ["city", "venue", "slug"]
        permissions = [("publish_place", "Can change places that are public")]
        constraints = [
            slug_constraint("place"),
            country_constraint("place"),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None)
                | Q(
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__range=(-90, 90),
                    longitude__range=(-180, 180),
                ),
                name="place_coordinates_come_together_and_in_range",
                violation_error_message="Give latitude (-90 to 90) and longitude (-180 to 180)"
                " together, or neither.",
            ),
        ]

    def __str__(self):
        return ", ".join(part for part in (self.venue, self.city) if part) or self.slug

    def get_absolute_url(self):
        return entry_address("place", self.slug)

    def namesakes(self):
        """Return the places of the same name, whether it is given as the venue or as the city."""
        name = str(self)
        return Place.objects.filter(
            Q(venue=self.venue, city=self.city)
            | Q(venue=name, city="")
            | Q(venue="", city=name)
            | Q(venue="", city="", slug=name)
        )

    @property
    def country_name(self):
        """The heading of its group in the list of places."""
        return self.country.name or "Other"

    @property
    def city_and_country(self):
        """The city and the country's name, with a comma between."""
        return ", ".join(part for part in (self.city, self.country.name) if part)
