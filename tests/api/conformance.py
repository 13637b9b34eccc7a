"""Requests made from the API's own description, and a check of answers against it."""

import re
import string

from hypothesis import strategies as st

from config.api import api

DESCRIPTION = api.get_openapi_schema()
METHODS = ("get", "post", "patch")
TYPES = {
    "string": str, "integer": int, "number": (int, float), "boolean": bool, "array": list,
    "object": dict, "null": type(None),
}  # fmt: skip
DATES = {"date": st.dates(), "date-time": st.datetimes(), "uuid": st.uuids()}
SIGNS = st.sampled_from(string.ascii_letters + "가나다 %<&\"'")


def resolved(schema):
    """Follow a reference inside the description."""
    while "$ref" in schema:
        schema = DESCRIPTION["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    return schema


def operations():
    """Yield (method, path, operation) of everything that is described."""
    for path, found in DESCRIPTION["paths"].items():
        for method in METHODS:
            if method in found:
                yield method, path, found[method]


def values(schema):
    """Return a strategy of values that fit a schema."""
    schema = resolved(schema)
    if "enum" in schema or "const" in schema:
        return st.sampled_from(schema.get("enum") or [schema["const"]])
    if "anyOf" in schema:
        return st.one_of([values(option) for option in schema["anyOf"]])
    kind = schema.get("type")
    if kind == "object":
        return objects(schema)
    if kind == "array":
        return st.lists(values(schema.get("items", {})), max_size=3)
    if kind == "integer":
        return st.integers(schema.get("minimum", -9), schema.get("maximum", 9_999))
    if kind == "boolean":
        return st.booleans()
    if kind == "null":
        return st.none()
    return texts(schema)


def texts(schema):
    """Return a strategy of strings: dates and UUIDs by their format, others within their length."""
    form = schema.get("format")
    if form == "date-time":
        return DATES[form].map(lambda moment: f"{moment.isoformat(timespec='seconds')}+09:00")
    if form in DATES:
        return DATES[form].map(str)
    length = {"min_size": schema.get("minLength", 0), "max_size": schema.get("maxLength", 40)}
    pattern = schema.get("pattern", "")
    if pattern and "\\x00" not in pattern:
        return st.from_regex(re.compile(pattern, re.ASCII), fullmatch=True).filter(
            lambda text: length["min_size"] <= len(text) <= length["max_size"]
        )
    return st.text(SIGNS, **length)


def objects(schema):
    """Return a strategy of objects with what is required and some of what is not."""
    required = set(schema.get("required", []))
    known = {name: values(part) for name, part in schema.get("properties", {}).items()}
    return st.fixed_dictionaries(
        {name: part for name, part in known.items() if name in required},
        optional={name: part for name, part in known.items() if name not in required},
    )


def faults_of(value, schema, *, where="$"):
    """Yield what in a value does not fit its schema."""
    schema = resolved(schema)
    if "anyOf" in schema:
        if all(list(faults_of(value, option, where=where)) for option in schema["anyOf"]):
            yield f"{where}: {value!r} fits no option"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{where}: {value!r} is none of {schema['enum']}"
    kind = schema.get("type")
    if kind and not isinstance(value, TYPES[kind]):
        yield f"{where}: {value!r} is no {kind}"
    elif kind == "object":
        yield from faults_of_object(value, schema, where=where)
    elif kind == "array":
        for number, item in enumerate(value):
            yield from faults_of(item, schema.get("items", {}), where=f"{where}[{number}]")


def faults_of_object(value, schema, *, where):
    """Yield what an object lacks, and what is wrong inside it."""
    missing = [name for name in schema.get("required", []) if name not in value]
    yield from (f"{where}.{name} is missing" for name in missing)
    for name, part in schema.get("properties", {}).items():
        if name in value:
            yield from faults_of(value[name], part, where=f"{where}.{name}")
