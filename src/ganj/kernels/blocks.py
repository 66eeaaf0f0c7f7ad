"""Looks at sixty-four bytes at once: which of them are a letter, as the bits of one number.

Where a machine compares many bytes in one step this is ten times quicker than one after the other (Langdale, Lemire,
Parsing gigabytes of JSON per second, 2019).  Bytes are given by their address; whoever asks sees to it that sixty-four
can be read there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

ir: Any = vars(cgutils)["ir"]  # the machine language of LLVM, as Numba has it
_BLOCK, _LONG, _WIDE = ir.VectorType(ir.IntType(8), 64), ir.IntType(64), ir.IntType(128)


def _all(number: int) -> Any:
    return ir.Constant(_BLOCK, [number] * 64)


def _bits(test: Callable[[Any, Any], Any]) -> Any:
    """Let loops ask something of sixty-four bytes at an address: uint64, the first byte the lowest bit."""

    def asked(context: Any, address: Any) -> Any:
        del context, address

        def code(_: Any, builder: Any, __: Any, given: Any) -> Any:
            block = builder.load(builder.inttoptr(given[0], _BLOCK.as_pointer()), align=1)
            return builder.bitcast(test(builder, block), _LONG)

        return types.uint64(types.int64), code

    return intrinsic(asked)


def _is(*letters: str) -> Callable[[Any, Any], Any]:
    def test(builder: Any, block: Any) -> Any:
        first, *more = (builder.icmp_unsigned("==", block, _all(ord(letter))) for letter in letters)
        for one in more:
            first = builder.or_(first, one)
        return first

    return test


def equal(letter: int) -> Any:
    """Return what tells loops which of sixty-four bytes are a letter, as the ready ones below."""
    return _bits(lambda builder, block: builder.icmp_unsigned("==", block, _all(letter)))


def from_(letter: int) -> Any:
    """Return what tells loops which of sixty-four bytes are a letter or above it."""
    return _bits(lambda builder, block: builder.icmp_unsigned(">=", block, _all(letter)))


def _is_low(builder: Any, block: Any) -> Any:
    return builder.icmp_unsigned("<", block, _all(32))


def _is_end(builder: Any, block: Any) -> Any:
    return builder.or_(_is('"', "\\")(builder, block), _is_low(builder, block))


quotes: Callable[[int], Any] = _bits(_is('"'))
"""Bits of quotes."""
slashes: Callable[[int], Any] = _bits(_is("\\"))
"""Bits of backslashes."""
opening: Callable[[int], Any] = _bits(_is("{", "["))
"""Bits of brackets that open."""
closing: Callable[[int], Any] = _bits(_is("}", "]"))
"""Bits of brackets that close."""
low: Callable[[int], Any] = _bits(_is_low)
"""Bits of letters below a space."""
ends: Callable[[int], Any] = _bits(_is_end)
"""Bits of what a plain text ends at: quotes, backslashes, letters below a space."""
feeds: Callable[[int], Any] = _bits(_is("\n"))
"""Bits of line feeds."""


def _moved(context: Any, to: Any, begin: Any) -> Any:
    del context, to, begin

    def code(_: Any, builder: Any, __: Any, given: Any) -> Any:
        to, begin = (builder.inttoptr(one, _BLOCK.as_pointer()) for one in given)
        builder.store(builder.load(begin, align=1), to, align=1)

    return types.void(types.int64, types.int64), code


moved: Callable[[int, int], None] = cast("Callable[[int, int], None]", intrinsic(_moved))
"""Copies sixty-four bytes: where to, where from."""


def _counting(name: str) -> Any:
    """Let loops count something of a number's bits: int64."""

    def asked(context: Any, bits: Any) -> Any:
        del context, bits

        def code(_: Any, builder: Any, __: Any, given: Any) -> Any:
            counted = builder.cttz(given[0], ir.Constant(ir.IntType(1), 0)) if name == "zeros" else None
            return counted if counted is not None else builder.ctpop(given[0])

        return types.int64(types.uint64), code

    return intrinsic(asked)


zeros: Callable[[Any], int] = _counting("zeros")
"""Counts the bits below the lowest that is set; 64 where none is."""
ones: Callable[[Any], int] = _counting("ones")
"""Counts the bits that are set."""


def _folded(context: Any, one: Any, other: Any) -> Any:
    del context, one, other

    def code(_: Any, builder: Any, __: Any, given: Any) -> Any:
        product = builder.mul(*(builder.zext(side, _WIDE) for side in given))
        high = builder.trunc(builder.lshr(product, ir.Constant(_WIDE, 64)), _LONG)
        return builder.xor(high, builder.trunc(product, _LONG))

    return types.uint64(types.uint64, types.uint64), code


folded: Any = intrinsic(_folded)
"""Returns both halves of a product of 128 bits, one laid over the other: uint64."""
