"""Countries by ISO code with the Korean names people use (S42).

Names come from Unicode CLDR through Babel, with seven shortened to everyday use; territories that
are no countries of ISO 3166-1 (the EU, test codes …) are left out.
"""

from functools import cache

from babel import Locale

NOT_COUNTRIES = frozenset(
    {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ"}
)
EVERYDAY_NAMES = {
    "CD": "콩고민주공화국",
    "CG": "콩고공화국",
    "HK": "홍콩",
    "MO": "마카오",
    "PS": "팔레스타인",
    "TR": "튀르키예",
    "VA": "바티칸",
}
# Korea's usual export destinations go first, so that most companies need not search.
USUAL_DESTINATIONS = (
    "CN", "US", "VN", "JP", "HK", "TW", "IN", "SG", "MY", "ID", "TH", "PH", "AU", "DE", "GB",
    "FR", "NL", "PL", "TR", "AE", "SA", "MX", "BR", "CA",
)  # fmt: skip


@cache
def country_names() -> dict[str, str]:
    """Return the Korean name of every country by its alpha-2 code, in Korean order."""
    territories = Locale("ko").territories
    names = {
        code: EVERYDAY_NAMES.get(code, name)
        for code, name in territories.items()
        if len(code) == 2 and code.isalpha() and code not in NOT_COUNTRIES
    }
    return dict(sorted(names.items(), key=lambda entry: entry[1]))


def country_name(code: str) -> str:
    """Return a country's Korean name; an unknown code is returned as it came."""
    return country_names().get(code, code)


def country_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the choices in two groups: the usual destinations, then all the others."""
    names = country_names()
    usual = [(code, names[code]) for code in USUAL_DESTINATIONS]
    others = [(code, name) for code, name in names.items() if code not in USUAL_DESTINATIONS]
    return [("자주 고르는 나라", usual), ("그 밖의 나라", others)]
