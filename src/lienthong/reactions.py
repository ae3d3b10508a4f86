"""When this has happened, do that: the one table of what follows from what.

Each reaction gives a fact to a command of the app concerned. It runs in the transaction that marks its delivery as done, so its
effect happens once; the commands called here are idempotent besides. A fact from which nothing follows stands here with `()`,
so that a reader sees that nothing does.
"""

from __future__ import annotations

from datetime import date

from lienthong.agencies import events as agencies
from lienthong.agencies import governance_events as governance
from lienthong.agencies.addresses import governance_address, roles_address
from lienthong.agencies.commands import follow_clock, forget_work, hand_over_governance
from lienthong.agencies.indexing import index_agency
from lienthong.agencies.models import Agency
from lienthong.agencies.queries import people_in_role, unit_holding
from lienthong.agencies.roles import Role
from lienthong.authority import correction_events as corrections
from lienthong.authority import events as authority
from lienthong.authority import flow_events as flows
from lienthong.authority.commands import (
    follow_change,
    require_search,
    search_overlaps,
    set_aside_cases,
    set_aside_flows,
    set_corrections_aside,
    take_corrections_up,
    take_up_cases,
    take_up_flows,
)
from lienthong.authority.models import OverlapCase
from lienthong.authority.queries import comparable_with, searchable_source
from lienthong.catalogue import code_list_events as code_lists
from lienthong.catalogue import events as catalogue
from lienthong.catalogue import portal_events as portal
from lienthong.catalogue.addresses import dossier_address
from lienthong.catalogue.commands import hand_over_databases, hand_over_declarations
from lienthong.catalogue.indexing import index_catalogue, index_database
from lienthong.catalogue.models import Database, Dataset, IssuedCatalogue, NationalDossier
from lienthong.catalogue.national import coordinating_unit, preparing_unit
from lienthong.foundation.accounts.actor import SYSTEM
from lienthong.foundation.events import people
from lienthong.foundation.events.delivery import Delivered, Reaction
from lienthong.foundation.events.facts import Fact
from lienthong.foundation.notices.commands import notify
from lienthong.inventory import events as inventory
from lienthong.inventory.addresses import issue_address
from lienthong.inventory.commands import (
    hand_over_inventory,
    keep_secret_out_of_papers,
    list_issues_anew,
    propose_for_compliance,
    propose_from_assessment,
    recheck_mended,
    seal_personal_values,
)
from lienthong.inventory.models import Assessment
from lienthong.law import events as law
from lienthong.opendata import events as opendata
from lienthong.opendata.indexing import index_open_dataset
from lienthong.opendata.queries import open_of_database
from lienthong.regulations import events as regulations
from lienthong.regulations.access import tells_of_secrets_alone
from lienthong.regulations.indexing import index_regulation
from lienthong.regulations.models import Regulation
from lienthong.sharing import copy_events as copies
from lienthong.sharing import events as sharing
from lienthong.sharing.indexing import index_service
from lienthong.sharing.queries import services_of_database
from lienthong.sharing.telling import (
    ask_to_renew_copies,
    hide_copies,
    tell_consumer,
    tell_consumers_of_service,
    tell_of_correction,
    tell_provider,
    tell_requester,
    void_copies,
)


def _database(happened: Delivered) -> Database:
    return Database.objects.select_related("owner", "managing_unit").get(pk=happened.facts["database_id"])


def find_agency(happened: Delivered) -> None:
    """Keep an agency findable under its present name and code."""
    index_agency(happened.facts["agency_id"])


def find_receiving_agency(happened: Delivered) -> None:
    """The agency that received another is found under its name as well."""
    index_agency(happened.facts["into_id"])


def tell_of_delegation(happened: Delivered) -> None:
    """Tell the delegate what was delegated, or that it was ended."""
    facts = happened.facts
    given = "giver" in facts
    notify(
        people=[facts["person_id"]],
        text_vi=f"{'Được ủy quyền' if given else 'Chấm dứt ủy quyền'} theo {facts['decision_number']}: {facts['role_vi']}",
        text_en=f"{'Delegated' if given else 'Delegation ended'} by {facts['decision_number']}: {facts['role_en']}",
        url=roles_address(),
        event_id=happened.event_id,
    )


