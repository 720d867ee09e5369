"""Does the oracle see what it is there to see: a lost record, a doubled one, a changed one?"""

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import create_engine, insert

import oracle
from fernbereit.delivery import Mark, RecordLine
from fernbereit_server.store.schema import closed_epochs, marks, metadata

DEVICE = "11111111-2222-4333-8444-555555555555"
FIRST, SECOND = "aaaaaaaa-2222-4333-8444-555555555555", "bbbbbbbb-2222-4333-8444-555555555555"
BODIES = {1: b'{"n":1}', 2: '{"n":"zwölf"}'.encode(), 3: b'{"n":3}'}


def a_log(path: Path, *, acked: int = 3, gone: tuple[int, ...] = (), epoch: str = FIRST) -> Path:
    lines: list[dict[str, object]] = [
        {"seq": seq, "prev": seq - 1, "sha256": sha256(body).hexdigest(), "body": body.decode()}
        for seq, body in BODIES.items()
    ]
    lines.append({"acked": acked})
    lines.extend({"gone": seq} for seq in gone)
    with path.open("a", encoding="utf-8") as log:
        log.writelines(json.dumps({"device": DEVICE, "epoch": epoch, **line}) + "\n" for line in lines)
    return path


def applied(*seqs: int, epoch: str = FIRST) -> Mark:
    mark = Mark(epoch)
    for seq in seqs:
        mark = mark.after(RecordLine(seq, seq - 1, 0, BODIES[seq]))
    return mark


def a_store(
    path: Path, held: Mark | None, closed: tuple[tuple[str, int], ...] = (), *, missing: int = 0
) -> str:
    url = f"sqlite:///{path}"
    engine = create_engine(url)
    metadata.create_all(engine)
    with engine.begin() as connection:
        if held:
            row = {"epoch": held.epoch, "mark": held.mark, "applied_count": held.applied_count}
            row |= {"chain": held.chain, "merged_total": 0, "dropped_total": 0, "last_report_at": 0.0}
            row["missing_total"] = missing
            connection.execute(insert(marks).values(device_id=DEVICE, **row))
        for number, (epoch, mark) in enumerate(closed):
            row = {"device_id": DEVICE, "epoch": epoch, "mark": mark, "closed_no": number}
            connection.execute(insert(closed_epochs).values(**row))
    engine.dispose()
    return url


def test_a_store_that_has_every_record_once_is_without_fault(tmp_path: Path) -> None:
    """The chain recomputed from the log is the collector's, umlauts included."""
    log, url = a_log(tmp_path / "log"), a_store(tmp_path / "db", applied(1, 2, 3))

    assert oracle.faults(log, url, everything=True) == []


@pytest.mark.parametrize(
    ("held", "fault"),
    [
        (None, "nothing in the store"),
        (applied(1, 2), "3 was acknowledged, the store has 2"),
        (applied(1, 2, 2, 3), "4 records applied, 3 written up to the mark"),
        (applied(1, 3), "2 records applied, 3 written up to the mark"),
        (Mark(FIRST, 3, 3, applied(2, 1, 3).chain), "the chain is not that of the records written"),
        (Mark(FIRST, 4, 3, applied(1, 2, 3).chain), "mark 4 is above the last record written, 3"),
        (applied(1, 2, 3, epoch=SECOND), "the store is at another epoch"),
    ],
    ids=["gone", "lost", "doubled", "skipped", "another order", "invented", "foreign epoch"],
)
def test_every_contradiction_is_told(tmp_path: Path, held: Mark | None, fault: str) -> None:
    """Each way of losing, doubling or changing a record has its sentence."""
    found = oracle.faults(a_log(tmp_path / "log"), a_store(tmp_path / "db", held))

    assert f"{DEVICE}: {fault}" in found


def test_what_was_never_acknowledged_may_be_missing_until_everything_is_asked_for(tmp_path: Path) -> None:
    """While senders run their last records may be on the way."""
    log, url = a_log(tmp_path / "log", acked=2), a_store(tmp_path / "db", applied(1, 2))

    assert oracle.faults(log, url) == []
    assert oracle.faults(log, url, everything=True) == [f"{DEVICE}: 3 was written, the store has 2"]


