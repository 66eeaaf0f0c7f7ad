"""Where pictures of pages are kept: in the workspace's control file, each under its page and kind of window."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec
import sqlalchemy as sa

from ganj.errors import BadParameter, UnknownName
from ganj.kept import now, put
from ganj.text import Text
from ganj.workspace.pictures.kinds import TYPES, shape_of

TABLE = sa.Table(
    "page_pictures",
    sa.MetaData(),
    sa.Column("page", sa.Text, primary_key=True),
    sa.Column("window", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("width", sa.Integer, nullable=False),
    sa.Column("height", sa.Integer, nullable=False),
    sa.Column("saved", sa.BigInteger, nullable=False),
    sa.Column("data", sa.LargeBinary, nullable=False),
)
WINDOWS = ("wide", "narrow")
"""Of computers and of phones: a page is laid out differently in them."""
LONGEST = 2_000  # letters of a page's address
MOST = 500
FULL = Text("there are {most} pictures; remove one first.", "{most} تصویر هست؛ نخست یکی را بردارید.")
NO_PAGE = Text("name the page, such as /shop.", "صفحه را نام ببرید، مانند ‎/shop‎.")
NO_WINDOW = Text("it is wide (computers) or narrow (phones).", "یا wide (رایانه) است یا narrow (گوشی).")


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """A page's picture: ``id`` names its content, ``kind`` is png, jpeg or webp, sizes in pixels, ``saved`` µs UTC."""

    page: str
    window: str
    id: str
    kind: str
    width: int
    height: int
    saved: int

    @property
    def type(self) -> str:
        """What browsers call its kind."""
        return TYPES[self.kind]


COLUMNS = tuple(TABLE.c[name] for name in Picture.__struct_fields__)


class Pictures:
    """The pictures of a workspace's pages.

    Parameters
    ----------
    engine : of the control file
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def all(self) -> tuple[Picture, ...]:
        """List the pictures by page."""
        asked = sa.select(*COLUMNS).order_by(TABLE.c.page, TABLE.c.window)
        with self._engine.connect() as con:
            return tuple(Picture(**row) for row in con.execute(asked).mappings())

    def of(self, page: str, window: str = "") -> Picture | None:
        """Return a page's picture in a kind of window; without one the computers' before the phones'."""
        found = {one.window: one for one in self.all() if one.page == page}
        wanted = (window,) if window else WINDOWS
        return next((found[one] for one in wanted if one in found), None)

    def data(self, id_: str) -> tuple[Picture, bytes]:
        """Return a picture and its bytes.

        Raises
        ------
        UnknownName
            It is not there.
        """
        with self._engine.connect() as con:
            row = con.execute(sa.select(*COLUMNS, TABLE.c.data).where(TABLE.c.id == id_)).mappings().first()
        if row is None:
            raise UnknownName.among(Text("picture", "تصویر"), id_, [one.id for one in self.all()])
        told = dict(row)
        content: bytes = told.pop("data")
        return Picture(**told), content

    def save(self, page: str, window: str, data: bytes) -> Picture:
        """Keep a page's picture in place of the one before.

        Raises
        ------
        NotAPicture, PictureTooLarge
            What it is, is read from its bytes.
        BadParameter
            The page or the kind of window is none, or there are too many.
        """
        page = page.strip()
        _check(page, window)
        if len(self.all()) >= MOST and self.of(page, window) is None:
            raise BadParameter(
                parameter="page", value=page, why=Text(FULL.en.format(most=MOST), FULL.fa.format(most=MOST))
            )
        shape = shape_of(data)
        name = hashlib.blake2b(f"{page}\n{window}\n".encode() + data, digest_size=12).hexdigest()
        told: dict[str, Any] = {**shape._asdict(), "id": name, "saved": now()}
        put(self._engine, TABLE, {"page": page, "window": window, "data": data, **told})
        return Picture(page=page, window=window, **told)

    def remove(self, page: str, window: str) -> None:
        """Forget a page's picture.

        Raises
        ------
        UnknownName
            There is none.
        """
        with self._engine.begin() as con:
            gone = con.execute(sa.delete(TABLE).where(TABLE.c.page == page, TABLE.c.window == window))
        if not gone.rowcount:
            raise UnknownName.among(
                Text("picture of a page", "تصویر صفحه"), page, [one.page for one in self.all()]
            )


def _check(page: str, window: str) -> None:
    if not page or len(page) > LONGEST:
        raise BadParameter(parameter="page", value=page[:100], why=NO_PAGE)
    if window not in WINDOWS:
        raise BadParameter(parameter="window", value=window[:100], why=NO_WINDOW)
