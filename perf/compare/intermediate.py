"""What the optimised LLVM IR of a function still says about exits: whether it can return a status that is not 0.

Reads the text that `volt compile --emit=ir` prints. What it does not understand counts as an exit that is kept, so
"proved away" is only said of functions where nothing is left.
"""

import re

KEPT, TRIVIAL, UNWINDS, PROVED_AWAY = "kept", "trivial", "unwinds", "no status: LLVM proved it away"

FUNCTION = re.compile(r"^define (?P<head>[^\n]*?)@(?P<name>[\w.$-]+)\([^\n]*\{\n(?P<body>.*?)^\}", re.MULTILINE | re.DOTALL)
DEFINITION = re.compile(r"^  (?P<name>%[\w.$-]+) = (?P<what>.*)$", re.MULTILINE)
RETURN = re.compile(r"^  ret (?P<type>\{[^}]*\}|i\d+) (?P<value>.*?)(?:, !.*)?$", re.MULTILINE)
INSERT = re.compile(r"insertvalue \{[^}]*\} (?P<whole>.+?), \w+ (?P<part>[^\s,]+), (?P<index>\d+)")
PHI = re.compile(r"\[ (.*?), %[\w.$-]+ \]")
SELECT = re.compile(r"select i1 [^,]+, (?:\{[^}]*\}|\w+) (.+), (?:\{[^}]*\}|\w+) (.+)")
HOST_CALL = re.compile(r"(?:call|invoke) [^\n]*@volt_(?:helper|thunk)_")
RESULTS = r"^fn {function} [^\n]*\bresults=(\d+)"
ANYTHING = "anything"


def functions(ir):
    return {match["name"]: match for match in FUNCTION.finditer(ir)}


def inner_form(ir, function):
    """The form of a function that compiled callers reach; where it has a trivial form, that one recurs."""
    forms = functions(ir)
    for suffix in ("_trivial", ""):
        for name, found in forms.items():
            if re.fullmatch(rf"volt_f\d+_{re.escape(function)}{suffix}", name):
                return found
    return None


def body_of_rest(ir, form):
    """Where the inner form goes on by a tail call, if it does."""
    rest = functions(ir).get(f"{form['name']}_rest")
    return rest["body"] if rest else ""


def statuses(value, index, definitions, seen=None):
    """Constants that the element `index` of a value can be (of the value itself if None), ANYTHING among them."""
    seen = set() if seen is None else seen
    if value in ("poison", "undef", "zeroinitializer"):
        return {"0"}  # a result without a value: the optimiser chose that no status is meant
    if value.startswith("{"):
        return {value.strip("{} ").split(",")[index].split()[-1]}
    if not value.startswith("%"):
        return {value}
    if value in seen:
        return set()
    return statuses_of_definition(definitions.get(value, ""), index, definitions, seen | {value})


def statuses_of_definition(what, index, definitions, seen):
    insert = INSERT.match(what)
    if insert and index is not None:
        if int(insert["index"]) == index:
            return statuses(insert["part"], None, definitions, seen)
        return statuses(insert["whole"], index, definitions, seen)
    sources = PHI.findall(what) if what.startswith("phi ") else SELECT.findall(what)
    if not sources:
        return {ANYTHING}
    values = sources if what.startswith("phi ") else sources[0]
    return set().union(*(statuses(value, index, definitions, seen) for value in values))


def returned_statuses(form, results):
    """What the form can return as its status; None where it returns results only."""
    definitions = {match["name"]: match["what"] for match in DEFINITION.finditer(form["body"])}
    found = set()
    for match in RETURN.finditer(form["body"]):
        elements = match["type"].count(",") + 1 if match["type"].startswith("{") else None
        if elements is not None and elements != results + 1:
            return None
        found |= statuses(match["value"], None if elements is None else results, definitions)
    return found or None  # nothing but `ret void`: no results and no status


def exit_mark(ir, function, results):
    """One of the marks above; None where the function is not in the IR."""
    form = inner_form(ir, function)
    if not form:
        return None
    returned = returned_statuses(form, results)
    if returned is not None and returned != {"0"}:
        return TRIVIAL if form["name"].endswith("_trivial") else KEPT
    body = form["body"] + body_of_rest(ir, form)
    if not HOST_CALL.search(body):
        return PROVED_AWAY
    unwinds = "landingpad" in body or "@volt_helper_raise" in body
    return UNWINDS if returned is None and unwinds else KEPT


def results_of(text, function):
    """How many slots a function of a program returns, as its text says."""
    found = re.search(RESULTS.format(function=re.escape(function)), text, re.MULTILINE)
    return int(found[1]) if found else 0


def target_triple(ir):
    found = re.search(r'^target triple = "(.*)"$', ir, re.MULTILINE)
    return found[1] if found else None
