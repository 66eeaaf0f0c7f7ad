"""Tokens: one algorithm, one audience, a short life; nothing else is taken."""

import base64
import json
import time

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganj.access.tokens import BadToken, TokenEnded, read, sign

KEY, NAME, AUDIENCE = b"k" * 32, "k1", "ganj:test"


class Claims(msgspec.Struct):
    aud: str
    exp: int
    sub: int


def made(**more):
    return sign(KEY, NAME, Claims(**{"aud": AUDIENCE, "exp": int(time.time()) + 60, "sub": 7, **more}))


def taken(token, key=KEY, name=NAME):
    return read(key, name, token, Claims, AUDIENCE)


def part(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def test_what_was_signed_is_read():
    assert taken(made()).sub == 7


def test_another_system_can_read_it_as_a_json_web_token():
    header, payload, _ = (base64.urlsafe_b64decode(one + "==") for one in made().split("."))
    assert json.loads(header) == {"alg": "HS256", "typ": "JWT", "kid": NAME}
    assert json.loads(payload)["sub"] == 7


@pytest.mark.parametrize(
    "token",
    [
        "",
        "a.b.c",
        "…",
        made() + "x",
        f"{part({'alg': 'none', 'typ': 'JWT'})}.{made().split('.')[1]}.",  # no signature is no signature
        f"{part({'alg': 'HS512', 'typ': 'JWT', 'kid': NAME})}.{made().split('.')[1]}.{made().split('.')[2]}",
        f"{made().split('.')[0]}.{part({'aud': AUDIENCE, 'exp': 9e9, 'sub': 8})}.{made().split('.')[2]}",
        made(aud="ganj:other"),
        sign(b"x" * 32, NAME, Claims(AUDIENCE, int(time.time()) + 60, 7)),
        sign(KEY, "k0", Claims(AUDIENCE, int(time.time()) + 60, 7)),  # a key that was exchanged
    ],
    ids=range(10),
)
def test_anything_else_is_refused(token):
    with pytest.raises(BadToken):
        taken(token)


def test_a_token_ends():
    with pytest.raises(TokenEnded):
        taken(made(exp=int(time.time())))


@given(st.text(max_size=60), st.integers(0, 80))
def test_no_change_of_a_token_is_taken(words, at):
    token = made()
    changed = token[:at] + words + token[at + len(words) :]
    if changed != token:
        with pytest.raises(BadToken):
            taken(changed)