def tell_of_urged_governance(happened: Delivered) -> None:
    """Tell who prepares and who decides the governance set-up of an agency that it is urged."""
    agency = Agency.objects.get(pk=happened.facts["agency_id"])
    people = [
        person
        for role in (Role.IT_UNIT, Role.HEAD)
        for person in people_in_role(unit_holding(agency, role), role)
    ]
    notify(
        people=people,
        text_vi=f"Đôn đốc hồ sơ {happened.facts['number']}: {happened.facts['waiting_vi']}",
        text_en=f"Set-up {happened.facts['number']} is urged: {happened.facts['waiting_en']}",
        url=governance_address(agency.code),
        event_id=happened.event_id,
    )


def hand_over(happened: Delivered) -> None:
    """What a merged agency had belongs to the one that received it: databases, systems, inventory, roles in governance."""
    former, successor = happened.facts["agency_id"], happened.facts["into_id"]
    hand_over_databases(actor=SYSTEM, former_id=former, successor_id=successor)
    hand_over_declarations(former_id=former, successor_id=successor)
    hand_over_inventory(former_id=former, successor_id=successor)
    hand_over_governance(
        former_id=former, successor_id=successor, merged_on=date.fromisoformat(happened.facts["merged_on"])
    )


def find_database(happened: Delivered) -> None:
    """Keep a database findable for its units; a secret one leaves no trace."""
    index_database(_database(happened))


def find_catalogue(happened: Delivered) -> None:
    """Make an issued catalogue findable for everybody."""
    index_catalogue(IssuedCatalogue.objects.select_related("agency").get(pk=happened.facts["catalogue_id"]))


def find_regulation(happened: Delivered) -> None:
    """Make a published regulation findable, and take one that ended out."""
    index_regulation(Regulation.objects.get(pk=happened.facts["regulation_id"]))


def find_service(happened: Delivered) -> None:
    """Make a service on offer findable for everybody."""
    index_service(happened.facts["service_id"])


def find_open_dataset(happened: Delivered) -> None:
    """Make a published dataset findable for everybody, and take a withdrawn one out."""
    index_open_dataset(happened.facts["open_id"])


def seal_what_is_personal(happened: Delivered) -> None:
    """Seal the values that looks kept of columns which a person has found to be personal."""
    fields = happened.facts.get("field_ids") or [happened.facts["field_id"]]
    seal_personal_values(database=_database(happened), fields=fields)


def list_warnings_anew(happened: Delivered) -> None:
    """Show the quality warnings of a database to those alone who may know of it now."""
    list_issues_anew(database=_database(happened))


def tell_of_overdue_issue(happened: Delivered) -> None:
    """Tell the head of the owner that a quality warning ran past its term; of a secret nobody is told by notice."""
    database = _database(happened)
    if database.is_secret:
        return
    number = happened.facts["number"]
    notify(
        people=people_in_role(unit_holding(database.owner, Role.HEAD), Role.HEAD),
        text_vi=f"Phiếu cảnh báo chất lượng {number} quá hạn xử lý",
        text_en=f"Quality warning {number} is overdue",
        url=issue_address(number),
        event_id=happened.event_id,
    )


def recheck_quality_issues(happened: Delivered) -> None:
    """Check what was said to be mended against the look that has just been recorded."""
    recheck_mended(actor=SYSTEM, database=_database(happened))


def hide_what_depends(happened: Delivered) -> None:
    """Take services, open data and regulations of a database that became secret out of sight, and bring them back after."""
    database = _database(happened)
    for service in services_of_database(database):
        index_service(service.pk)
        if database.is_secret:
            for due in (service, *service.requests.all()):
                forget_work(subject=due)
    for open_dataset in open_of_database(database):
        index_open_dataset(open_dataset.pk)
        if database.is_secret:
            forget_work(subject=open_dataset)
    for regulation in Regulation.objects.filter(databases=database):
        index_regulation(regulation)
        if tells_of_secrets_alone(regulation):
            forget_work(subject=regulation)


def move_due_dates(happened: Delivered) -> None:
    """Bring the work whose clock was moved up to date."""
    follow_clock(clock_id=happened.facts["clock_id"])


