"""Seeds follow from the secret, the assignment, the exercise and the submission, and from nothing else."""

from dataclasses import replace

from grading.seeds import Seeds

SEEDS = Seeds(b"a secret", "assignment1", "ab" * 32, 2)


def test_seeds_are_the_same_again():
    assert SEEDS.of("l2") == replace(SEEDS).of("l2") and SEEDS.order("l2") == replace(SEEDS).order("l2")


def test_whatever_differs_gives_other_seeds():
    others = [{"secret": b"another"}, {"assignment": "assignment2"}, {"submission": "ac" * 32}]
    found = [seed for one in (SEEDS, *(replace(SEEDS, **other) for other in others)) for seed in one.of("l2")]
    assert len(set(found) | set(SEEDS.of("l1"))) == 10


def test_no_secret_seed_is_the_public_one_and_more_seeds_begin_with_the_same():
    assert all(seed.number for seed in SEEDS.of("l2"))
    assert replace(SEEDS, count=5).of("l2")[:2] == SEEDS.of("l2")


def test_names_tell_nothing():
    assert SEEDS.names == ["secret 1", "secret 2"]
