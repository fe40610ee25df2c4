import ts from 'typescript';

/** One small change of one place in a source file. */
export interface Mutant {
  /** Unique among all files of a run. */
  readonly id: number;
  readonly line: number;
  readonly before: string;
  readonly after: string;
}

/** A source file that behaves as before until one of its mutants is switched on by `switchName`. */
export interface Mutated {
  readonly source: string;
  readonly mutants: readonly Mutant[];
}

/** The global function that says whether a mutant is the one to be tried: `(id: number) => boolean`. */
export const switchName = '__isMutant';

const swapped: ReadonlyMap<ts.SyntaxKind, readonly string[]> = new Map([
  [ts.SyntaxKind.LessThanToken, ['<=', '>=']],
  [ts.SyntaxKind.LessThanEqualsToken, ['<', '>']],
  [ts.SyntaxKind.GreaterThanToken, ['>=', '<=']],
  [ts.SyntaxKind.GreaterThanEqualsToken, ['>', '<']],
  [ts.SyntaxKind.EqualsEqualsEqualsToken, ['!==']],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken, ['===']],
  [ts.SyntaxKind.AmpersandAmpersandToken, ['||']],
  [ts.SyntaxKind.BarBarToken, ['&&']],
  [ts.SyntaxKind.PlusToken, ['-']],
  [ts.SyntaxKind.MinusToken, ['+']],
  [ts.SyntaxKind.AsteriskToken, ['/']],
  [ts.SyntaxKind.SlashToken, ['*']],
  [ts.SyntaxKind.PercentToken, ['*']],
  [ts.SyntaxKind.PlusEqualsToken, ['-=']],
  [ts.SyntaxKind.MinusEqualsToken, ['+=']],
]);

const swappedNames: ReadonlyMap<string, string> = new Map([
  ['some', 'every'],
  ['every', 'some'],
  ['min', 'max'],
  ['max', 'min'],
]);

/**
 * The source with all its mutants in it, of which each is off: a test runs many of them without compiling again.
 *
 * @param firstId the id of the first mutant; the others follow it
 * @param isWanted says which mutants are put in
 */
export function mutate(
  fileName: string,
  text: string,
  firstId: number,
  isWanted: (id: number) => boolean = () => true,
): Mutated {
  const file = ts.createSourceFile(fileName, text, ts.ScriptTarget.Latest, true);
  const mutants: Mutant[] = [];
  let nextId = firstId;

  /** Takes the mutants that are wanted, and answers their guarded texts, to be put before the original. */
  const taken = (node: ts.Node, alternatives: readonly string[]): [number, string][] => {
    const { line } = file.getLineAndCharacterOfPosition(node.getStart(file));
    return alternatives.flatMap((after): [number, string][] => {
      const id = nextId++;
      if (!isWanted(id)) return [];
      mutants.push({ id, line: line + 1, before: node.getText(file), after });
      return [[id, after]];
    });
  };

  /** The node's text from its full start, with its inner mutants in it. */
  const inner = (node: ts.Node): string => {
    let out = '';
    let at = node.getFullStart();
    node.forEachChild((child) => {
      // A shorthand's name, or a type left out, may lie where something else has been written already.
      if (child.getFullStart() < at) return;
      out += text.slice(at, child.getFullStart()) + render(child);
      at = child.end;
    });
    return out + text.slice(at, node.end);
  };

  const render = (node: ts.Node): string => {
    if (isOutside(node)) return text.slice(node.getFullStart(), node.end);
    const lead = text.slice(node.getFullStart(), node.getStart(file));
    if (isRemovable(node)) {
      const [removed] = taken(node, ['']);
      const whole = inner(node);
      if (removed === undefined) return whole;
      // In braces, or an `else` that follows would be this one's.
      return `${lead}{ if (!${switchName}(${removed[0]})) { ${whole.slice(lead.length)} } }`;
    }
    const own = taken(node, alternativesOf(node, file));
    const whole = inner(node);
    if (own.length === 0) return whole;
    const guards = own.map(([id, after]) => `${switchName}(${id}) ? (${after}) : `).join('');
    return `${lead}(${guards}(${whole.slice(lead.length)}))`;
  };

  const source = render(file) + text.slice(file.end);
  return { source, mutants };
}

/** What stands in no running code, or may not be an expression of another form. */
function isOutside(node: ts.Node): boolean {
  return (
    ts.isTypeNode(node) ||
    ts.isImportDeclaration(node) ||
    ts.isExportDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeParameterDeclaration(node) ||
    ts.isEnumDeclaration(node) ||
    (ts.isExpressionStatement(node) && ts.isStringLiteral(node.expression))
  );
}

