"""Visits: events without a long pause between them; and which messages were answered."""

from __future__ import annotations

import numpy as np

from ganj.histories import Array
from ganj.kernels import kernel

SENT, OPENED, CLICKED = 1, 2, 3
"""What an event is to a message."""


@kernel
def split(
    offsets: Array, time: Array, fits: Array, page: Array, bought: Array, gap: int
) -> tuple[Array, Array, Array, Array]:
    """Split each customer's events into sessions.

    A session ends where ``gap`` or more passes without a fitting event.  A purchase belongs to the session
    it falls into: not before its first event, less than ``gap`` after its last; what happens in one
    instant is taken together, whatever its order.

    Parameters
    ----------
    offsets, time : as in `Histories`
    fits, page, bought : bool[events]; an event may be several
    gap : µs

    Returns
    -------
    session : int64[events]
        The session of a fitting event; -1 for others.
    owner : int64[sessions]
        Position of the customer.
    edges : int64[sessions, 4]
        First and last time; first and last event that is a page, -1 where there is none.
    counts : int64[sessions, 3]
        Fitting events, pages, purchases.
    """
    session = np.full(len(time), -1, np.int64)
    owner = np.empty(len(time), np.int64)
    edges = np.full((len(time), 4), -1, np.int64)
    counts = np.zeros((len(time), 3), np.int64)
    at = -1
    for customer in range(len(offsets) - 1):
        first, j = at + 1, offsets[customer]
        while j < offsets[customer + 1]:
            k = j
            while k < offsets[customer + 1] and time[k] == time[j]:
                if fits[k]:
                    if at < first or time[k] - edges[at, 1] >= gap:
                        at += 1
                        owner[at] = customer
                        edges[at, 0] = time[k]
                    edges[at, 1] = time[k]
                    session[k] = at
                    counts[at, 0] += 1
                    if page[k]:
                        counts[at, 1] += 1
                        edges[at, 3] = k
                        if edges[at, 2] < 0:
                            edges[at, 2] = k
                k += 1
            if at >= first and time[j] - edges[at, 1] < gap:
                for e in range(j, k):
                    counts[at, 2] += bought[e]
            j = k
    return session, owner[: at + 1], edges[: at + 1], counts[: at + 1]


@kernel
def answered(offsets: Array, time: Array, role: Array, channel: Array, within: int) -> Array:
    """Tell which messages were opened and clicked.

    An answer is to the last message before it by the same channel, if that is at most ``within`` old; a
    click is an opening too.  What happens in one instant: messages first, then answers.

    Parameters
    ----------
    offsets, time : as in `Histories`
    role : int8[events], `SENT`, `OPENED`, `CLICKED` or 0
    channel : int32[events], -1 unknown (a channel of its own)
    within : µs

    Returns
    -------
    int8[events]
        For a message sent: 0 not answered, `OPENED` or `CLICKED`; 0 for other events.
    """
    out = np.zeros(len(time), np.int8)
    last = np.full((channel.max() if len(channel) else -1) + 2, -1, np.int64)
    for customer in range(len(offsets) - 1):
        last[:] = -1
        j = offsets[customer]
        while j < offsets[customer + 1]:
            k = j
            while k < offsets[customer + 1] and time[k] == time[j]:
                if role[k] == SENT:
                    last[channel[k] + 1] = k
                k += 1
            for e in range(j, k):
                sent = last[channel[e] + 1]
                if role[e] > SENT and sent >= 0 and time[e] - time[sent] <= within:
                    out[sent] = max(out[sent], role[e])
            j = k
    return out
