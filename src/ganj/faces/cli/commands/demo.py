"""``ganj demo``: a simulated shop and its pages."""

from __future__ import annotations

from pathlib import Path

import click

from ganj.faces.cli.asking import call, option
from ganj.faces.cli.asking import command as made
from ganj.faces.cli.listening import exposes, listens


@made(
    "Make a workspace of a simulated shop in ./demo and serve it.\n\n"
    "20,000 customers and two years of orders, visits, messages, tickets and deals. "
    "A demo made before is used again.",
    "ساختن فضای کار یک فروشگاه شبیه‌سازی‌شده در ./demo و راه‌اندازی آن.\n\n"
    "۲۰٬۰۰۰ مشتری و دو سال سفارش، بازدید، پیام، تیکت و معامله. نمونه‌ای که پیش‌تر ساخته شده دوباره به کار می‌رود.",
    name="demo",
)
@option(
    "--customers",
    type=click.IntRange(10, 5_000_000),
    default=20_000,
    show_default=True,
    says=("How many customers.", "شمار مشتریان."),
)
@option(
    "--seed",
    type=int,
    default=1404,
    show_default=True,
    says=("The same seed gives the same shop.", "بذر یکسان فروشگاه یکسان می‌سازد."),
)
@listens(8765)
@exposes
@option("--no-serve", is_flag=True, says=("Only make the workspace.", "تنها فضای کار را بساز."))
def command(customers: int, seed: int, host: str, port: int, *, insecure: bool, no_serve: bool) -> None:
    from ganj.faces.cli import serving, showing

    serving.allowed(host, insecure=insecure)
    folder = call().folder or Path("demo")
    with serving.shop(folder, customers, seed) as held:
        if not no_serve:
            serving.serve(held, host, port, insecure=insecure)
        elif call().json:
            showing.print_json({"workspace": str(folder.resolve())})
        else:
            showing.say("The shop is in {folder}.", "فروشگاه در {folder} است.", folder=folder)
