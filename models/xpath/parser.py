"""An XPath 1.0 expression as a tree. Pure: it says what is written, not what it selects."""

from dataclasses import dataclass
from typing import Final, NoReturn

from models.xpath.tokens import NoXPath, TooMuch, tokens_of

_MAX_DEPTH: Final = 40  # of brackets in each other
_MAX_OPERATORS: Final = 100
_AXES: Final = frozenset({
    "ancestor", "ancestor-or-self", "attribute", "child", "descendant", "descendant-or-self",
    "following", "following-sibling", "namespace", "parent", "preceding", "preceding-sibling",
    "self",
})  # fmt: skip
_NODE_TYPES: Final = frozenset({"comment", "node", "processing-instruction", "text"})
_LEVELS: Final = (("or",), ("and",), ("=", "!="), ("<", "<=", ">", ">="), ("+", "-"),
                  ("* ", "div", "mod"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Literal:
    """A text in quotes."""

    value: str


@dataclass(frozen=True, slots=True)
class Number:
    """A number, as in a position."""

    value: float


@dataclass(frozen=True, slots=True)
class Variable:
    """`$name`, which no rule can have."""

    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments."""

    name: str
    arguments: tuple["Expression", ...] = ()


@dataclass(frozen=True, slots=True)
class Operation:
    """Two values and what stands between: `and`, `or`, `=`, `<`, `|`, `+`, `* ` and so on."""

    operator: str
    left: "Expression"
    right: "Expression"


@dataclass(frozen=True, slots=True)
class Negative:
    """A value with a minus before it."""

    value: "Expression"


@dataclass(frozen=True, slots=True)
class Filtered:
    """An expression in brackets or a call, with predicates behind it, as in `(//p)[1]`."""

    value: "Expression"
    predicates: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a path: `axis::test[predicate]`."""

    axis: str
    test: str  # a name, "*", or a node type such as "text()"
    predicates: tuple["Expression", ...] = ()
    is_deep: bool = False  # `//` before it, so from each node at or below the one before


@dataclass(frozen=True, slots=True)
class Path:
    """Steps from the root of the page, from what `start` selects, or from the node at hand."""

    steps: tuple[Step, ...]
    is_rooted: bool = False
    start: "Expression | None" = None


Expression = Literal | Number | Variable | Call | Operation | Negative | Filtered | Path


def parse_xpath(text: str) -> Expression:
    """Raises NoXPath, with the place, for what is no expression, TooMuch for what nobody writes."""
    parser = _Parser(text)
    found = parser.expression()
    if parser.kind != "end":
        parser.refuse()
    return found


class _Parser:
    """Reads from left to right, one token ahead."""

    def __init__(self, text: str) -> None:
        self._tokens = tokens_of(text)
        self._next = self._depth = self._operators = 0

    @property
    def kind(self) -> str:
        """Of the next token: `literal`, `number`, `name`, `operator`, `sign` or `end`."""
        return self._tokens[self._next][0]

    @property
    def _word(self) -> str:
        return self._tokens[self._next][1]

    def expression(self, level: int = 0) -> Expression:
        if level == len(_LEVELS):
            return self._unary()
        left = self.expression(level + 1)
        while self.kind in ("operator", "sign") and self._word in _LEVELS[level]:
            left = self._operation(self._take(), left, self.expression(level + 1))
        return left

    def refuse(self) -> NoReturn:
        kind, word, place = self._tokens[self._next]
        what = "it ends too early" if kind == "end" else f"{word.strip()!r} is not expected"
        raise NoXPath(f"no XPath: {what} at character {place}")

    def _unary(self) -> Expression:
        minus = 0
        while self._skip("-"):
            minus += 1
        left = self._path()
        while self._skip("|"):
            left = self._operation("|", left, self._path())
        for _ in range(minus):
            left = Negative(left)
        return left

    def _operation(self, operator: str, left: Expression, right: Expression) -> Operation:
        self._operators += 1
        if self._operators > _MAX_OPERATORS:
            raise TooMuch(f"an XPath with more than {_MAX_OPERATORS} operators")
        return Operation(operator, left, right)

    def _path(self) -> Expression:
        if self._word in ("/", "//") and self.kind == "sign":
            is_deep = self._take() == "//"
            if not is_deep and not self._begins_step():
                return Path((), is_rooted=True)
            return Path(self._steps(is_deep), is_rooted=True)
        if not self._begins_value():
            return Path(self._steps(is_deep=False))
        value, predicates = self._primary(), self._predicates()
        found = Filtered(value, predicates) if predicates else value
        if self.kind == "sign" and self._word in ("/", "//"):
            return Path(self._steps(self._take() == "//"), start=found)
        return found

    def _begins_value(self) -> bool:
        if self.kind == "name":
            after = self._tokens[self._next + 1][1]
            return after == "(" and self._word not in _NODE_TYPES
        return self.kind in ("literal", "number") or self._word in ("(", "$")

    def _begins_step(self) -> bool:
        return self.kind == "name" or (self.kind == "sign" and self._word in (".", "..", "@", "*"))

    def _primary(self) -> Expression:
        if self.kind == "literal":
            return Literal(self._take()[1:-1])
        if self.kind == "number":
            return Number(float(self._take()))
        if self._skip("$"):
            return Variable(self._name())
        if self._skip("("):
            found = self._inner()
            self._require(")")
            return found
        name, arguments = self._name(), []
        self._require("(")
        if not self._skip(")"):
            arguments.append(self._inner())
            while self._skip(","):
                arguments.append(self._inner())
            self._require(")")
        return Call(name, tuple(arguments))

    def _steps(self, is_deep: bool) -> tuple[Step, ...]:
        steps = [self._step(is_deep=is_deep)]
        while self.kind == "sign" and self._word in ("/", "//"):
            steps.append(self._step(is_deep=self._take() == "//"))
        return tuple(steps)

    def _step(self, *, is_deep: bool) -> Step:
        for sign, axis in ((".", "self"), ("..", "parent")):
            if self._skip(sign):
                return Step(axis, "node()", (), is_deep)
        axis = "attribute" if self._skip("@") else "child"
        if axis == "child" and self._tokens[min(self._next + 1, len(self._tokens) - 1)][1] == "::":
            if self._word not in _AXES:
                self.refuse()
            axis = self._take()
            self._require("::")
        test = self._take() if self.kind == "sign" and self._word == "*" else self._name()
        if test in _NODE_TYPES and self._skip("("):
            named = self._take() if self.kind == "literal" else ""
            if named and test != "processing-instruction":
                self.refuse()
            self._require(")")
            test = f"{test}({named})"
        return Step(axis, test, self._predicates(), is_deep)

    def _predicates(self) -> tuple[Expression, ...]:
        found = []
        while self._skip("["):
            found.append(self._inner())
            self._require("]")
        return tuple(found)

    def _inner(self) -> Expression:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise TooMuch(f"an XPath with more than {_MAX_DEPTH} brackets in each other")
        found = self.expression()
        self._depth -= 1
        return found

    def _name(self) -> str:
        if self.kind != "name":
            self.refuse()
        return self._take()

    def _require(self, sign: str) -> None:
        if not self._skip(sign):
            self.refuse()

    def _skip(self, sign: str) -> bool:
        found = self.kind == "sign" and self._word == sign
        self._next += found
        return found

    def _take(self) -> str:
        self._next += 1
        return self._tokens[self._next - 1][1]
