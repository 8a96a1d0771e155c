# SPDX-License-Identifier: GPL-3.0-or-later
"""Where C source can be changed, and into what: the classical operators of mutation testing.

Works on the text, by the style of this project: binary operators have a space on both sides,
unary ones have none behind, and every body has braces.
"""

import bisect
import collections
import re

# A change of source: text[begin:end] becomes new.
Point = collections.namedtuple("Point", "operator begin end new")

RELATIONS = {"<": ("<=", ">="), "<=": ("<", ">"), ">": (">=", "<="), ">=": (">", "<"),
             "==": ("!=",), "!=": ("==",)}
ARITHMETIC = {"+": ("-",), "-": ("+",), "*": ("/",), "/": ("*",), "%": ("/",), "+=": ("-=",),
              "-=": ("+=",), "*=": ("/=",)}
BITS = {"&": ("|",), "|": ("&",), "^": ("|",), "<<": (">>",), ">>": ("<<",), "|=": ("&=",),
        "&=": ("|=",)}
LOGIC = {"&&": ("||",), "||": ("&&",)}
BINARY = re.compile(r"(?<=[\w)\]] )(?:[<>=!]=|<<|>>|&&|\|\||[-+*|&]=|[-+*/%&|^<>])(?=\s)")
# A code returned in one place could be returned in another.
RETURNS = {"true": "false", "false": "true", "STEER_OK": "STEER_EINVAL", "GO_ON": "STEER_OK",
           "EXIT_DONE": "EXIT_REFUSED", "EXIT_REFUSED": "EXIT_DONE", "EXIT_STORE": "EXIT_DONE",
           "EXIT_USAGE": "EXIT_DONE", "KNOT_EOK": "KNOT_EINVAL", "0": "-1"}
NUMBER = re.compile(r"(?<![\w.])(0[xX][0-9a-fA-F]+|\d+)([uUlL]*)(?![\w.])")
CALL = re.compile(r"(?:\(void\))?[a-z_]\w*\s*\(")
ASSIGNMENT = re.compile(r"[*(]*[A-Za-z_][\w.\[\]()>*+-]*\s(?:[-+*/|&^%]|<<|>>)?=\s")
STEP = re.compile(r"(?:\+\+|--)?[A-Za-z_][\w.\[\]>-]*(?:\+\+|--)?$")
JUMP = re.compile(r"(?:break|continue)$")
WORDS = {"if", "for", "while", "switch", "return", "sizeof", "do", "else", "case", "default",
         "goto", "_Static_assert", "static_assert"}


def blanked(text):
    """The text with comments, strings, characters and directives as spaces, except for numbers
    that are #defined."""
    def spaces(match):
        return re.sub(r"[^\n]", " ", match.group())

    def directive(match):
        defined = re.fullmatch(r"(#\s*define\s+\w+\s+)(\(?\d\w*\)?[^\\\"]*)", match.group())
        return " " * len(defined[1]) + defined[2] if defined else spaces(match)
    text = re.sub(r"//[^\n]*|/\*.*?\*/|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'", spaces, text,
                  flags=re.S)
    return re.sub(r"^[ \t]*#(?:[^\n\\]|\\.|\\\n)*", directive, text, flags=re.M)


def bodies(code):
    """Bodies of functions: (begin, end), without their braces."""
    depth = begin = 0
    for match in re.finditer(r"[{}]", code):
        if match.group() == "{":
            if depth == 0:
                begin = match.end() if re.search(r"\)\s*$", code[:match.start()]) else None
            depth += 1
        else:
            depth -= 1
            if depth == 0 and begin is not None:
                yield begin, match.start()


def closing(code, at):
    """Position after the bracket that closes the one at a position."""
    depth = 0
    for i in range(at, len(code)):
        depth += (code[i] in "([{") - (code[i] in ")]}")
        if depth == 0:
            return i + 1
    return None


