"""Ready rows: a Parquet file in the schema of `ganj.events.ROWS` has nothing left to be mapped; see `ganj.intake.ready`."""

from ganj.intake.fields import Field
from ganj.intake.kinds import Kind
from ganj.text import Text

EVENT = Field("event", Text("Event", "رویداد"), "text", "")

KIND = Kind(
    name="rows",
    label=Text("Ready rows", "سطرهای آماده"),
    says=Text(
        "A Parquet file in ganj's own schema; nothing is mapped.",
        "فایل Parquet با قالب خود گنج؛ چیزی نگاشت نمی‌شود.",
    ),
    fields=(EVENT,),
    needs=(("event",),),
    query="from t",
)
