"""Servers that sources read, started by the tests on loopback with data of their own; skipped where not installed."""

import base64
import contextlib
import itertools
import json
import os
import pwd
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
import time
from datetime import UTC, datetime
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

ELSEWHERE = ("/usr/lib/postgresql", "/usr/local/pgsql/bin", "/usr/sbin", "/usr/local/sbin")


def program(name):
    """Find a server's binary, or skip."""
    found = shutil.which(name)
    for place in ELSEWHERE:
        if found is None and Path(place).is_dir():
            found = next(
                (str(path) for path in sorted(Path(place).rglob(name)) if os.access(path, os.X_OK)), None
            )
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def home(user):
    """A folder of a server's user; a server that refuses to be root is started as its own user."""
    root = os.geteuid() == 0
    with tempfile.TemporaryDirectory(prefix="ganj-test-") as folder:
        if root:
            with contextlib.suppress(LookupError):
                shutil.chown(folder, user)
        yield Path(folder), {"user": user} if root else {}


def answers(port, process, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert process.poll() is None, "the server stopped"
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    pytest.fail("the server does not answer")


def stopped(process):
    process.terminate()
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def certificate(folder, name="localhost", until=2040):
    """A certificate that nobody but itself vouches for, as servers inside a company usually have."""
    mine = ec.generate_private_key(ec.SECP256R1())
    told = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    begin = datetime(2020, 1, 1, tzinfo=UTC)
    made = x509.CertificateBuilder().subject_name(told).issuer_name(told).public_key(mine.public_key())
    made = made.serial_number(1).not_valid_before(begin).not_valid_after(begin.replace(year=until))
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    signed = made.sign(mine, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    words = (
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    owner = folder.stat().st_uid
    for file, data in (("cert.pem", signed), ("key.pem", mine.private_bytes(*words))):
        (folder / file).write_bytes(data)
        (folder / file).chmod(0o600)
        os.chown(folder / file, owner, -1)
    return folder / "cert.pem", folder / "key.pem"


@contextlib.contextmanager
def postgresql():
    """A PostgreSQL server; yields its address with a password in it."""
    initdb, postgres = program("initdb"), program("postgres")
    with home("postgres") as (folder, who):
        (folder / "password").write_text("p@ss/w:rd\n")
        data = folder / "data"
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder, **who}
        made = [
            initdb,
            "-D",
            data,
            "-U",
            "shop",
            "-A",
            "scram-sha-256",
            "-E",
            "UTF8",
            "--locale=C",
            "--no-sync",
        ]
        subprocess.run([*made, f"--pwfile={folder / 'password'}"], check=True, **quiet)
        port = free_port()
        words = [
            "-c",
            f"unix_socket_directories={folder}",
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            "fsync=off",
        ]
        cert, secret = certificate(folder)
        words += ["-c", "ssl=on", "-c", f"ssl_cert_file={cert}", "-c", f"ssl_key_file={secret}"]
        process = subprocess.Popen([postgres, "-D", data, "-p", str(port), *words], **quiet)
        try:
            answers(port, process)
            yield f"postgresql://shop:p%40ss%2Fw%3Ard@127.0.0.1:{port}/postgres"
        finally:
            stopped(process)


@contextlib.contextmanager
def mariadb():
    """A MariaDB server; yields its address."""
    install, server = program("mariadb-install-db"), program("mariadbd")
    with home("mysql") as (folder, who):
        data = folder / "data"
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder, **who}
        subprocess.run(
            [
                install,
                "--no-defaults",
                f"--datadir={data}",
                "--auth-root-authentication-method=normal",
                "--skip-test-db",
            ],
            check=True,
            **quiet,
        )
        (folder / "init.sql").write_text(
            "create database shop character set utf8mb4;\n"
            "create user shop@'%' identified by 'geheim';\n"
            "grant all on shop.* to shop@'%';\n"
        )
        port = free_port()
        words = [
            f"--datadir={data}",
            f"--port={port}",
            "--bind-address=127.0.0.1",
            f"--socket={folder}/s.sock",
        ]
        more = [f"--init-file={folder}/init.sql", "--skip-name-resolve", "--innodb-flush-log-at-trx-commit=0"]
        cert, secret = certificate(folder)
        more += [f"--ssl-cert={cert}", f"--ssl-key={secret}", f"--pid-file={folder}/pid"]
        process = subprocess.Popen([server, "--no-defaults", *words, *more], **quiet)
        try:
            answers(port, process)
            yield f"mysql://shop:geheim@127.0.0.1:{port}/shop"
        finally:
            stopped(process)


class Mails(NamedTuple):
    """A mail server: its ports without and with TLS, a mailbox and whose files are in it, and who vouches for it."""

    port: int
    secure: int
    box: Path
    uid: int
    authority: str


DOVECOT = """
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
ssl = yes
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
disable_plaintext_auth = no
default_internal_user = dovecot
default_login_user = dovenull
mail_location = maildir:{folder}/mail/%u
first_valid_uid = 0
mail_uid = {uid}
mail_gid = {gid}
passdb {{
  driver = static
  args = password=گذر123
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {secure}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


@contextlib.contextmanager
def dovecot(name="localhost", until=2040):
    """A Dovecot server; yields its ports and the mailbox of ``support``; its certificate is of a name, until a year."""
    server = program("dovecot")
    if os.geteuid() != 0:
        pytest.skip("Dovecot starts its parts as users of their own")
    with tempfile.TemporaryDirectory(prefix="ganj-test-") as place:
        folder, port, secure = Path(place), free_port(), free_port()
        folder.chmod(0o755)
        authority, _ = certificate(folder, name, until)
        box = folder / "mail" / "support@shop.ir"
        for part in ("cur", "new", "tmp"):
            (box / part).mkdir(parents=True)
        uid = pwd.getpwnam("mail").pw_uid
        for path in [folder / "mail", *(folder / "mail").rglob("*")]:
            os.chown(path, uid, uid)
        told = DOVECOT.format(folder=folder, port=port, secure=secure, uid=uid, gid=uid)
        (folder / "conf").write_text(told, encoding="utf-8")
        process = subprocess.Popen(
            [server, "-F", "-c", folder / "conf"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            answers(secure, process)
            yield Mails(port, secure, box, uid, str(authority))
        finally:
            stopped(process)


LETTERS = itertools.count(1)


def put(box, uid, raw):
    """Put a message into a mailbox, as a mail server does."""
    path = box / "new" / f"{time.time_ns()}.M{next(LETTERS)}.test"
    half = box / "tmp" / path.name
    half.write_bytes(raw)
    os.chown(half, uid, uid)
    half.rename(path)


def letter(number, author, subject, text, *, to="support@shop.ir", **headers):
    """Write a message."""
    message = EmailMessage()
    message["Message-ID"] = f"<{number}@mail.ir>"
    message["From"], message["To"], message["Subject"] = author, to, subject
    message["Date"] = headers.pop("date", "Sat, 01 Nov 2025 10:00:00 +0330")
    for word, value in headers.items():
        message[word.replace("_", "-")] = value
    message.set_content(text)
    return message


class Shop(BaseHTTPRequestHandler):
    """WooCommerce's REST API over lists in memory: paging, filters and answers as its documentation says."""

    def do_GET(self):
        shop = self.server
        parts = urlsplit(self.path)
        words = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        shop.asked.append((parts.path, words))
        signed = base64.b64decode(self.headers.get("Authorization", "Basic ").split(" ", 1)[1]).decode()
        if signed != "ck_live:cs_secret":
            return self.say(
                401, {"code": "woocommerce_rest_cannot_view", "message": "Sorry, you cannot list resources."}
            )
        if shop.broken:
            told = shop.broken.pop(0)
            status, body = told if isinstance(told, tuple) else (told, {"message": "broken"})
            return self.say(status, body)
        thing = parts.path.rpartition("/")[2]
        if parts.path != f"/wp-json/wc/v3/{thing}" or thing not in shop.things:
            return self.say(404, {"code": "rest_no_route", "message": "No route was found."})
        found = shop.things[thing]
        if "modified_after" in words and thing != "customers":
            assert words["dates_are_gmt"] == "true"
            found = [one for one in found if one["date_modified_gmt"] > words["modified_after"]]
        assert (words["orderby"], words["order"]) == ("id", "asc")
        found = sorted(found, key=lambda one: one["id"])
        page, size = int(words.get("page", 1)), min(int(words.get("per_page", 10)), 100)
        told = {"X-WP-Total": str(len(found)), "X-WP-TotalPages": str(-(-len(found) // size))}
        self.say(200, found[(page - 1) * size : page * size], told)
        shop.after(thing, page)
        return None

    def say(self, status, body, headers=None):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json; charset=UTF-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def date_time_string(self, timestamp=None):
        """The shop's own clock."""
        return super().date_time_string(self.server.clock if timestamp is None else timestamp)

    def log_message(self, *args):
        """Say nothing."""


@contextlib.contextmanager
def woocommerce(*, certified=(), **things):
    """A shop; yields the server, whose ``url`` is its address; over TLS where it has a certificate and its key."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Shop)
    server.things = {"orders": [], "customers": [], "products": [], **things}
    server.asked, server.broken, server.clock = [], [], 1_763_000_000
    server.after = lambda *_: None
    server.url = f"http://127.0.0.1:{server.server_port}"
    if certified:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certified)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.url = f"https://localhost:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def wc_order(number, status="completed", total="150.00", lines=None, modified="2025-11-01T10:00:00", **more):
    """An order as the API's documentation shows it, the parts we do not read left as they are there."""
    lines = lines or [(1, "Tea", "TEA-1", 2, "100.00"), (2, "Saffron", "", 1, "40.00")]
    items = [
        {"id": n, "name": name, "product_id": 90 + n, "variation_id": 0, "quantity": count, "tax_class": "",
         "subtotal": paid, "subtotal_tax": "0.00", "total": paid, "total_tax": "0.00", "taxes": [], "meta_data": [],
         "sku": sku, "price": float(paid) / count}
        for n, name, sku, count, paid in lines
    ]  # fmt: skip
    return {
        "id": number, "parent_id": 0, "number": str(number), "order_key": f"wc_order_{number}", "created_via": "checkout",
        "version": "9.3.3", "status": status, "currency": "USD", "date_created": "2025-10-01T13:30:00",
        "date_created_gmt": "2025-10-01T10:00:00", "date_modified_gmt": modified, "discount_total": "0.00",
        "shipping_total": "10.00", "total": total, "total_tax": "0.00", "prices_include_tax": False, "customer_id": 26,
        "customer_note": "", "payment_method": "bacs", "payment_method_title": "Bank transfer", "date_paid": None,
        "date_paid_gmt": None, "meta_data": [{"id": 1, "key": "k", "value": "v"}], "line_items": items, "tax_lines": [],
        "shipping_lines": [{"id": 75, "method_title": "Post", "total": "10.00"}], "fee_lines": [], "coupon_lines": [],
        "refunds": [],
        "billing": {"first_name": "سارا", "last_name": "کریمی", "company": "", "address_1": "خیابان ولیعصر", "city": "تهران",
                    "state": "THR", "postcode": "1966713", "country": "IR", "email": "Sara@Example.com", "phone": "09123456789"},
        **more,
    }  # fmt: skip