def statements(code, begin, end):
    """Simple statements in a body: (begin, end), the end after the semicolon."""
    at = begin
    for match in re.finditer(r"[;{}:(]", code[begin:end]):
        here = begin + match.start()
        if here < at:
            continue
        if match.group() == "(":
            at_close = closing(code, here)
            if at_close is None:
                return
            word = re.search(r"(\w+)\s*$", code[at:here])
            if word and word.group(1) in ("if", "for", "while", "switch"):
                at = at_close
                continue
            found = re.compile(r"[;{]").search(code, at_close, end)
            if found is None or found.group() == "{":
                at = at_close
                continue
            yield at + len(code[at:]) - len(code[at:].lstrip()), found.end()
            at = found.end()
        elif match.group() == ";":
            yield at + len(code[at:]) - len(code[at:].lstrip()), here + 1
            at = here + 1
        elif match.group() != ":" or re.match(r"\s*(?:case\b[^?]*|default|\w+)$", code[at:here]):
            at = here + 1


def numbers(match):
    digits, suffix = match.groups()
    base, form = (16, "0x{:X}{}") if digits[:2] in ("0x", "0X") else \
        (8, "0{:o}{}") if digits[0] == "0" and digits != "0" else (10, "{}{}")
    value = int(digits, base)
    return [form.format(new, suffix) for new in (value + 1, value - 1) if new >= 0]


def operators_in(code, begin, end):
    for match in BINARY.finditer(code, begin, end):
        old = match.group()
        for name, table in (("relation", RELATIONS), ("arithmetic", ARITHMETIC), ("bits", BITS),
                            ("logic", LOGIC)):
            for new in table.get(old, ()):
                yield Point(name, *match.span(), new)
    for match in re.finditer(r"\+\+|--", code[begin:end]):
        at = begin + match.start()
        yield Point("arithmetic", at, at + 2, "--" if match.group() == "++" else "++")
    for match in re.finditer(r"(?<![\w)\]])!(?!=)", code[begin:end]):
        yield Point("not dropped", begin + match.start(), begin + match.end(), "")
    for match in NUMBER.finditer(code, begin, end):
        for new in numbers(match):
            yield Point("constant", *match.span(), new)


def conditions_in(code, begin, end):
    for match in re.finditer(r"\b(?:if|while) \(", code[begin:end]):
        opening = begin + match.end() - 1
        close = closing(code, opening)
        if close is not None:
            yield Point("condition negated", opening, close, "(!" + code[opening:close] + ")")


def statements_in(code, begin, end, early):
    """Dropped statements, other return codes, early returns."""
    for first, last in statements(code, begin, end):
        text = code[first:last - 1]
        word = re.match(r"\w*", text).group()
        if word == "return":
            value = text[len("return"):].strip()
            if value in RETURNS or re.fullmatch(r"STEER_E\w+", value):
                at = first + text.index(value, len("return"))
                yield Point("return code", at, at + len(value), RETURNS.get(value, "STEER_OK"))
            continue
        runs = word not in WORDS and (CALL.match(text) or ASSIGNMENT.match(text) or
                                      STEP.match(text) and re.search(r"\+\+|--", text))
        if runs or JUMP.match(text):
            yield Point("statement dropped", first, last, ";")
        if runs:
            yield Point("early return", first, first, early + " ")


def early_return(code, begin):
    """A statement that ends a function early, by the head before its body."""
    head = re.split(r"[;}]", code[:begin - 1])[-1]
    return "return;" if re.match(r"\s*(?:[\w ]*\bstatic |inline |__attribute__\(\(\w+\)\) |\s)*"
                                 r"void\s+\w", head) else "return 0;"


def points_of(text):
    """All points of a source text, by operator."""
    code = blanked(text)
    found = collections.defaultdict(list)
    defines = [match.span() for match in re.finditer(r"^[ \t]*#\s*define\b[^\n]*", text, re.M)]
    for begin, end in defines:
        for match in NUMBER.finditer(code, begin, end):
            found["constant"] += [Point("constant", *match.span(), new)
                                  for new in numbers(match)]
    for begin, end in bodies(code):
        points = [*operators_in(code, begin, end), *conditions_in(code, begin, end),
                  *statements_in(code, begin, end, early_return(code, begin))]
        for point in points:
            found[point.operator].append(point)
    # A condition is taken from the text, with its strings.
    found["condition negated"] = [point._replace(new=f"(!{text[point.begin:point.end]})")
                                  for point in found["condition negated"]]
    return found


def line_of(text, at):
    """Number of a line, from 1."""
    return bisect.bisect_right([match.start() for match in re.finditer(r"\n", text)], at - 1) + 1


def changed(text, point):
    return text[:point.begin] + point.new + text[point.end:]
