"""Small slips put into a module's syntax tree, one at a time: what a test has to notice.

Left alone: annotations, decorators, asserts, sentences and other texts that are no numbers. A slip changes one
comparison, operator, number, condition, result or statement.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

MODULE = "(module)"  # stands for a function's name where a slip is in none
LONGEST = 110  # signs of a slip that are told
COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
NAMES = {"min": "max", "max": "min", "any": "all", "all": "any"}
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
# Fields that people and type checkers read, not the running program.
UNTOUCHED = {"annotation", "returns", "decorator_list", "bases", "type_comment", "format_spec"}


@dataclass(frozen=True)
class Mutant:
    """One slip: the node at `field` (and `index`) of `parent` becomes `node`."""

    where: str
    line: int
    lines: range  # of the statement it is in
    was: str
    now: str
    number: int  # which of several alike in this function
    parent: ast.AST
    field: str
    index: int | None
    node: ast.AST

    @property
    def name(self) -> str:
        """The same as long as the code around it stays."""
        return f"{self.where}: {self.was} -> {self.now}" + (f" #{self.number}" if self.number > 1 else "")

    def put(self) -> None:
        """Into the tree that it was made from; for good."""
        if self.index is None:
            setattr(self.parent, self.field, self.node)
        else:
            getattr(self.parent, self.field)[self.index] = self.node


def mutants(path: Path) -> tuple[ast.Module, list[Mutant]]:
    """The tree of a module and every slip that can be put into it, in the order of its lines."""
    tree = ast.parse(path.read_text("utf-8"), str(path))
    found: list[Mutant] = []
    seen: dict[tuple[str, str, str], int] = {}
    for where, span, parent, field, index, node in _places(tree, MODULE, range(0)):
        for changed in _changes(node, parent, field, in_function=where != MODULE):
            ast.copy_location(changed, node)
            ast.fix_missing_locations(changed)
            was, now = _shown(node), _shown(changed)
            if was == now:
                continue
            seen[where, was, now] = number = seen.get((where, was, now), 0) + 1
            line = getattr(node, "lineno", span.start)
            found.append(Mutant(where, line, span, was, now, number, parent, field, index, changed))
    return tree, found


def _places(node: ast.AST, where: str, span: range) -> Iterator[tuple[str, range, ast.AST, str, int | None, ast.AST]]:
    """Every node that may be changed, with the function and the lines it stands in."""
    for field, value in ast.iter_fields(node):
        if field in UNTOUCHED:
            continue
        for index, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if not isinstance(child, ast.AST) or _left_alone(child) or _docstring(node, field, index):
                continue
            inside, lines = where, span
            if isinstance(child, ast.stmt):
                body = getattr(child, "body", None)
                last = body[0].lineno - 1 if body else child.end_lineno or child.lineno
                lines = range(child.lineno, max(last, child.lineno) + 1)
            elif isinstance(child, ast.expr | ast.comprehension) and span.stop == 0:
                lines = range(getattr(child, "lineno", 0), getattr(child, "end_lineno", 0) + 1)
            yield where, lines, node, field, index, child
            if isinstance(child, ast.FunctionDef | ast.ClassDef):
                inside = child.name if where == MODULE else f"{where}.{child.name}"
            yield from _places(child, inside, lines)


def _left_alone(node: ast.AST) -> bool:
    """An assert, or the `strict` of a zip: they speak up if we were wrong, and do nothing else."""
    return isinstance(node, ast.Assert) or (isinstance(node, ast.keyword) and node.arg == "strict")


def _docstring(node: ast.AST, field: str, index: int | None) -> bool:
    if field != "body" or index is None or not isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
        return False
    statement = node.body[index]
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _changes(node: ast.AST, parent: ast.AST, field: str, *, in_function: bool) -> Iterator[ast.AST]:
    """What may stand in the place of a node."""
    if isinstance(node, ast.stmt):
        yield from _statements(node)
    elif isinstance(node, ast.expr):
        yield from _expressions(node, in_function=in_function)
    if isinstance(node, ast.Name) and node.id in NAMES and isinstance(parent, ast.Call) and field == "func":
        yield ast.Name(NAMES[node.id], ast.Load())
    condition = (field == "test" and isinstance(parent, ast.If | ast.IfExp | ast.While)) or field in {"ifs", "guard"}
    if condition and isinstance(node, ast.expr) and not isinstance(node, ast.Compare | ast.UnaryOp):
        yield ast.UnaryOp(ast.Not(), node)
    if field in {"ifs", "guard"}:
        yield ast.Constant(value=True)


def _statements(node: ast.stmt) -> Iterator[ast.AST]:
    match node:
        case ast.AugAssign() if type(node.op) in OPERATORS:
            yield ast.AugAssign(node.target, OPERATORS[type(node.op)](), node.value)
        case ast.Return() if node.value is not None and not _is_none(node.value):
            yield ast.Return(ast.Constant(None))
        case ast.Raise() | ast.Expr(value=ast.Call() | ast.Yield()):
            yield ast.Pass()
        case ast.Continue():
            yield ast.Break()
        case ast.Break():
            yield ast.Continue()


def _expressions(node: ast.expr, *, in_function: bool) -> Iterator[ast.AST]:
    match node:
        case ast.Compare():
            for at, operator in enumerate(node.ops):
                for other in COMPARISONS[type(operator)]:
                    operators = [*node.ops[:at], other(), *node.ops[at + 1 :]]
                    yield ast.Compare(node.left, operators, node.comparators)
        case ast.BoolOp():
            yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
            for at in range(len(node.values)):
                left = node.values[:at] + node.values[at + 1 :]
                yield left[0] if len(left) == 1 else ast.BoolOp(node.op, left)
        case ast.UnaryOp(op=ast.Not() | ast.USub()):
            yield node.operand
        case ast.BinOp() if type(node.op) in OPERATORS:
            if in_function or not isinstance(node.op, ast.BitOr | ast.BitAnd):  # `A | None` names a type there
                yield ast.BinOp(node.left, OPERATORS[type(node.op)](), node.right)
        case ast.Constant():
            yield from _constants(node.value)


def _constants(value: object) -> Iterator[ast.Constant]:
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, int | float):
        yield ast.Constant(value + 1)
        if value > 0:
            yield ast.Constant(value - 1)
    elif isinstance(value, str) and NUMBER.fullmatch(value):
        number = Decimal(value)
        yield ast.Constant(str(number + Decimal(1).scaleb(int(number.as_tuple().exponent))))


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _shown(node: ast.AST) -> str:
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 8]}… ({sum(map(ord, text)) % 9973})"