function isRemovable(node: ts.Node): boolean {
  if (ts.isThrowStatement(node) || ts.isBreakOrContinueStatement(node)) return true;
  if (!ts.isExpressionStatement(node)) return false;
  const { expression } = node;
  // What a constructor must do first.
  return !(
    ts.isCallExpression(expression) && expression.expression.kind === ts.SyntaxKind.SuperKeyword
  );
}

function alternativesOf(node: ts.Node, file: ts.SourceFile): readonly string[] {
  const { parent } = node;
  const own = node.getText(file);
  if (parent !== undefined && isCondition(node, parent)) return [`!(${own})`];
  if (ts.isBinaryExpression(node)) return binaryAlternatives(node, file);
  if (ts.isConditionalExpression(node)) {
    const [condition, yes, no] = [node.condition, node.whenTrue, node.whenFalse].map((part) =>
      part.getText(file),
    );
    return [`${condition} ? ${no} : ${yes}`];
  }
  if (ts.isNumericLiteral(node) && !isName(node, parent)) return [`${own} + 1`, `${own} - 1`];
  if (ts.isBigIntLiteral(node)) return [`${own} + 1n`, `${own} - 1n`];
  if (isText(node) && !isName(node, parent) && !ts.isTaggedTemplateExpression(parent)) {
    return [own === "''" ? "'mutant'" : "''"];
  }
  if (ts.isArrayLiteralExpression(node) && node.elements.length > 0 && !isAssigned(node, parent)) {
    return ['[]'];
  }
  if (node.kind === ts.SyntaxKind.TrueKeyword) return ['false'];
  if (node.kind === ts.SyntaxKind.FalseKeyword) return ['true'];
  if (ts.isPrefixUnaryExpression(node)) return unaryAlternatives(node, file);
  if (ts.isCallExpression(node)) return callAlternatives(node, file);
  return [];
}

function binaryAlternatives(node: ts.BinaryExpression, file: ts.SourceFile): readonly string[] {
  const left = node.left.getText(file);
  const right = node.right.getText(file);
  if (node.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken) return [left, right];
  const { kind } = node.operatorToken;
  const isAssignment =
    kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
  return (swapped.get(node.operatorToken.kind) ?? []).map((operator) =>
    isAssignment ? `${left} ${operator} (${right})` : `(${left}) ${operator} (${right})`,
  );
}

function unaryAlternatives(node: ts.PrefixUnaryExpression, file: ts.SourceFile): readonly string[] {
  const operand = node.operand.getText(file);
  const isDropped =
    node.operator === ts.SyntaxKind.ExclamationToken || node.operator === ts.SyntaxKind.MinusToken;
  return isDropped ? [operand] : [];
}

function callAlternatives(node: ts.CallExpression, file: ts.SourceFile): readonly string[] {
  const called = node.expression;
  if (!ts.isPropertyAccessExpression(called) || ts.isOptionalChain(node)) return [];
  if (ts.isOptionalChain(node.parent)) return [];
  const other = swappedNames.get(called.name.text);
  if (other === undefined) return [];
  const own = node.getText(file);
  const at = called.name.getStart(file) - node.getStart(file);
  return [own.slice(0, at) + other + own.slice(at + called.name.text.length)];
}

/** The plain condition of an `if`; comparisons in one have mutants of their own, which say the same. */
function isCondition(node: ts.Node, parent: ts.Node): boolean {
  return (
    ts.isIfStatement(parent) &&
    parent.expression === node &&
    (ts.isIdentifier(node) || ts.isCallExpression(node) || ts.isPropertyAccessExpression(node))
  );
}

function isText(node: ts.Node): boolean {
  return (
    ts.isStringLiteral(node) ||
    ts.isNoSubstitutionTemplateLiteral(node) ||
    ts.isTemplateExpression(node)
  );
}

/** A key of an object, an attribute of an element, the left of an import: a name and no value. */
function isName(node: ts.Node, parent: ts.Node): boolean {
  if (ts.isJsxAttribute(parent) || ts.isExternalModuleReference(parent)) return true;
  if (ts.isCallExpression(parent) && parent.expression.kind === ts.SyntaxKind.ImportKeyword) {
    return true;
  }
  return (
    (ts.isPropertyAssignment(parent) ||
      ts.isMethodDeclaration(parent) ||
      ts.isPropertyDeclaration(parent) ||
      ts.isBindingElement(parent)) &&
    (parent.name === node || (ts.isBindingElement(parent) && parent.propertyName === node))
  );
}

function isAssigned(node: ts.Node, parent: ts.Node): boolean {
  return ts.isBinaryExpression(parent)
    ? parent.left === node && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken
    : ts.isForOfStatement(parent) && parent.initializer === node;
}
