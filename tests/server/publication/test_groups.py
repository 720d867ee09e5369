"""Is every published group large enough, with no remainder that could be computed?"""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fernbereit_server.metrics.family import NO_SITE, NO_UNIT, OTHER_SITES, OTHER_UNITS
from fernbereit_server.publication.groups import Group, Place, merge


def sizes_of(groups: dict[Place, Group], sizes: dict[Place, int]) -> dict[Group, int]:
    counted: Counter[Group] = Counter()
    for place, group in groups.items():
        counted[group] += sizes[place]
    return dict(counted)


@pytest.mark.parametrize(
    ("sizes", "published"),
    [
        ({("Nord", "A"): 5, ("Nord", "B"): 9}, {("Nord", "A"): 5, ("Nord", "B"): 9}),
        (
            {("Nord", "A"): 2, ("Nord", "B"): 4, ("Nord", "C"): 9},
            {("Nord", OTHER_UNITS): 6, ("Nord", "C"): 9},
        ),
        (
            {("Nord", "A"): 2, ("Nord", "B"): 6, ("Nord", "C"): 9},
            {("Nord", OTHER_UNITS): 8, ("Nord", "C"): 9},
        ),
        (
            {("Nord", "A"): 3, ("Süd", "B"): 4, ("West", "C"): 9},
            {(OTHER_SITES, OTHER_UNITS): 7, ("West", "C"): 9},
        ),
        ({("Nord", "A"): 3, ("West", "C"): 9}, {(OTHER_SITES, OTHER_UNITS): 12}),
        ({("Nord", "A"): 3, ("West", "C"): 1}, {}),
        ({(None, None): 5, ("Nord", None): 6}, {(NO_SITE, NO_UNIT): 5, ("Nord", NO_UNIT): 6}),
    ],
    ids=[
        "large units stand alone",
        "small units of a site are counted together",
        "a remainder below k takes the next smallest unit",
        "small sites are counted together",
        "a remainder of sites takes the next smallest group",
        "a fleet below k is not counted",
        "devices without a unit are a group of their own",
    ],
)
def test_small_groups_are_counted_with_others(
    sizes: dict[tuple[str, str], int], published: dict[tuple[str, str], int]
) -> None:
    """One hierarchy, one rule."""
    places = {Place(*place): size for place, size in sizes.items()}

    assert sizes_of(merge(places, 5), places) == published


@given(
    st.dictionaries(
        st.builds(Place, st.sampled_from(["Nord", "Süd", None]), st.sampled_from([*"ABCDE", None])),
        st.integers(1, 12),
        max_size=12,
    ),
    st.integers(3, 8),
)
def test_every_group_has_k_devices_and_nobody_is_left_out(sizes: dict[Place, int], k: int) -> None:
    """Whatever the sizes: groups of at least k, and all devices in them as soon as the fleet has k."""
    groups = merge(sizes, k)
    published = sizes_of(groups, sizes)

    assert all(size >= k for size in published.values())
    assert sum(published.values()) == (sum(sizes.values()) if sum(sizes.values()) >= k else 0)


def test_a_unit_named_like_a_group_of_ours_stays_apart() -> None:
    """An inventory may hold any name."""
    places = {Place("Nord", OTHER_UNITS): 6, Place("Nord", "A"): 3, Place("Nord", "B"): 3}

    assert sizes_of(merge(places, 5), places) == {
        Group("Nord", "other units."): 6,
        Group("Nord", OTHER_UNITS): 6,
    }
