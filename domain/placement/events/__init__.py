"""The events of a placement, from request to end. Field names and topics are the storage format."""

from domain.placement.events.asking import (
    HouseholdRevised,
    HouseholdSplitAgreed,
    PlacementRequested,
    RiskAssessed,
    SafetyRevised,
    SafeUntilRevised,
    SearchConsented,
    SearchConsentWithdrawn,
    UrgencyChanged,
)
from domain.placement.events.bridging import (
    AlarmRaised,
    AlarmTaken,
    BridgeArranged,
    BridgeChecked,
    BridgeEnded,
    NeighbourAnswered,
    NeighbourAsked,
)
from domain.placement.events.offering import (
    ConversationOpened,
    DecisionTaken,
    LateAcceptanceRecorded,
    OfferAccepted,
    OfferRefused,
    OfferSeen,
    OfferSent,
    OfferUnanswered,
    TelephoneAcceptanceConfirmed,
    WomanAccepted,
    WomanDeclined,
)
from domain.placement.events.searching import (
    CandidatesRanked,
    ExclusionCount,
    HoldDisplaced,
    HoldExpired,
    HoldPlaced,
    HoldReleased,
    LeftWaiting,
    MayBeAskedAgain,
    RankedCandidate,
    SearchResumed,
)
from domain.placement.events.staying import (
    AdmissionByDirectAgreement,
    EntryCorrected,
    ExtraordinaryAdmission,
    HandoverAgreed,
    HouseholdAdmitted,
    HouseholdDischarged,
    HouseholdNotArrived,
    PlacementEnded,
)

PlacementEvent = (
    PlacementRequested
    | UrgencyChanged
    | RiskAssessed
    | HouseholdRevised
    | HouseholdSplitAgreed
    | SafetyRevised
    | SafeUntilRevised
    | SearchConsented
    | SearchConsentWithdrawn
    | CandidatesRanked
    | HoldPlaced
    | LeftWaiting
    | DecisionTaken
    | OfferSent
    | OfferSeen
    | ConversationOpened
    | OfferUnanswered
    | OfferAccepted
    | TelephoneAcceptanceConfirmed
    | OfferRefused
    | LateAcceptanceRecorded
    | WomanAccepted
    | WomanDeclined
    | SearchResumed
    | HoldReleased
    | HoldExpired
    | HoldDisplaced
    | MayBeAskedAgain
    | NeighbourAsked
    | NeighbourAnswered
    | BridgeArranged
    | BridgeChecked
    | BridgeEnded
    | AlarmRaised
    | AlarmTaken
    | HandoverAgreed
    | HouseholdNotArrived
    | AdmissionByDirectAgreement
    | ExtraordinaryAdmission
    | HouseholdAdmitted
    | HouseholdDischarged
    | EntryCorrected
    | PlacementEnded
)

__all__ = [
    "AdmissionByDirectAgreement",
    "AlarmRaised",
    "AlarmTaken",
    "BridgeArranged",
    "BridgeChecked",
    "BridgeEnded",
    "CandidatesRanked",
    "ConversationOpened",
    "DecisionTaken",
    "EntryCorrected",
    "ExclusionCount",
    "ExtraordinaryAdmission",
    "HandoverAgreed",
    "HoldDisplaced",
    "HoldExpired",
    "HoldPlaced",
    "HoldReleased",
    "HouseholdAdmitted",
    "HouseholdDischarged",
    "HouseholdNotArrived",
    "HouseholdRevised",
    "HouseholdSplitAgreed",
    "LateAcceptanceRecorded",
    "LeftWaiting",
    "MayBeAskedAgain",
    "NeighbourAnswered",
    "NeighbourAsked",
    "OfferAccepted",
    "OfferRefused",
    "OfferSeen",
    "OfferSent",
    "OfferUnanswered",
    "PlacementEnded",
    "PlacementEvent",
    "PlacementRequested",
    "RankedCandidate",
    "RiskAssessed",
    "SafeUntilRevised",
    "SafetyRevised",
    "SearchConsentWithdrawn",
    "SearchConsented",
    "SearchResumed",
    "TelephoneAcceptanceConfirmed",
    "UrgencyChanged",
    "WomanAccepted",
    "WomanDeclined",
]
