"""A mailbox: letters become tickets and replies of the right customer, each once, and the mailbox stays as it was."""

import pytest

from ganj.intake.sources.errors import (
    BadAddress,
    BadAnswer,
    CertificateRefused,
    NotEncrypted,
    PrivateAddress,
    SignInRefused,
    Unreachable,
)
from ganj.intake.sources.letters import plain, read, unquoted
from ganj.intake.sources.mailbox import Mailbox, encoded
from ganj.intake.sources.reach import Reach
from source_servers import dovecot, letter, put

HERE = Reach(private=True)


@pytest.fixture(scope="module")
def server():
    with dovecot() as found:
        yield found


def feed(server, **words):
    told = {
        "host": "127.0.0.1",
        "port": server.port,
        "user": "support@shop.ir",
        "password": "گذر123",
        "security": "none",
    }
    return Mailbox(**{**told, **words})


def pulled(feed, state=None):
    state, lines, refused = state or {}, [], []
    for part in feed.pull(state, HERE):
        state = part.state
        lines += part.lines
        refused += part.refused
    return lines, refused, state


def told(line):
    return line.e, dict(line.i)["email"], line.p["subject"], line.p["ticket"]


FIRST = letter("a1", "سارا کریمی <Sara@Example.com>", "سفارش نرسید", "سلام\nسفارش ۱۲۳ نرسیده است.")
NEWS = letter("n1", "news@list.com", "Sale!", "Buy", List_Unsubscribe="<mailto:x@list.com>")
# the answer of the team names only what it answers; so does hers
OURS = letter(
    "b1", "support@shop.ir", "Re: سفارش نرسید", "پیگیری می‌کنیم", to="Sara@Example.com", In_Reply_To="<a1@mail.ir>"
)  # fmt: skip
HERS = letter(
    "a2", "sara@example.com", "پاسخ: سفارش نرسید", "رسید، ممنون!\n\nOn Sat, Nov 1, 2025 support wrote:\n> پیگیری",
    In_Reply_To="<b1@mail.ir>",
)  # fmt: skip


def test_letters_become_tickets_and_replies(server):
    box, uid = server.box, server.uid
    put(box, uid, FIRST.as_bytes())
    put(box, uid, NEWS.as_bytes())
    lines, refused, state = pulled(feed(server))
    assert lines.pop().x == {"name": "سارا کریمی"}
    assert [told(line) for line in lines] == [
        ("Ticket Opened", "sara@example.com", "سفارش نرسید", "a1@mail.ir")
    ]
    assert lines[0].p["text"] == "سلام\nسفارش ۱۲۳ نرسیده است."
    assert lines[0].c == {"traits": {"name": "سارا کریمی"}}
    assert lines[0].t == 1_761_978_600_000_000  # 10:00 in Tehran
    assert ["list.com" in one.text for one in refused] == [True]
    put(box, uid, OURS.as_bytes())
    put(box, uid, HERS.as_bytes())
    lines, _, state = pulled(feed(server), state)
    assert [told(line) for line in lines] == [
        ("Ticket Replied", "sara@example.com", "سفارش نرسید", "a1@mail.ir")
    ] * 2
    assert [line.p["by"] for line in lines] == ["team", "customer"]
    assert lines[1].p["text"] == "رسید، ممنون!"
    assert pulled(feed(server), state)[0] == []


def test_numbers_that_are_no_longer_valid(server):
    """Everything is read again, under the same names: so it is stored once."""
    put(server.box, server.uid, letter("v1", "a@x.ir", "پرسش", "?").as_bytes())
    first, _, state = pulled(feed(server))
    state["folders"]["INBOX"]["validity"] -= 1
    again, _, _ = pulled(feed(server), state)
    assert [line.m for line in again] == [line.m for line in first]
    assert len({line.m for line in first}) == len(first) > 0


def test_what_is_unread_stays_unread(server):
    put(server.box, server.uid, letter("u1", "a@x.ir", "پرسش", "?").as_bytes())
    pulled(feed(server))
    assert not [path for path in server.box.rglob("*:2,*") if "S" in path.name.rsplit(":2,", 1)[1]]