def ask_for_overlap_search(happened: Delivered) -> None:
    """Hold declaration and go-live of a database until it was searched for overlaps (OVL-05)."""
    require_search(actor=happened.actor, database=_database(happened))


def look_for_overlaps(happened: Delivered) -> None:
    """Search a database that was just profiled, when there is something to compare it with."""
    database = _database(happened)
    if not database.is_secret and searchable_source(database) and comparable_with(database).exists():
        search_overlaps(actor=happened.actor, database=database)


def set_overlaps_aside(happened: Delivered) -> None:
    """Free the other sides of a database that became a secret: no hold and no due act may tell of it (SEC-01)."""
    set_aside_cases(actor=happened.actor, database=_database(happened))
    set_aside_flows(actor=happened.actor, database=_database(happened))


def take_overlaps_up(happened: Delivered) -> None:
    """Go on with the overlap cases of a database that is no secret any more."""
    take_up_cases(actor=happened.actor, database=_database(happened))
    take_up_flows(database=_database(happened))


def bring_copies_in_step(happened: Delivered) -> None:
    """Run the flows that follow a dataset as soon as it changes."""
    dataset = Dataset.objects.filter(pk=happened.facts["dataset_id"]).first()
    if dataset is not None:
        follow_change(actor=SYSTEM, dataset=dataset)


def tell_of_overlap(happened: Delivered) -> None:
    """Tell the owners of both sides that their databases overlap."""
    case = OverlapCase.objects.select_related("lower__managing_unit", "higher__managing_unit").get(
        pk=happened.facts["case_id"]
    )
    people = [person for side in (case.lower, case.higher) for person in _people(side, Role.DATABASE_OWNER)]
    notify(
        people=people,
        text_vi=f"{case.number}: “{case.lower.name}” chồng lấn với “{case.higher.name}”",
        text_en=f"{case.number}: “{case.lower.display_name('en')}” overlaps with “{case.higher.display_name('en')}”",
        url=f"/lam-viec/chong-lan/{case.number}/",
        event_id=happened.event_id,
    )


def tell_of_received_dossier(happened: Delivered) -> None:
    """Tell the coordinating ministry that a national dossier has come; of a secret nobody is told by notice."""
    receiving = coordinating_unit()
    if receiving is not None:
        people = people_in_role(receiving, Role.COORDINATING_MINISTRY)
        _tell_of_dossier(happened, people, "đã được gửi đến", "has come in")


def tell_of_returned_dossier(happened: Delivered) -> None:
    """Tell who prepares a national dossier that it came back to be completed."""
    _tell_owner_of_dossier(happened, "bị trả lại để bổ sung", "was returned to be completed")


def tell_of_approved_dossier(happened: Delivered) -> None:
    """Tell the owner that the national list was approved with the dossier."""
    _tell_owner_of_dossier(happened, "đã được phê duyệt", "was approved")


def tell_of_refused_dossier(happened: Delivered) -> None:
    """Tell the owner that the dossier was not approved."""
    _tell_owner_of_dossier(happened, "không được phê duyệt", "was not approved")


def _tell_owner_of_dossier(happened: Delivered, vi: str, en: str) -> None:
    database = _database(happened)
    unit, role = preparing_unit(database)
    people = [*people_in_role(unit, role), *people_in_role(database.owner, Role.HEAD)]
    _tell_of_dossier(happened, people, vi, en)


def _tell_of_dossier(happened: Delivered, people: list[int], vi: str, en: str) -> None:
    dossier = NationalDossier.objects.select_related("database").get(pk=happened.facts["dossier_id"])
    if dossier.database.is_secret:
        return
    # The number alone: a notice outlives the day on which the database becomes a secret.
    notify(
        people=people,
        text_vi=f"Hồ sơ CSDL quốc gia {dossier.number} {vi}",
        text_en=f"National dossier {dossier.number} {en}",
        url=dossier_address(dossier.number),
        event_id=happened.event_id,
    )


