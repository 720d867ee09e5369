"""Does the catalogue list every family and trait that is declared, each fit for Prometheus?"""

import importlib
import pkgutil
import re

import pytest

from fernbereit.facts import SECTIONS
from fernbereit.record import Outcome
from fernbereit_server.decisions import NOTHING_DECIDED
from fernbereit_server.judging.lifecycle import Lifecycle
from fernbereit_server.metrics import catalogue, families
from fernbereit_server.metrics.catalogue import FAMILIES, TRAITS
from fernbereit_server.metrics.family import UNKNOWN, Family, Trait

EVERY = catalogue.families(NOTHING_DECIDED.policy)


def declared() -> list[Family | Trait]:
    """Find every constant in the folder, one by one or in a tuple."""
    found: list[Family | Trait] = []
    for module in pkgutil.iter_modules(families.__path__):
        for value in vars(importlib.import_module(f"{families.__name__}.{module.name}")).values():
            found += [
                v for v in (value if isinstance(value, tuple) else (value,)) if isinstance(v, Family | Trait)
            ]
    return found


def test_the_tuples_list_what_the_folder_declares() -> None:
    """A family that is forgotten in the catalogue would never be published."""
    listed = {id(item) for item in (*FAMILIES, *TRAITS)}

    assert [item.name for item in declared() if id(item) not in listed] == []
    assert {id(item) for item in declared()} == listed


def test_keys_tell_families_apart() -> None:
    """The store and the API name a family by its key."""
    assert len({family.key for family in EVERY}) == len(EVERY)
    assert len({trait.name for trait in TRAITS}) == len(TRAITS)


@pytest.mark.parametrize("family", EVERY, ids=lambda family: family.key)
def test_a_family_is_named_and_explained(family: Family) -> None:
    """Prefix, lower case, one English sentence with a full stop."""
    assert re.fullmatch(r"fernbereit_[a-z_]+", family.name)
    assert re.fullmatch(r"[A-Z][^.]*\.", family.help)
    assert not family.name.endswith(("_total", "_count", "_bucket"))


@pytest.mark.parametrize("family", EVERY, ids=lambda family: family.key)
def test_what_is_not_known_has_a_word_of_its_own(family: Family) -> None:
    """Never added to a good or a bad word: `unknown`, or the word of its own subject for it."""
    unknown = {"freshness": "never", "compliance": "not_evaluated"}.get(family.source, UNKNOWN)
    if family.source == "devices":
        assert family.words == ()
    elif family.leaves_rest:
        assert family.words == ("yes",)
    elif family.source == "lifecycle":
        assert set(family.words) == set(Lifecycle)
    else:
        assert len(family.words) >= 2
        assert family.words[-1] == unknown


@pytest.mark.parametrize(
    "family", [f for f in FAMILIES if f.source == "trait"], ids=lambda family: family.key
)
def test_a_family_counts_the_words_of_its_trait(family: Family) -> None:
    """Every word a trait can say is published."""
    trait = next(trait for trait in TRAITS if trait.name == family.trait)

    assert trait.section in SECTIONS
    if trait.words:
        assert family.words == (*trait.words, UNKNOWN)
    else:
        assert family.say is not None


@pytest.mark.parametrize("trait", TRAITS, ids=lambda trait: trait.name)
def test_a_trait_of_empty_facts_is_not_known(trait: Trait) -> None:
    """Asked and not answered is no word; neither is a section that could not be read."""
    empty = SECTIONS[trait.section]()

    assert trait.word(Outcome.OK, empty) is None
    assert trait.word(Outcome.DENIED, None) is None
    assert trait.word(Outcome.ABSENT, None) in {None, *trait.words}