def test_merged_records_are_not_expected(tmp_path: Path) -> None:
    """A record that its outbox merged away unsent is neither counted nor chained."""
    log, url = a_log(tmp_path / "log", gone=(2,)), a_store(tmp_path / "db", applied(1, 3))

    assert oracle.faults(log, url, everything=True) == []
    assert oracle.called_missing(log) == 0


@pytest.mark.parametrize(
    ("closed", "faults"),
    [(3, 0), (2, 1)],
    ids=["with all that was acknowledged", "with less than was acknowledged"],
)
def test_closed_epochs_keep_what_was_acknowledged(tmp_path: Path, closed: int, faults: int) -> None:
    """The final mark of a closed epoch counts as well."""
    log = a_log(a_log(tmp_path / "log"), epoch=SECOND)
    url = a_store(tmp_path / "db", applied(1, 2, 3, epoch=SECOND), ((FIRST, closed),))

    assert len(oracle.faults(log, url)) == faults


def restored(log: Path, held: dict[str, int], then: int | None = None) -> Path:
    """Let a restored store say what it holds, and take in one more record."""
    with log.open("a", encoding="utf-8") as lines:
        lines.write(json.dumps({"device": DEVICE, "epoch": FIRST, "held": held}) + "\n")
        if then:
            lines.write(json.dumps({"device": DEVICE, "epoch": FIRST, "acked": then}) + "\n")
    return log


@pytest.mark.parametrize(
    ("held", "missing", "faults"),
    [
        (applied(1, 3), 1, []),
        (applied(1, 3), 0, ["1 records are missing, the store counts 0"]),
        (applied(1), 1, ["3 was acknowledged, the store has 1", "3 was written, the store has 1"]),
        (applied(1, 2, 3), 1, ["3 records applied, 2 written up to the mark"]),
    ],
    ids=["it is counted", "nobody counted it", "a later one is lost as well", "it is there all the same"],
)
def test_what_a_restored_store_lacks_is_missing_and_nothing_else(
    tmp_path: Path, held: Mark, missing: int, faults: list[str]
) -> None:
    """Of three records two were acknowledged, the backup has one, and the third was taken in afterwards."""
    log = restored(a_log(tmp_path / "log", acked=2), {FIRST: 1}, then=3)
    url = a_store(tmp_path / "db", held, missing=missing)

    assert oracle.called_missing(log) == 1
    assert [fault for fault in oracle.faults(log, url, everything=True) if "chain" not in fault] == [
        f"{DEVICE}: {fault}" for fault in faults
    ]


def test_a_restored_store_may_lack_a_whole_epoch(tmp_path: Path) -> None:
    """One it does not name it does not hold."""
    log = restored(a_log(tmp_path / "log"), {})

    assert oracle.faults(log, a_store(tmp_path / "db", None), everything=True) == []


@pytest.mark.parametrize(
    ("damage", "readable"),
    [
        (lambda text: text + '{"device": "1111', True),
        (lambda text: '{"device": "1111\n' + text, False),
        (lambda text: text.replace('{\\"n\\":3}', '{\\"n\\":4}'), False),
    ],
    ids=["a last line cut short by a kill", "a broken line within", "a body that was changed"],
)
def test_a_damaged_log_is_not_trusted(
    tmp_path: Path, damage: Callable[[str], str], *, readable: bool
) -> None:
    """An oracle that reads a wrong log would prove nothing."""
    log, url = a_log(tmp_path / "log"), a_store(tmp_path / "db", applied(1, 2, 3))
    log.write_text(damage(log.read_text(encoding="utf-8")), encoding="utf-8")

    if readable:
        assert oracle.faults(log, url) == []
    else:
        with pytest.raises(ValueError, match=r"contradicts|Expecting|Unterminated|Invalid"):
            oracle.faults(log, url)
