"""What can be wrong with a file, one class each; all are a `BadFile` and leave the workspace as it was."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar, Self

from ganj.errors import BadFile
from ganj.text import Text


class Unreadable(BadFile):
    """A file whose reason is always the same sentence, filled from the facts."""

    why: ClassVar[Text]

    @classmethod
    def at(cls, path: Path | str, **facts: object) -> Self:
        """Build the error for one file; ``facts`` fill the reason."""
        named = {key: f"{value:,}" if isinstance(value, int) else value for key, value in facts.items()}
        why = Text(cls.why.en.format(**named), cls.why.fa.format(**named))
        return cls(path=path.name if isinstance(path, Path) else path, why=why, **facts)


class NoSuchFile(Unreadable):
    """Nothing is there."""

    status = 404
    why = Text("there is no such file.", "چنین فایل‌ای نیست.")


class NothingToRead(Unreadable):
    """An empty file, a file with only a header, or a folder without one file of rows."""

    why = Text("there are no rows in it.", "هیچ سطری در آن نیست.")


class NotRows(Unreadable):
    """Something else than rows: a picture, a database, a document. Facts: ``what`` (`Text`)."""

    why = Text("it holds no rows of text (it looks like {kind}).", "محتوای آن سطر و ستون نیست (نوع: {kind}).")


class NoVisits(Unreadable):
    """An access log in which nobody was shown a page."""

    why = Text(
        "it is an access log in which no page was shown to a person: only programs, images and errors.",
        "فایل ثبت وب‌سرور است ولی هیچ صفحه‌ای به انسانی نشان داده نشده: تنها برنامه‌ها، تصویرها و خطاها.",
    )


class NotText(Unreadable):
    """A text file with NUL bytes: a program or a damaged copy."""

    why = Text(
        "it holds NUL bytes, so it is no text; it may be damaged.",
        "در آن بایت تهی هست، پس متن نیست؛ شاید آسیب دیده باشد.",
    )


class Damaged(Unreadable):
    """A file that breaks off or contradicts its own format."""

    why = Text(
        "it is damaged or not what its name says ({detail}).",
        "آسیب دیده یا آن چیزی نیست که نامش می‌گوید ({detail}).",
    )


class Locked(Unreadable):
    """A file behind a password."""

    why = Text("it is protected by a password.", "با گذرواژه قفل شده است.")


class TooBig(Unreadable):
    """A packed file that unpacks to far more than it should. Facts: ``limit`` bytes."""

    why = Text(
        "it unpacks to more than {limit} bytes, as a crafted file does.",
        "پس از باز شدن از {limit} بایت بیشتر می‌شود؛ فایل‌های ساختگی چنین‌اند.",
    )


class TooDense(Unreadable):
    """A packed file whose content is packed beyond belief. Facts: ``ratio``."""

    why = Text(
        "each of its bytes unpacks to more than {ratio}, as in a zip bomb.",
        "هر بایت آن به بیش از {ratio} بایت باز می‌شود؛ مانند بمب زیپ.",
    )


class TooManyColumns(Unreadable):
    """A table wider than any table of customers. Facts: ``columns``, ``limit``."""

    why = Text(
        "it has {columns} columns; at most {limit} are read.",
        "{columns} ستون دارد؛ دست‌بالا {limit} ستون خوانده می‌شود.",
    )


class TooManyCells(Unreadable):
    """A sheet whose corners lie further apart than any real sheet's. Facts: ``cells``, ``limit``."""

    why = Text(
        "its sheet spans {cells} cells; at most {limit} are read.",
        "گسترهٔ آن {cells} خانه است؛ دست‌بالا {limit} خانه خوانده می‌شود.",
    )


class TooManyFiles(Unreadable):
    """A folder or archive with too many files. Facts: ``limit``."""

    why = Text("it holds more than {limit} files.", "بیش از {limit} فایل در آن است.")


class LineTooLong(Unreadable):
    """A line without an end. Facts: ``limit`` bytes."""

    why = Text("one of its lines is longer than {limit} bytes.", "یکی از سطرهایش از {limit} بایت بلندتر است.")


class NotUnderstood(Unreadable):
    """A table of which no kind of customer data could be made. Facts: ``columns``."""

    why = Text(
        "no kind of customer data was recognised in its columns ({columns}); name it with --as and --map.",
        "از ستون‌هایش ({columns}) نوع داده شناخته نشد؛ با ‎--as و ‎--map بگویید.",
    )


class NoSuchColumn(Unreadable):
    """A mapping that names a column the file lacks. Facts: ``column``, ``columns``."""

    why = Text(
        "it has no column {column!r}; it has {columns}.",
        "ستونی به نام «{column}» ندارد؛ ستون‌هایش: {columns}.",
    )
