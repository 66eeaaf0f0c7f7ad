"""Bodies and names made to break what reads them, shared by the tests of every door."""

import json

HEAD = b'{"messageId":"m1","userId":"u1","event":"e","properties":'


def props(text):
    """An event whose property ``v`` is given as JSON text."""
    return HEAD + b'{"v":' + (text if isinstance(text, bytes) else text.encode()) + b"}}"


CORPUS = {
    "NaN": props("NaN"),
    "Infinity": props("-Infinity"),
    "1e400": props("1e400"),
    "10^40": props("1" + "0" * 40),
    "10^400": props("1" + "0" * 400),
    "10^5000": props("1" + "0" * 5000),
    "1e-400": props("1e-400"),
    "invalid UTF-8": props(b'"\xff\xfe"'),
    "overlong UTF-8": props(b'"\xc0\x80"'),
    "a surrogate in UTF-8": props(b'"\xed\xa0\x80"'),
    "a lone surrogate": props(r'"\ud800"'),
    "two low surrogates": props(r'"\udc00\udc00"'),
    "a raw NUL": props(b'"a\x00b"'),
    "a NUL": props(r'"a\u0000b"'),
    "a NUL in a name": HEAD + rb'{"a\u0000b":1}}',
    "a NUL in the event": rb'{"userId":"u","event":"a\u0000b"}',
    "a backslash before u0000": props(r'"a\\u0000b"'),
    "doubled messageId": b'{"messageId":"a","messageId":"b","userId":"u","event":"e"}',
    "doubled type": b'{"type":"track","type":"page","userId":"u","event":"e"}',
    "doubled name within": HEAD + b'{"a":1,"a":2}}',
    "properties an array": HEAD + b"[1,2]}",
    "properties a text": HEAD + b'"x"}',
    "properties null": HEAD + b"null}",
    "depth 30": props("[" * 29 + "]" * 29),
    "depth 100": props("[" * 100 + "]" * 100),
    "depth 900": props('{"a":' * 900 + "1" + "}" * 900),
    "depth 5,000": props("[" * 5000 + "]" * 5000),
    "depth 100,000": props("[" * 100_000 + "]" * 100_000),
    "only openings": b"[" * 400_000,
    "brackets in a text": props('"' + "[" * 1000 + '"'),
    "3,000 names": HEAD + json.dumps({f"k{n}": n for n in range(3000)}).encode() + b"}",
    "a name of 20 kB": HEAD + json.dumps({"k" * 20_000: 1}).encode() + b"}",
    "an event of 40 kB": props(json.dumps("x" * 40_000)),
    "a body of 1 MB": props(json.dumps("x" * 1_000_000)),
    "nothing": b"",
    "null": b"null",
    "an array": b"[]",
    "a number": b"1",
    "BOM": b"\xef\xbb\xbf" + props("1"),
    "UTF-16": props("1").decode().encode("utf-16"),
    "random bytes": bytes(range(256)),
    "year 9999 at +14:00": HEAD[:-13] + b'"timestamp":"9999-12-31T23:59:59+14:00"}',
    "year 1 at +14:00": HEAD[:-13] + b'"timestamp":"0001-01-01T00:00:00+14:00"}',
    "a time without zone": HEAD[:-13] + b'"timestamp":"2026-01-01T00:00:00"}',
    "a time as a number": HEAD[:-13] + b'"timestamp":1767225600123}',
    "a time too far": HEAD[:-13] + b'"timestamp":1e300}',
    "userId 2^63": b'{"userId":9223372036854775808,"event":"e"}',
    "userId 10^30": b'{"userId":1000000000000000000000000000000,"event":"e"}',
    "userId a fraction": b'{"userId":1.5,"event":"e"}',
    "separators of lines": props('"\u2028\u202e\u0085"'),
    "a line feed in a name": HEAD + rb'{"a\nb":1}}',
    "a group's end": props(r'"x\n{\"g\":[1,2]}\n"'),
    "a group's end as a name": HEAD + b'{"}\\n{\\"g\\":[0,0]}\\n":1}}',
    "a formula": props(json.dumps('=HYPERLINK("http://x","y")')),
    "a script": props(json.dumps("<script>alert(1)</script>")),
    "SQL": props(json.dumps("'); drop table events; --")),
    "pretty": json.dumps(json.loads(props("1")), indent=4).encode(),
    "data= and nothing": b"data=",
    "data= and rubbish": b"data=%%%",
}

NAMES = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'); drop table events; --",
    "{{7*7}}${7*7}<%= 7*7 %>",
    '=HYPERLINK("http://x","y")',
    "javascript:alert(1)",
    "\u202eevil\u2028\u0000",
    "../../etc/passwd",
    "x" * 3_000,
    "9" * 400,
    "-1",
)
"""Names, as a person, a site or an address may give them."""
