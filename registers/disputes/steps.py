"""What the flow does to a dispute: one verb per step. Handlers call these; nothing else changes a dispute."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import update

from engine.errors import Conflict, Invalid, Problem
from registers.disputes.model import ENDED, Dispute, DisputeStatus, Level, Outcome
from registers.disputes.numbering import next_agreement_no, next_dispute_no
from registers.disputes.reading import DisputeReading, dispute_of
from registers.disputes.tables import DisputeRow

CORRECTABLE = frozenset({"type", "severity"})


class DisputeSteps(DisputeReading):
    """The changing half of the register. Every verb raises NotFound, and Conflict once the dispute has ended."""

    def attach_instance(self, dispute_id: str, instance_id: str) -> Dispute:
        """Note which process instance carries the dispute."""
        return self._change(dispute_id, {"process_instance_id": instance_id})

    def classify(self, dispute_id: str, *, scale: str, level: Level, committee_unit: str) -> Dispute:
        """Set how large it is and whose committee it goes to."""
        return self._change(dispute_id, {"scale": scale, "level": level.value, "committee_unit": committee_unit})

    def correct(self, dispute_id: str, **values: object) -> Dispute:
        """Put right what a committee may put right when it accepts: type and severity. Raises Invalid otherwise."""
        foreign = sorted(set(values) - CORRECTABLE)
        if foreign:
            raise Invalid(problems=[Problem("field-fixed", name, f"{name} cannot be changed.") for name in foreign])
        return self._change(dispute_id, values) if values else self.get(dispute_id)

    def accept(self, dispute_id: str) -> Dispute:
        """受理: the dispute gets its number."""
        dispute, now = self.get(dispute_id), self.clock.now()
        number = dispute.dispute_no or next_dispute_no(self.connection, district=dispute.district, at=now)
        values = {"dispute_no": number, "accepted_at": dispute.accepted_at or now}
        return self._change(dispute_id, values, to=DisputeStatus.ACCEPTED)

    def refuse(self, dispute_id: str, *, reason: str) -> Dispute:
        """不予受理: the dispute ends with a reason."""
        return self._end(dispute_id, DisputeStatus.REFUSED, Outcome.REFUSED, {"reason": reason})

    def appoint(self, dispute_id: str, *, mediator: str) -> Dispute:
        """Name the mediator: mediation goes on with her."""
        return self._change(dispute_id, {"mediator": mediator}, to=DisputeStatus.MEDIATING)

    def release(self, dispute_id: str, *, exclude: bool) -> Dispute:
        """Take the dispute from its mediator; `exclude` keeps her out of it from now on (回避)."""
        dispute = self.get(dispute_id)
        excluded = [*dispute.excluded_mediators]
        if exclude and dispute.mediator is not None and dispute.mediator not in excluded:
            excluded.append(dispute.mediator)
        return self._change(dispute_id, {"mediator": None, "excluded_mediators": excluded})

    def move_up(self, dispute_id: str, *, level: Level, committee_unit: str) -> Dispute:
        """提级: an upper committee has taken the dispute over; it will name its own mediator."""
        values = {"level": level.value, "committee_unit": committee_unit, "mediator": None}
        return self._change(dispute_id, values)

    def count_session(self, dispute_id: str) -> Dispute:
        """Count a session that was held."""
        return self._change(dispute_id, {"sessions": DisputeRow.sessions + 1})

    def count_extension(self, dispute_id: str) -> Dispute:
        """Count an extension that was granted."""
        return self._change(dispute_id, {"extensions": DisputeRow.extensions + 1})

    def come_to_terms(self, dispute_id: str) -> Dispute:
        """达成一致: the parties agree; the agreement is still to be signed."""
        return self._change(dispute_id, to=DisputeStatus.SIGNING)

    def agree(self, dispute_id: str, *, form: str, content: str, manner: str, perform_by: date | None) -> Dispute:
        """达成协议: written or oral; the agreement gets its number."""
        dispute, now = self.get(dispute_id), self.clock.now()
        values = {
            "agreement_no": next_agreement_no(self.connection, district=dispute.district, at=now),
            "agreement_form": form,
            "agreement_content": content,
            "performance_manner": manner,
            "perform_by": perform_by,
            "agreed_at": now,
            "outcome": Outcome.AGREED.value,
            "reason": None,
        }
        return self._change(dispute_id, values, to=DisputeStatus.PERFORMING)

    def end_without_agreement(self, dispute_id: str, *, outcome: Outcome, reason: str | None) -> Dispute:
        """未达成: mediation has failed, lapsed, or a party does not want it; the file is still to be closed."""
        return self._change(dispute_id, {"outcome": outcome.value, "reason": reason}, to=DisputeStatus.NOT_AGREED)

    def note_revisit(self, dispute_id: str, *, performance: str, satisfaction: str | None) -> Dispute:
        """回访: how the agreement is performed, and what the applicant thinks of it."""
        return self._change(dispute_id, {"performance": performance, "satisfaction": satisfaction})

    def count_urging(self, dispute_id: str) -> Dispute:
        """Count an urging to perform."""
        return self._change(dispute_id, {"urgings": DisputeRow.urgings + 1})

    def reopen(self, dispute_id: str) -> Dispute:
        """重新调解: a new round begins without a mediator; what was agreed before stays in the file's records."""
        values = {
            "round": DisputeRow.round + 1,
            "mediator": None,
            "outcome": None,
            "agreement_no": None,
            "agreement_form": None,
            "agreement_content": None,
            "performance_manner": None,
            "perform_by": None,
            "agreed_at": None,
            "performance": None,
            "satisfaction": None,
            "urgings": 0,
            "extensions": 0,
        }
        return self._change(dispute_id, values, to=DisputeStatus.ACCEPTED)

    def withdraw(self, dispute_id: str, *, reason: str) -> Dispute:
        """撤回: the applicant takes her application back."""
        return self._end(dispute_id, DisputeStatus.WITHDRAWN, Outcome.WITHDRAWN, {"reason": reason})

    def close(self, dispute_id: str, *, report: str) -> Dispute:
        """结案: the report is written, nothing is left to be done."""
        values = {"closing_report": report, "closed_at": self.clock.now()}
        return self._change(dispute_id, values, to=DisputeStatus.CLOSED)

    def _end(self, dispute_id: str, to: DisputeStatus, outcome: Outcome, values: Mapping[str, object]) -> Dispute:
        """End work on a dispute."""
        ended = {**values, "outcome": outcome.value, "closed_at": self.clock.now()}
        return self._change(dispute_id, ended, to=to)

    def _change(
        self, dispute_id: str, values: Mapping[str, object] | None = None, *, to: DisputeStatus | None = None
    ) -> Dispute:
        """Change columns of a dispute, and its status where `to` is given, unless it has ended."""
        changed = {**(values or {}), "revision": DisputeRow.revision + 1} | ({} if to is None else {"status": to.value})
        changeable = DisputeRow.id == dispute_id, DisputeRow.status.not_in([ended.value for ended in ENDED])
        statement = update(DisputeRow).where(*changeable).values(**changed).returning(DisputeRow)
        row = self.connection.execute(statement).one_or_none()
        if row is not None:
            return dispute_of(row._asdict())
        dispute = self.get(dispute_id)
        message = f"The dispute {dispute_id} has ended: {dispute.status.value}."
        raise Conflict(message, code="dispute-ended", kind="dispute", id=dispute_id, status=dispute.status.value)