def tell_of_lost_compliance(happened: Delivered) -> None:
    """Tell the owner that a database no longer meets the conditions of operation."""
    database = _database(happened)
    notify(
        people=[*_people(database, Role.DATABASE_OWNER), *_people(database, Role.HEAD)],
        text_vi=f"“{database.name}” không còn tuân thủ: {happened.facts['because']}",
        text_en=f"“{database.display_name('en')}” is no longer compliant: {happened.facts['because']}",
        url=f"/lam-viec/csdl/{database.code}/",
        event_id=happened.event_id,
    )


def plan_what_failed(happened: Delivered) -> None:
    """Propose for the upgrade plan what a concluded assessment found wrong (UPG-01, INV-08)."""
    assessment = Assessment.objects.select_related("database__managing_unit").get(
        pk=happened.facts["assessment_id"]
    )
    propose_from_assessment(actor=happened.actor, assessment=assessment)


def plan_lost_compliance(happened: Delivered) -> None:
    """Propose a running database that no longer meets its conditions for the upgrade plan (UPG-02)."""
    propose_for_compliance(
        actor=happened.actor, database=_database(happened), because=str(happened.facts["because"])
    )


def hide_from_inventory(happened: Delivered) -> None:
    """Take a database that became secret out of the papers and plans of the yearly inventory (SEC-01)."""
    keep_secret_out_of_papers(database=_database(happened))


def _people(database: Database, role: str) -> list[int]:
    return people_in_role(unit_holding(database.managing_unit, role), role)


def hide_corrections(happened: Delivered) -> None:
    """Take the corrections of a database that has become secret off the lists."""
    set_corrections_aside(database=_database(happened))


def show_corrections(happened: Delivered) -> None:
    """Put the corrections of a database that is no secret any more back on the lists."""
    take_corrections_up(database=_database(happened))