def test_wrong_doors_are_told_apart(server):
    with pytest.raises(SignInRefused):
        list(feed(server, password="falsch").pull({}, HERE))
    with pytest.raises(BadAnswer, match="nowhere"):
        list(feed(server, folders=("nowhere",)).pull({}, HERE))
    with pytest.raises(Unreachable):
        list(feed(server, port=1).pull({}, HERE))
    with pytest.raises(BadAddress, match="encryption"):
        list(feed(server).pull({}, Reach()))
    with pytest.raises(PrivateAddress):
        list(feed(server, security="tls").pull({}, Reach()))


# ---- encrypted


@pytest.fixture(scope="module")
def foreign():
    """A server whose certificate is of another name, and long out of date."""
    with dovecot("mail.elsewhere.ir", 2021) as found:
        yield found


def encrypted(server, security, **words):
    told = {
        "host": "localhost",
        "port": server.secure if security == "tls" else server.port,
        "authority": server.authority,
    }
    return feed(server, security=security, **{**told, **words})


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_server_of_the_company_s_own_authority_is_read(server, security):
    put(server.box, server.uid, letter("t1", "a@x.ir", "پرسش", "?").as_bytes())
    assert pulled(encrypted(server, security))[0]


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_whoever_cannot_prove_who_it_is_gets_no_password(server, foreign, security):
    for wrong, why in (
        (encrypted(server, security, authority=""), "self-signed"),
        (encrypted(server, security, authority=foreign.authority), "self-signed"),
        (encrypted(server, security, host="127.0.0.1"), "another name"),
        (encrypted(foreign, security), "another name|expired"),
    ):
        with pytest.raises(CertificateRefused, match=why) as refused:
            list(wrong.pull({}, HERE))
        assert "--authority" in refused.value.advice("en")


def test_the_wrong_kind_of_encryption_says_so(server, tmp_path):
    with pytest.raises(NotEncrypted, match="does not speak TLS"):
        list(encrypted(server, "tls", port=server.port).pull({}, HERE))
    nothing = tmp_path / "nothing.pem"
    nothing.write_text("none")
    for authority in (str(nothing), str(tmp_path / "missing.pem")):
        with pytest.raises(BadAddress, match="PEM"):
            list(encrypted(server, "tls", authority=authority).pull({}, HERE))


HOSTILE = {
    "empty": b"",
    "no headers": b"\r\n\r\nhello",
    "unknown charset": b"From: a@x.ir\r\nContent-Type: text/plain; charset=klingon\r\n\r\nhello",
    "bad base64": b"From: a@x.ir\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!!",
    "bad date": b"From: a@x.ir\r\nDate: 99 Foo 0 99:99\r\n\r\nhello",
    "nul": b"From: a@x.ir\r\nSubject: a\0b\r\n\r\nhel\0lo",
    "bad words": b"From: =?utf-8?B?////?= <a@x.ir>\r\nSubject: =?klingon?Q?x?=\r\n\r\nhello",
    "endless references": b"From: a@x.ir\r\nReferences: " + b"<a@b> " * 5000 + b"\r\n\r\nhello",
    "deep multipart": b"".join(
        b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(60)
    ),
    "raw bytes": b"From: a@x.ir\r\nSubject: \xd8\xb3\xd9\x84\r\n\r\n\xd8\xb3\xd9\x84\xd8\xa7\xd9\x85 \xff",
}


@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE)
def test_no_letter_breaks_the_reading(raw):
    found = read(raw)
    assert found.number
    assert "\0" not in found.text + found.subject + found.name


def test_html_becomes_its_words():
    page = "<html><head><style>p{}</style></head><body><p>سلام&nbsp;<b>خوبید</b>؟<br>بله<script>alert(1)</script></p>"
    assert unquoted(plain(page)).split() == ["سلام", "خوبید؟", "بله"]


def test_a_folder_s_name_is_written_as_imap_does():
    assert encoded("INBOX") == "INBOX"
    assert encoded("A&B") == "A&-B"
    assert encoded("台北") == "&U,BTFw-"  # RFC 3501, 5.1.3
    assert encoded("~peter/mail/台北/日本語") == "~peter/mail/&U,BTFw-/&ZeVnLIqe-"
