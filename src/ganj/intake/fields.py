"""What a column can mean, and the words that headers use for it in both languages."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

import msgspec

from ganj.persian import match_form
from ganj.text import Text

Type = Literal["id", "text", "time", "number", "money", "email", "phone", "code"]


class Field(msgspec.Struct, frozen=True):
    """A meaning that a column can have.

    Attributes
    ----------
    words
        Names that headers use, best first, separated by ``|``.
    type
        How its values are read; see `ganj.intake.normal`.
    """

    name: str
    label: Text
    type: Type
    words: str

    @property
    def names(self) -> tuple[str, ...]:
        """The words as `header_form` writes them."""
        return tuple(header_form(word) for word in self.words.split("|"))


@lru_cache(maxsize=4096)
def header_form(header: str) -> str:
    """Return a header as words for comparing: «CustomerID», ``customer_id`` and ``Customer ID:`` are one."""
    split = re.sub(r"(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", header)
    return " ".join(re.findall(r"[^\W_]+", match_form(split)))


CUSTOMER = Field(
    "customer_id", Text("Customer", "مشتری"), "id",
    "customer id|customer|customer no|customer number|customer code|client id|client|user id|user|member id|member number|"
    "member|household id|household key|buyer id|buyer|person id|visitor id|distinct id|subscriber id|cust id|"
    "شناسه مشتری|کد مشتری|مشتری|شماره مشتری|شماره اشتراک|کد اشتراک|کاربر|شناسه کاربر|خریدار|کد خریدار|شماره عضویت",
)  # fmt: skip
EMAIL = Field(
    "email", Text("E-mail", "ایمیل"), "email",
    "email|e mail|email address|billing email|customer email|mail|ایمیل|پست الکترونیک|پست الکترونیکی|رایانامه",
)  # fmt: skip
PHONE = Field(
    "phone", Text("Phone", "تلفن"), "phone",
    "mobile|mobile number|phone|phone number|mobile phone|cell phone|billing phone|tel|telephone|customer phone|موبایل|"
    "شماره موبایل|تلفن همراه|همراه|شماره همراه|شماره تماس|تلفن|تلفن تماس|موبایل مشتری|موبایل گیرنده",
)  # fmt: skip
NATIONAL = Field(
    "national_code", Text("National code", "کد ملی"), "code",
    "national code|national id|melli code|کد ملی|کدملی|شماره ملی|شناسه ملی",
)  # fmt: skip
ACCOUNT = Field(
    "account", Text("Company", "شرکت"), "text",
    "account|account name|company|company name|organization|organisation|شرکت|نام شرکت|سازمان|نام سازمان",
)  # fmt: skip
CONTACT_ID = Field(
    "contact_id",
    Text("Contact number", "شمارهٔ مخاطب"),
    "id",
    "contact id|contactid|associated contact ids|شناسه مخاطب",
)
LEAD_ID = Field("lead_id", Text("Lead number", "شمارهٔ سرنخ"), "id", "lead id|leadid|mql id|شناسه سرنخ")
ACCOUNT_ID = Field(
    "account_id", Text("Company number", "شمارهٔ شرکت"), "id",
    "account id|accountid|company id|associated company id|شناسه شرکت",
)  # fmt: skip
NAME = Field(
    "name", Text("Name", "نام"), "text",
    "customer name|full name|name|client name|contact name|display name|نام و نام خانوادگی|نام مشتری|نام کامل|نام خریدار|نام گیرنده|نام",
)  # fmt: skip
FIRST = Field(
    "first_name",
    Text("First name", "نام کوچک"),
    "text",
    "first name|billing first name|given name|نام کوچک|اسم",
)
LAST = Field(
    "last_name",
    Text("Last name", "نام خانوادگی"),
    "text",
    "last name|billing last name|surname|family name|نام خانوادگی|فامیل",
)
WHO = (CUSTOMER, EMAIL, PHONE, NATIONAL, ACCOUNT, CONTACT_ID, LEAD_ID, ACCOUNT_ID, NAME, FIRST, LAST)
"""Who a row is about: in every kind."""

CHANNEL = Field(
    "channel", Text("Channel", "کانال"), "text",
    "channel|sales channel|medium|origin|کانال|کانال فروش|شیوه آشنایی|نحوه آشنایی",
)  # fmt: skip
SOURCE = Field("source", Text("Source", "منبع"), "text", "source|lead source|utm source|منبع|منبع سرنخ")
STATUS = Field(
    "status", Text("Status", "وضعیت"), "text",
    "status|order status|invoice status|وضعیت|وضعیت سفارش|وضعیت فاکتور|وضعیت مرسوله",
)  # fmt: skip
RECORD = Field(
    "record", Text("Record number", "شمارهٔ رکورد"), "id", "id|record id|activity id|شناسه|شناسه رکورد"
)


def time(words: str, label: Text | None = None, name: str = "time", *, usual: bool = True) -> Field:
    """Return a field of times, with the words of its kind before those of all kinds."""
    common = "date|datetime|date time|timestamp|time|created at|created time|created on|created|create date|تاریخ|تاریخ و ساعت|زمان|تاریخ ثبت|تاریخ ایجاد"
    return Field(
        name,
        label or Text("Date", "تاریخ"),
        "time",
        f"{words}|{common}" if usual and name == "time" else words,
    )
