"""The models: the record's entries, references and parts; its revisions, imports and index."""

from .actors import Actor
from .claims import Claim
from .desk_notes import DeskNote
from .discussions import Account, Discussion
from .imports import Import, ImportRow
from .issues import Issue, Position
from .link_checks import LinkCheck
from .lookups import InArray
from .meeting_parts import Outcome, Participation, Readout
from .meetings import Meeting
from .milestones import Milestone
from .packages import PublicPackage, PublicPackagePart
from .pages import Page
from .places import Place
from .proposals import Proposal
from .public_names import PublicName
from .publication import Publication
from .publishable import Publishable, Reference, VersionedModel
from .reactions import Reaction
from .record_state import RecordState
from .redirects import Redirect
from .releases import Release
from .revisions import Revision
from .search import SearchDocument, SearchIndex, SearchWord
from .sources import Source
from .themes import Theme
from .tombstones import Tombstone

__all__ = [
    "Account",
    "Actor",
    "Claim",
    "DeskNote",
    "Discussion",
    "Import",
    "ImportRow",
    "InArray",
    "Issue",
    "LinkCheck",
    "Meeting",
    "Milestone",
    "Outcome",
    "Page",
    "Participation",
    "Place",
    "Position",
    "Proposal",
    "PublicName",
    "PublicPackage",
    "PublicPackagePart",
    "Publication",
    "Publishable",
    "Reaction",
    "Readout",
    "RecordState",
    "Redirect",
    "Reference",
    "Release",
    "Revision",
    "SearchDocument",
    "SearchIndex",
    "SearchWord",
    "Source",
    "Theme",
    "Tombstone",
    "VersionedModel",
]
