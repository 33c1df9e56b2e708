"""The names that templates may use besides Jinja's own, spelled as in Home Assistant; the last of
the filters are ours."""

import math
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hub.automations import template_facts as facts
from hub.automations import template_lists as lists
from hub.automations import template_numbers as numbers
from hub.automations import template_texts as texts
from hub.automations import template_times as times

_ANGLES = ("sin", "cos", "tan", "asin", "acos", "atan")

# Called: `name(value)`.
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "now": times.now,
    "utcnow": times.utcnow,
    "timedelta": timedelta,
    "min": min,
    "max": max,
    "zip": lists.zip_lists,
    "set": lists.as_set,
}

# Named: `pi`.
CONSTANTS = {"pi": math.pi, "e": math.e, "tau": math.tau}

# Called, or applied: `value | name`.
FILTERS: dict[str, Callable[..., Any]] = {
    "today_at": times.today_at,
    "as_datetime": times.as_datetime,
    "as_timestamp": times.as_timestamp,
    "as_local": times.as_local,
    "timestamp_custom": times.timestamp_custom,
    "timestamp_local": times.timestamp_local,
    "timestamp_utc": times.timestamp_utc,
    "strptime": times.strptime,
    "relative_time": times.relative_time,
    "from_json": texts.from_json,
    "to_json": texts.to_json,
    "regex_match": texts.regex_match,
    "regex_search": texts.regex_search,
    "regex_replace": texts.regex_replace,
    "regex_findall": texts.regex_findall,
    "regex_findall_index": texts.regex_findall_index,
    "slugify": texts.slugify,
    "ordinal": texts.ordinal,
    "md5": texts.md5,
    "sha1": texts.sha1,
    "sha256": texts.sha256,
    "sha512": texts.sha512,
    "base64_encode": texts.base64_encode,
    "base64_decode": texts.base64_decode,
    "from_hex": texts.from_hex,
    "pack": texts.pack,
    "unpack": texts.unpack,
    "float": numbers.to_float,
    "int": numbers.to_int,
    "bool": numbers.to_bool,
    "round": numbers.round_number,
    "add": numbers.add,
    "multiply": numbers.multiply,
    "average": numbers.average,
    "median": numbers.median,
    "log": numbers.log,
    "sqrt": numbers.sqrt,
    **{name: numbers.of_angle(getattr(math, name)) for name in _ANGLES},
    "atan2": numbers.atan2,
    "clamp": numbers.clamp,
    "iif": numbers.iif,
    "is_defined": numbers.is_defined,
    "combine": lists.combine,
    "flatten": lists.flatten,
    "difference": lists.difference,
    "intersect": lists.intersect,
    "union": lists.union,
    "symmetric_difference": lists.symmetric_difference,
    "random": lists.random_choice,
    "image_size": facts.image_size,
    "exif": facts.exif,
    "phash": facts.phash,
    "dominant_color": facts.dominant_color,
    "wildcard": facts.wildcard,
    "seed_from": facts.seed_from,
}

# Asked: `value is name(argument)`.
TESTS: dict[str, Callable[..., Any]] = {
    "match": texts.regex_match,
    "search": texts.regex_search,
    "contains": lists.contains,
    "is_number": numbers.is_number,
    "list": lists.is_list,
    "set": lists.is_set,
    "datetime": times.is_datetime,
    "string_like": texts.is_string_like,
}
