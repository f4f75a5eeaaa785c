# Each request is an intent of its own, unless its headers are what is being broken: the same key
# with another body is refused, as it should be, and would hide everything behind it.
import itertools

import schemathesis
from schemathesis.core.parameters import ParameterLocation

numbers = itertools.count()


@schemathesis.hook
def before_call(context, case, **kwargs):
    broken = case.meta is not None and case.meta.is_negative_at(ParameterLocation.HEADER)
    if case.headers and "Idempotency-Key" in case.headers and not broken:
        case.headers["Idempotency-Key"] = f'"schemathesis-{next(numbers)}"'
