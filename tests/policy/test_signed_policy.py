"""Is a policy on its way taken as it was signed, or not at all?"""

import json
import random
import tracemalloc
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey

from fernbereit.delivery import MAX_PAYLOAD_BYTES
from fernbereit.policy import Policy, as_json, shipped_policy
from fernbereit.signed_policy import (
    MAX_JSON_BYTES,
    Fault,
    SignedPolicyError,
    key_id,
    read_head,
    read_signed,
    write_signed,
)
from policy_world import check, policy_of

KEY = SigningKey(bytes(range(32)))
ID = key_id(bytes(KEY.verify_key))
SMALL = policy_of(check("firewall", "firewall.enabled", {"const": True}))


def sign(message: bytes) -> bytes:
    """Sign with the key of these tests."""
    return KEY.sign(message).signature


def verify(message: bytes, signature: bytes) -> bool:
    """Verify with the key of these tests."""
    try:
        KEY.verify_key.verify(message, signature)
    except BadSignatureError:
        return False
    return True


def fault_of(written: bytes, key: str = ID) -> Fault | None:
    """Return why the bytes are refused, or None if they are a policy."""
    try:
        read_signed(written, key, verify)
    except SignedPolicyError as error:
        return error.fault
    return None


def signed(packed: bytes, version: int = 1) -> bytes:
    """Return bytes rightly signed, whatever they hold."""
    head = f"fernbereit-policy 1 {version} {ID}"
    signature = sign(b"%s\n%s" % (head.encode(), packed)).hex()
    return f"{head} {signature}\n".encode() + packed


def large_policy(checks: int, *, words: int) -> Policy:
    """Return a policy of many checks whose texts are so many words drawn from those of the shipped one."""
    plain: dict[str, Any] = as_json(shipped_policy())
    known = [word for one in plain["checks"] for word in one["remedy"]["it"]["de"].split()]
    draw = random.Random(3)
    made = []
    for number in range(checks):
        one = json.loads(json.dumps(plain["checks"][number % len(plain["checks"])]))
        one["id"] = f"check_{number}"
        for place in (one["title"], one["remedy"]["staff"], one["remedy"]["it"]):
            place.update({lang: " ".join(draw.choices(known, k=words))[:400] for lang in place})
        made.append(one)
    return Policy.model_validate({**plain, "checks": made}, strict=False)


def test_what_was_signed_is_read_back() -> None:
    """The shipped policy travels and comes back equal; its version and key stand in the first line."""
    written = write_signed(shipped_policy(), ID, sign)

    assert read_signed(written, ID, verify) == shipped_policy()
    assert written.startswith(f"fernbereit-policy 1 {shipped_policy().version} {ID} ".encode())


def test_a_policy_of_200_checks_fits_into_one_packet() -> None:
    """With texts somewhat longer than the shipped ones, and room to spare."""
    written = write_signed(large_policy(200, words=14), ID, sign)

    assert len(written) < MAX_PAYLOAD_BYTES * 2 // 3
    assert len(read_signed(written, ID, verify).checks) == 200


def test_a_policy_that_fits_into_no_packet_is_not_sent() -> None:
    """Two hundred checks with the longest texts are refused by name, not cut off."""
    with pytest.raises(SignedPolicyError, match="too_large"):
        write_signed(large_policy(200, words=60), ID, sign)


@given(st.binary(max_size=400) | st.binary(max_size=200).map(lambda rest: b"fernbereit-policy 1 " + rest))
def test_any_bytes_end_in_a_named_fault(written: bytes) -> None:
    """Whatever arrives, nothing but `SignedPolicyError` is raised."""
    assert fault_of(written) in {Fault.NO_POLICY, Fault.OTHER_KEY}


@given(
    st.binary(max_size=200)
    | st.binary(max_size=200).map(zlib.compress)
    | st.recursive(
        st.none() | st.integers() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=8,
    ).map(lambda value: zlib.compress(json.dumps(value).encode()))
)
def test_what_is_rightly_signed_and_no_policy_is_unreadable(packed: bytes) -> None:
    """A newer collector may sign what this version does not know; it is said so."""
    assert fault_of(signed(packed)) is Fault.UNREADABLE


def test_every_single_changed_bit_is_refused() -> None:
    """In the head line, in the signature and in the policy."""
    written = write_signed(SMALL, ID, sign)
    assert fault_of(written) is None
    taken = []
    for place in range(len(written) * 8):
        changed = bytearray(written)
        changed[place // 8] ^= 1 << place % 8
        if fault_of(bytes(changed)) is None:
            taken.append(place)

    assert taken == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda w: w + b"\0", Fault.CHANGED),
        (lambda w: w[:-1], Fault.CHANGED),
        (lambda w: w.replace(b" 1 1 ", b" 1 2 ", 1), Fault.CHANGED),
        (lambda w: w.replace(b"policy 1 ", b"policy 2 ", 1), Fault.NO_POLICY),
        (lambda w: w.replace(ID.encode(), b"0" * 16, 1), Fault.OTHER_KEY),
        (lambda w: w + bytes(MAX_PAYLOAD_BYTES), Fault.TOO_LARGE),
    ],
    ids=["longer", "shorter", "a later version", "another format", "another key", "beyond a packet"],
)
def test_a_changed_packet_is_refused_by_name(change: Any, fault: Fault) -> None:
    """The fault says what kind of change it was."""
    assert fault_of(change(write_signed(SMALL, ID, sign))) is fault


def test_another_authoritys_policy_is_refused() -> None:
    """Its key has another id; with the id of ours written over it the signature does not fit."""
    other = SigningKey(bytes(32))
    foreign = write_signed(SMALL, key_id(bytes(other.verify_key)), lambda m: other.sign(m).signature)
    disguised = write_signed(SMALL, ID, lambda m: other.sign(m).signature)

    assert (fault_of(foreign), fault_of(disguised)) == (Fault.OTHER_KEY, Fault.CHANGED)


def test_a_version_in_the_first_line_that_the_policy_does_not_have_is_refused() -> None:
    """Else a rightly signed packet could pass for a later one than it holds."""
    packed = read_head(write_signed(SMALL, ID, sign)).packed

    assert fault_of(signed(packed, version=1)) is None
    assert fault_of(signed(packed, version=2)) is Fault.UNREADABLE


@pytest.mark.parametrize("size", [MAX_JSON_BYTES, MAX_JSON_BYTES + 1, 50 * MAX_JSON_BYTES])
def test_little_that_unpacks_to_much_is_not_unpacked(size: int) -> None:
    """More than a policy can be is never held, even if it was signed."""
    packed = zlib.compress(b" " * size, 9)
    wanted = Fault.UNREADABLE if size <= MAX_JSON_BYTES else Fault.TOO_LARGE

    written = signed(packed)
    tracemalloc.start()
    fault = fault_of(written)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert len(packed) < MAX_PAYLOAD_BYTES
    assert fault is wanted
    assert most < 4 * MAX_JSON_BYTES