REACTIONS: dict[type[Fact], tuple[Reaction, ...]] = {
    people.AccountOpened: (),
    people.PasswordGiven: (),
    people.AccountDisabled: (),
    law.LawLoaded: (),
    law.ParameterChanged: (),
    law.ClockStarted: (),
    law.ClockStopped: (),
    law.ClockMoved: (move_due_dates,),
    law.CalendarDaySet: (),
    law.CalendarDayRemoved: (),
    law.HolidaysSeeded: (),
    law.TextRecorded: (),
    law.TextAmended: (),
    law.ProvisionRecorded: (),
    law.RelationRecorded: (),
    agencies.CooperationAsked: (),
    agencies.CooperationAnswered: (),
    agencies.CooperationAskedFurther: (),
    agencies.CooperationClosed: (),
    agencies.CooperationWithdrawn: (),
    agencies.LayoutPlaced: (),
    agencies.LayoutWithdrawn: (),
    agencies.RosterTakenOver: (),
    agencies.CodeSchemeRegistered: (),
    agencies.CodeSchemeCorrected: (),
    agencies.CodeSchemeEnded: (),
    agencies.PostDelegated: (tell_of_delegation,),
    agencies.DelegationEnded: (tell_of_delegation,),
    governance.GovernanceBegun: (),
    governance.GovernanceStatusReviewed: (),
    governance.DataOfficerTakenUp: (),
    governance.GovernanceRoleGiven: (find_agency,),
    governance.GovernanceRoleLaidDown: (find_agency,),
    governance.GovernanceBodyGiven: (),
    governance.GovernanceBodyTaken: (),
    governance.GovernanceBodiesCompleted: (),
    governance.SteeringCommitteeSetUp: (),
    governance.DataDoorRecorded: (find_agency,),
    governance.GovernancePaperKept: (),
    governance.GovernancePaperSigned: (),
    governance.GovernanceListSent: (),
    governance.GovernancePeopleTrained: (),
    governance.GovernancePutIntoOperation: (),
    governance.GovernanceReviewed: (),
    governance.GovernanceUrged: (tell_of_urged_governance,),
    governance.GovernanceHandedOver: (find_agency,),
    governance.CommuneContactsTakenOver: (),
    agencies.AgencyFounded: (find_agency,),
    agencies.AgencyMerged: (find_agency, find_receiving_agency, hand_over),
    agencies.AgencyRenamed: (find_agency,),
    agencies.AgencyContactCorrected: (),
    agencies.AgencyClosed: (find_agency,),
    agencies.IdentifierCodeAdded: (find_agency,),
    agencies.PostAssigned: (),
    agencies.PostEnded: (),
    agencies.FocalOfficerNominated: (),
    agencies.FocalOfficerAppointed: (),
    agencies.FocalOfficerPublished: (find_agency,),
    agencies.FocalContactConfirmed: (find_agency,),
    agencies.FocalOfficerEnded: (find_agency,),
    agencies.FocalNominationWithdrawn: (),
    agencies.QuestionAsked: (),
    agencies.QuestionAnswered: (),
    catalogue.DatabaseRegistered: (find_database, ask_for_overlap_search),
    catalogue.DatabaseAmended: (find_database,),
    catalogue.DatabaseHandedOver: (find_database,),
    catalogue.DatabasesTakenOver: (),
    catalogue.DatabaseDescribed: (),
    catalogue.FieldsConfirmed: (seal_what_is_personal,),
    catalogue.FieldDescribed: (seal_what_is_personal,),
    catalogue.FieldClassified: (seal_what_is_personal,),
    catalogue.CodeListChosen: (),
    catalogue.RiskAssessed: (),
    # From what happens to code lists and master data nothing follows.
    **dict.fromkeys(code_lists.FACTS, ()),
    # The registration itself is done by a person on the portal.
    **dict.fromkeys(portal.FACTS, ()),
    catalogue.DatabaseDeclared: (),
    catalogue.EntryIssued: (),
    catalogue.EntryEnded: (find_database,),
    catalogue.CatalogueIssued: (find_catalogue,),
    catalogue.ReviewOpened: (),
    catalogue.UnitDeclared: (),
    catalogue.DeclarationReturned: (),
    catalogue.DeclarationAccepted: (),
    catalogue.UnitsUrgedToDeclare: (),
    catalogue.DeclarationsCompleted: (),
    catalogue.DeclarationsReopened: (),
    catalogue.OverlapsChecked: (),
    catalogue.CatalogueDrafted: (),
    catalogue.CatalogueSubmitted: (),
    catalogue.CatalogueDraftReturned: (),
    catalogue.ReviewIssued: (),
    catalogue.CatalogueAmending: (),
    catalogue.DatabaseMarkedSecret: (
        find_database,
        hide_what_depends,
        set_overlaps_aside,
        list_warnings_anew,
        hide_from_inventory,
        hide_corrections,
        hide_copies,
    ),
    catalogue.DatabaseUnmarkedSecret: (
        find_database,
        hide_what_depends,
        ask_for_overlap_search,
        take_overlaps_up,
        list_warnings_anew,
        show_corrections,
        hide_copies,
    ),
    catalogue.DatabaseWentLive: (),
    catalogue.DatabaseLostCompliance: (tell_of_lost_compliance, plan_lost_compliance),
    catalogue.DossierBegun: (),
    catalogue.DossierWritten: (),
    catalogue.DossierEligible: (),
    catalogue.DossierReopened: (),
    catalogue.DossierReady: (),
    catalogue.DossierSent: (tell_of_received_dossier,),
    catalogue.DossierReturned: (tell_of_returned_dossier,),
    catalogue.DossierConsolidated: (),
    catalogue.DossierWithApprover: (),
    catalogue.DossierApproved: (tell_of_approved_dossier,),
    catalogue.DossierTurnedDown: (tell_of_refused_dossier,),
    catalogue.MasterDataAgreed: (),
    catalogue.ConnectionDue: (),
    catalogue.ConnectionReported: (),
    catalogue.TierFollowedList: (find_database,),
    catalogue.ListDrafted: (),
    catalogue.ListSubmitted: (),
    catalogue.ListTurnedDown: (),
    catalogue.NationalListRecorded: (),
    catalogue.DatasetDefined: (),
    catalogue.VersionPublished: (bring_copies_in_step,),
    catalogue.ReplicaBuilt: (),
    inventory.SourceBound: (),
    inventory.SourceReleased: (),
    inventory.SourceLookedAt: (recheck_quality_issues,),
    inventory.ReadingChosen: (),
    inventory.ReadingLeft: (),
    inventory.ColumnJudged: (),
    inventory.SecretSuspected: (),
    inventory.ColumnSecrecyDecided: (),
    inventory.ValuesRevealed: (),
    inventory.VersionVerified: (),
    inventory.VersionRowsTaken: (),
    inventory.IssueOpened: (),
    inventory.IssueConfirmed: (),
    inventory.IssueMended: (),
    inventory.IssueReopened: (),
    inventory.IssueClosed: (),
    inventory.IssueOverdue: (tell_of_overdue_issue,),
    inventory.AssessmentRecorded: (look_for_overlaps,),
    inventory.AssessmentConcluded: (plan_what_failed,),
    inventory.CampaignPlanned: (),
    inventory.ProgrammeAmended: (),
    inventory.ProgrammeReturned: (),
    inventory.CampaignApproved: (),
    inventory.CampaignOpened: (),
    inventory.CampaignSurveyed: (),
    inventory.UnitsUrged: (),
    inventory.PartSubmitted: (),
    inventory.PartReturned: (),
    inventory.PartVerified: (),
    inventory.CampaignConsolidated: (),
    inventory.CampaignClosed: (),
    inventory.SystemRegistered: (),
    inventory.SystemAmended: (),
    inventory.SystemReviewed: (),
    inventory.SystemPutIntoUse: (),
    inventory.SystemRetired: (),
    inventory.UpgradeProposed: (),
    inventory.UpgradePrioritised: (),
    inventory.UpgradeDeclined: (),
    inventory.UpgradeFunded: (),
    inventory.UpgradeWaitsForFunds: (),
    inventory.UpgradeBegun: (),
    inventory.UpgradeRechecked: (),
    inventory.UpgradeDone: (),
    inventory.UpgradeReopened: (),
    # From the steps of a data audit nothing follows.
    **dict.fromkeys(inventory.AUDIT_FACTS, ()),
    authority.OverlapSearched: (),
    authority.OverlapDetected: (tell_of_overlap,),
    # What people do on an overlap case: its own commands tell whom it concerns.
    **dict.fromkeys(authority.QUIET, ()),
    # Steps of a correction: its own commands tell both sides.
    **dict.fromkeys(corrections.QUIET, ()),
    corrections.CorrectionBroadcast: (tell_of_correction, ask_to_renew_copies),
    # Flows of synchronisation: their own commands tell those who answer for them.
    **dict.fromkeys(flows.FLOW_FACTS, ()),
    regulations.RegulationDrafted: (),
    regulations.DraftAmended: (),
    regulations.ConsistencyChecked: (),
    regulations.LegalReviewRecorded: (),
    regulations.RegulationIssued: (),
    regulations.RegulationPublished: (find_regulation,),
    regulations.RegulationReplaced: (find_regulation,),
    regulations.RegulationExpired: (find_regulation,),
    regulations.ExchangeStructureRecorded: (),
    regulations.SharingProcessRecorded: (),
    regulations.AgencySharingProcessRecorded: (),
    regulations.GoLiveRefused: (),
    regulations.GatePassed: (),
    sharing.ServicePrepared: (),
    sharing.ServiceMadeReady: (),
    sharing.ServicePublished: (find_service,),
    sharing.ServiceSuspendedForAll: (find_service, tell_consumers_of_service),
    sharing.ServiceRestored: (find_service, tell_consumers_of_service),
    sharing.ServiceTerminated: (find_service, tell_consumers_of_service),
    sharing.RequestReceived: (tell_provider,),
    sharing.AccountIssued: (tell_requester,),
    sharing.RequestRefused: (tell_requester,),
    sharing.AccountWasSuspended: (tell_consumer,),
    sharing.AccountRestored: (tell_consumer,),
    sharing.AccountTerminated: (tell_consumer, void_copies),
    # Copies and use terms: their own commands tell both sides.
    **dict.fromkeys(copies.COPY_FACTS, ()),
    sharing.KeyReplaced: (),
    **dict.fromkeys(sharing.ASK_AGAIN[1:], ()),
    opendata.DatasetClassified: (find_open_dataset,),
    opendata.RiskSignedOff: (),
    opendata.ListedInOpenCatalogue: (),
    opendata.DatasetPublished: (find_open_dataset,),
    opendata.NoChangeConfirmed: (find_open_dataset,),
    opendata.DatasetWithdrawn: (find_open_dataset,),
    opendata.ReaderReported: (),
}
