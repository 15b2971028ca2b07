"""Which subjects are one person: a function of the evidence in force and of what people decided.

- Subjects whose demographic rows give the same valid ID number, birth date and name are one person; the
  same number with another name or birth date goes to the review list and is never merged.
- A row that only gives an ID number or a record code belongs to the one person who holds it; to nobody
  yet, if no one or more than one does.
- A decision to merge or split outranks both.

A person's number is the smallest number among the demographic subjects merged, so that it does not depend
on the order of files beyond the numbering itself.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
from sqlalchemy import Column, Connection, Integer, delete, select, union, update

from data.identity import decision, link, match_key, review, subject
from data.intake.frames import fill, frame, numbers, temporary
from data.store import bulk_insert


class Persons:
    """The person of every subject, held in memory during one change and written through to the store."""

    def __init__(self, connection: Connection, event: int) -> None:
        self._connection, self._event = connection, event
        self._chosen = temporary(connection, "chosen_subject", Column("subject", Integer))
        linked = frame(connection, select(link.c.subject, link.c.person).where(link.c.known_to.is_(None)))
        self._person = np.arange(int(linked["subject"].max() if len(linked) else 0) + 1, dtype=np.int64)
        self._person[linked["subject"].to_numpy(np.int64)] = linked["person"].to_numpy(np.int64)

    def of(self, subjects: np.ndarray) -> np.ndarray:
        """The person of each subject."""
        self._reach(int(subjects.max(initial=0)))
        return self._person[subjects]

    def links(self) -> pd.DataFrame:
        """Every subject whose person has another number."""
        differs = np.flatnonzero(self._person != np.arange(len(self._person)))
        return pd.DataFrame({"subject": differs, "person": self._person[differs]})

    def _reach(self, highest: int) -> None:
        if highest >= len(self._person):
            self._person = np.concatenate([self._person, np.arange(len(self._person), highest + 1)])

    def companions(self, subjects: np.ndarray) -> np.ndarray:
        """The subjects and all that are one person with them now."""
        self._reach(int(subjects.max()))
        return np.flatnonzero(np.isin(self._person, self._person[subjects]))

    # -- resolving

    def resolve(self, changed: np.ndarray) -> np.ndarray:
        """Decide anew for subjects whose evidence changed, and for whoever depends on them.

        Returns the subjects that belong to another person than before.
        """
        if not len(changed):
            return changed
        members = self._members(changed)
        proofs = self._proofs(members)
        person = _groups(members, proofs, self._decisions(members))
        self._reach(int(members.max()))
        moved = self._move(members, person)
        self._review_numbers(members, proofs)
        dependants = np.setdiff1d(self._dependants(members), members)
        return np.concatenate([moved, self.resolve_references(dependants)])

    def resolve_references(self, subjects: np.ndarray) -> np.ndarray:
        """Find the person of subjects that only give a number. Returns those that moved."""
        if not len(subjects):
            return subjects
        self._reach(int(subjects.max()))
        fill(self._connection, self._chosen, subject=subjects)
        rows = frame(
            self._connection,
            select(subject.c.subject, subject.c.kind, subject.c.hash, subject.c.ref_hash, subject.c.ref_name)
            .add_columns(match_key.c.subject.label("holder"), match_key.c.name)
            .select_from(
                subject.join(self._chosen, self._chosen.c.subject == subject.c.subject).join(
                    match_key,
                    (match_key.c.hash == subject.c.ref_hash)
                    & (match_key.c.kind == subject.c.kind)
                    & match_key.c.in_force
                    & (match_key.c.subject != subject.c.subject),
                )
            ),
        )
        named = rows["ref_name"].isna() | (rows["ref_name"] == rows["name"])
        agreeing = rows[named].copy()
        agreeing["person"] = self.of(agreeing["holder"].to_numpy(np.int64))
        found = (
            agreeing.drop_duplicates(["subject", "person"]).groupby("subject")["person"].agg(["size", "min"])
        )
        single = found.index[found["size"] == 1].to_numpy(np.int64)
        person = pd.Series(subjects, index=subjects)
        person[single] = found.loc[single, "min"].to_numpy(np.int64)
        self._review_references(rows, agreeing, subjects, found)
        return self._move(subjects, person.to_numpy(np.int64))

    def _members(self, changed: np.ndarray) -> np.ndarray:
        """The changed demographic subjects and all that share an ID number or a decision with them."""
        members = np.unique(changed)
        while True:
            fill(self._connection, self._chosen, subject=members)
            chosen = select(self._chosen.c.subject)
            hashes = select(match_key.c.hash).where(match_key.c.kind == "id", match_key.c.subject.in_(chosen))
            grown = numbers(
                self._connection,
                union(
                    chosen,
                    select(match_key.c.subject).where(match_key.c.kind == "id", match_key.c.hash.in_(hashes)),
                    select(decision.c.other).where(
                        decision.c.subject.in_(chosen), decision.c.other.is_not(None)
                    ),
                    select(decision.c.subject).where(decision.c.other.in_(chosen)),
                ),
            )
            grown = np.unique(grown)
            if len(grown) == len(members):
                return members
            members = grown

    def _proofs(self, members: np.ndarray) -> pd.DataFrame:
        """ID evidence in force of the members: subject, hash, name, born_on."""
        fill(self._connection, self._chosen, subject=members)
        return frame(
            self._connection,
            select(match_key.c.subject, match_key.c.hash, match_key.c.name, match_key.c.born_on)
            .join(self._chosen, self._chosen.c.subject == match_key.c.subject)
            .where(match_key.c.kind == "id", match_key.c.in_force),
        )

    def _decisions(self, members: np.ndarray) -> pd.DataFrame:
        fill(self._connection, self._chosen, subject=members)
        return frame(
            self._connection,
            select(decision.c.kind, decision.c.subject, decision.c.other)
            .where(decision.c.undone_by.is_(None), decision.c.subject.in_(select(self._chosen.c.subject)))
            .order_by(decision.c.event),
        )

    def _dependants(self, members: np.ndarray) -> np.ndarray:
        """Subjects that point at a number which a member holds or held."""
        fill(self._connection, self._chosen, subject=members)
        hashes = select(match_key.c.hash).where(match_key.c.subject.in_(select(self._chosen.c.subject)))
        return np.unique(
            numbers(self._connection, select(subject.c.subject).where(subject.c.ref_hash.in_(hashes)))
        )

    # -- writing

    def _move(self, subjects: np.ndarray, person: np.ndarray) -> np.ndarray:
        differs = self._person[subjects] != person
        moved, to = subjects[differs], person[differs]
        if not len(moved):
            return moved
        self._person[moved] = to
        fill(self._connection, self._chosen, subject=moved)
        self._connection.execute(
            update(link)
            .where(link.c.known_to.is_(None), link.c.subject.in_(select(self._chosen.c.subject)))
            .values(known_to=self._event)
        )
        linked = moved != to
        rows = {
            "subject": moved[linked],
            "person": to[linked],
            "known_from": np.full(linked.sum(), self._event),
        }
        bulk_insert(self._connection, link, pa.table(rows))
        return moved

    def _review_numbers(self, members: np.ndarray, proofs: pd.DataFrame) -> None:
        """Numbers that more than one person holds."""
        fill(self._connection, self._chosen, subject=members)
        self._connection.execute(
            delete(review).where(
                review.c.reason == "same_number", review.c.subject.in_(select(self._chosen.c.subject))
            )
        )
        proofs = proofs.assign(person=self._person[proofs["subject"].to_numpy(np.int64)])
        holders = proofs.drop_duplicates(["hash", "person"]).groupby("hash")["person"].size()
        disputed = proofs[proofs["hash"].isin(holders.index[holders > 1])]
        self._write_review("same_number", "id", disputed["hash"], disputed["subject"])

    def _review_references(
        self, rows: pd.DataFrame, agreeing: pd.DataFrame, subjects: np.ndarray, found: pd.DataFrame
    ) -> None:
        fill(self._connection, self._chosen, subject=subjects)
        self._connection.execute(
            delete(review).where(
                review.c.reason != "same_number", review.c.subject.in_(select(self._chosen.c.subject))
            )
        )
        several = rows[rows["subject"].isin(found.index[found["size"] > 1])].drop_duplicates("subject")
        misnamed = rows[~rows["subject"].isin(agreeing["subject"])].drop_duplicates("subject")
        for reason, part in (("reference_ambiguous", several), ("reference_name", misnamed)):
            for kind, some in part.groupby("kind"):
                self._write_review(reason, kind, some["ref_hash"], some["subject"])

    def _write_review(self, reason: str, kind: str, hashes: pd.Series, subjects: pd.Series) -> None:
        pairs = pd.DataFrame({"hash": hashes, "subject": subjects}).drop_duplicates()
        rows = {
            "reason": pa.repeat(reason, len(pairs)),
            "kind": pa.repeat(kind, len(pairs)),
            "hash": pa.array(pairs["hash"], pa.int64()),
            "subject": pa.array(pairs["subject"], pa.int64()),
        }
        bulk_insert(self._connection, review, pa.table(rows))


def _groups(members: np.ndarray, proofs: pd.DataFrame, decisions: pd.DataFrame) -> np.ndarray:
    """The person of each member: the smallest subject of its group."""
    split = set(decisions.loc[decisions["kind"] == "split", "subject"])
    usable = proofs.dropna(subset=["name", "born_on"])
    usable = usable[~usable["subject"].isin(split)]
    tie = pd.factorize(pd.MultiIndex.from_frame(usable[["hash", "name", "born_on"]]))[0]
    merges = decisions[decisions["kind"] == "merge"]
    # Both kinds of tie as one list of (tie, subject): equal evidence, and each decision to merge.
    ties = np.concatenate([tie, np.repeat(np.arange(len(merges)) + len(usable), 2)])
    subjects = np.concatenate(
        [usable["subject"].to_numpy(np.int64), merges[["subject", "other"]].to_numpy(np.int64).ravel()]
    )
    place = np.searchsorted(members, subjects)
    label = members.copy()
    while True:  # a few rounds: chains are as long as a subject has numbers
        smallest = pd.Series(label[place]).groupby(ties).transform("min").to_numpy()
        before = label.copy()
        np.minimum.at(label, place, smallest)
        if (label == before).all():
            return label
