"""The fuzz targets in short: any bytes, and sound inputs with bytes changed, cut out and put in."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .seeds import SEEDS
from .targets import TARGETS

quick = settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize("target", TARGETS)
def test_sound_input(target: str) -> None:
    TARGETS[target](SEEDS[target])


@pytest.mark.parametrize("target", TARGETS)
@quick
@given(data=st.binary(max_size=3000))
def test_any_bytes(target: str, data: bytes) -> None:
    TARGETS[target](data)


@pytest.mark.parametrize("target", TARGETS)
@quick
@given(data=st.data())
def test_damaged_input(target: str, data: st.DataObject) -> None:
    """A few places of a sound input replaced, which also lengthens or cuts it."""
    sound = SEEDS[target]
    places = st.tuples(st.integers(0, len(sound)), st.integers(0, 40), st.binary(max_size=8))
    for at, gone, put in data.draw(st.lists(places, min_size=1, max_size=4)):
        sound = sound[:at] + put + sound[at + gone :]
    TARGETS[target](sound)
