"""``ganj collect``: one more process that takes events into a workspace."""

from __future__ import annotations

from ganj.faces.cli.asking import call
from ganj.faces.cli.asking import command as made
from ganj.faces.cli.listening import listens


@made(
    "Take events into a workspace, beside its server or while it is away.\n\n"
    "Answers the collection API only, to whoever has a write key; several may share a port.",
    "دریافت رویداد در فضای کار، کنار سرور آن یا در نبود سرور.\n\n"
    "تنها به API گردآوری و تنها به دارندگان کلید پاسخ می‌دهد؛ چند گردآور می‌توانند یک درگاه داشته باشند.",
    name="collect",
)
@listens(8766)
def command(host: str, port: int) -> None:
    from ganj.faces.cli import showing
    from ganj.faces.http.collect import collect

    said = call()

    def ready(url: str) -> None:
        if said.json:
            showing.print_json({"url": url, "workspace": str(said.workspace)})
        else:
            showing.say(
                "ganj collects at {url}  (Ctrl+C stops it)",
                "گنج در این نشانی رویداد می‌گیرد: {url}  (Ctrl+C آن را می‌بندد)",
                url=url,
            )

    collect(said.workspace, host, port, ready=ready)
