import ts from 'typescript';

/** What a parameter stands for while the body of a function is looked at: the arguments of that call. */
type Bound = ReadonlyMap<ts.Symbol, Given>;
interface Given {
  readonly foreignPart: () => ts.Node | undefined;
  /** What was given, where that is a function: it may be called. */
  readonly called?: { readonly node: ts.FunctionLikeDeclaration; readonly bound: Bound };
}
const harmless: Given = { foreignPart: () => undefined };

/** Methods of texts and lists whose result is made of nothing but their receiver and arguments. */
const kept = /^(join|replace|replaceAll|trim|repeat|toUpperCase|toLowerCase|concat|slice|filter)$/;
const added = /^(push|unshift)$/;
const maxDepth = 64;

/**
 * Follows a text back to where it is written. Text that the code itself has, however it is put together, is harmless;
 * a value that comes from elsewhere is not, unless its type is a closed set of texts or a number, or a driver has
 * quoted it.
 */
export class WrittenText {
  readonly #checker: ts.TypeChecker;
  readonly #isAllowed: (part: ts.Node) => boolean;
  #depth = 0;

  constructor(checker: ts.TypeChecker, isAllowed: (part: ts.Node) => boolean = () => false) {
    this.#checker = checker;
    this.#isAllowed = isAllowed;
  }

  /** Of an object with settings, the texts under these names; of anything else, itself. */
  textsOf(node: ts.Node, names: readonly string[]): readonly ts.Node[] {
    if (!ts.isObjectLiteralExpression(node)) return [node];
    return node.properties.flatMap((property): ts.Node[] => {
      if (ts.isSpreadAssignment(property)) {
        const type = this.#checker.getTypeAtLocation(property.expression);
        return names.some((name) => type.getProperty(name)) ? [property.expression] : [];
      }
      if (!names.includes(property.name.getText())) return [];
      return [ts.isPropertyAssignment(property) ? property.initializer : property.name];
    });
  }

  /** The first part of the text that is not written in the code; undefined when all of it is. */
  foreignPart(node: ts.Node, bound: Bound = new Map()): ts.Node | undefined {
    if (this.#depth >= maxDepth) return node;
    this.#depth += 1;
    try {
      const found = this.#foreignPart(node, bound);
      return found !== undefined && this.#isAllowed(found) ? undefined : found;
    } finally {
      this.#depth -= 1;
    }
  }

  #foreignPart(node: ts.Node, bound: Bound): ts.Node | undefined {
    if (ts.isStringLiteralLike(node) || ts.isRegularExpressionLiteral(node) || this.#isClosed(node))
      return undefined;
    if (
      ts.isParenthesizedExpression(node) ||
      ts.isAsExpression(node) ||
      ts.isSatisfiesExpression(node) ||
      ts.isNonNullExpression(node) ||
      ts.isSpreadElement(node)
    )
      return this.foreignPart(node.expression, bound);
    if (ts.isTemplateExpression(node))
      return this.#firstOf(
        node.templateSpans.map(({ expression }) => expression),
        bound,
      );
    if (ts.isConditionalExpression(node))
      return this.#firstOf([node.whenTrue, node.whenFalse], bound);
    if (ts.isBinaryExpression(node)) return this.#firstOf([node.left, node.right], bound);
    if (ts.isArrayLiteralExpression(node)) return this.#firstOf(node.elements, bound);
    if (ts.isObjectLiteralExpression(node)) return this.#inObject(node, bound);
    if (ts.isCallExpression(node)) return this.#inCall(node, bound);
    if (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node))
      return this.#inMember(node, bound);
    if (ts.isIdentifier(node)) return this.#inName(node, bound);
    return node;
  }

  #firstOf(nodes: readonly ts.Node[], bound: Bound): ts.Node | undefined {
    for (const node of nodes) {
      const found = this.foreignPart(node, bound);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Whether no value of its type can carry SQL: numbers, truth values, and texts that the type lists. */
  #isClosed(node: ts.Node): boolean {
    const type = this.#checker.getTypeAtLocation(node);
    const base = this.#checker.getBaseConstraintOfType(type) ?? type;
    const parts = base.isUnion() ? base.types : [base];
    const closed =
      ts.TypeFlags.StringLiteral |
      ts.TypeFlags.NumberLike |
      ts.TypeFlags.BigIntLike |
      ts.TypeFlags.BooleanLike |
      ts.TypeFlags.Undefined |
      ts.TypeFlags.Null;
    return parts.length > 0 && parts.every(({ flags }) => (flags & closed) !== 0);
  }

  #inObject(node: ts.ObjectLiteralExpression, bound: Bound): ts.Node | undefined {
    return this.#firstOf(
      node.properties.flatMap((property): ts.Node[] => {
        if (ts.isPropertyAssignment(property)) return [property.initializer];
        if (ts.isSpreadAssignment(property)) return [property.expression];
        return [property.name];
      }),
      bound,
    );
  }

  #inCall(node: ts.CallExpression, bound: Bound): ts.Node | undefined {
    const { expression: callee } = node;
    const name = ts.isPropertyAccessExpression(callee)
      ? callee.name.text
      : ts.isIdentifier(callee)
        ? callee.text
        : '';
    // Of node-postgres, which quotes; and a date's own, which has digits and a few signs.
    if (/^(escapeIdentifier|escapeLiteral|toISOString)$/.test(name)) return undefined;
    if (name === 'String') return this.#firstOf(node.arguments, bound);
    if (ts.isPropertyAccessExpression(callee)) {
      const [mapped] = node.arguments;
      if ((name === 'map' || name === 'flatMap') && mapped !== undefined && isFunction(mapped))
        return this.#inBody(mapped, [this.#given(callee.expression, bound)], bound);
      if (kept.test(name))
        return (
          this.#firstOf(
            [callee.expression, ...node.arguments.filter((argument) => !isFunction(argument))],
            bound,
          ) ?? this.#inReplacement(node, name, bound)
        );
    }
    const given = node.arguments.map((argument) => this.#given(argument, bound));
    const symbol = this.#symbolOf(callee);
    const passed = symbol && bound.get(symbol)?.called;
    if (passed !== undefined) return this.#inBody(passed.node, given, passed.bound);
    const called = this.#functionOf(callee);
    return called === undefined ? node : this.#inBody(called, given, bound);
  }

  #given(node: ts.Expression, bound: Bound): Given {
    return {
      foreignPart: () => this.foreignPart(node, bound),
      ...(isFunction(node) && { called: { node, bound } }),
    };
  }

  /** What a function puts in the place of what was found; that itself was part of the text before. */
  #inReplacement(node: ts.CallExpression, name: string, bound: Bound): ts.Node | undefined {
    const [, replacement] = node.arguments;
    return name.startsWith('replace') && replacement !== undefined && isFunction(replacement)
      ? this.#inBody(
          replacement,
          replacement.parameters.map(() => harmless),
          bound,
        )
      : undefined;
  }

  /** What a function returns when its parameters stand for what was given. */
  #inBody(
    called: ts.FunctionLikeDeclaration,
    given: readonly Given[],
    outer: Bound,
  ): ts.Node | undefined {
    if (called.body === undefined) return called;
    const bound = new Map(outer);
    for (const [place, { name, initializer }] of called.parameters.entries()) {
      const own = initializer === undefined ? harmless : this.#given(initializer, outer);
      for (const each of namesIn(name)) {
        const symbol = this.#checker.getSymbolAtLocation(each);
        if (symbol !== undefined) bound.set(symbol, given[place] ?? own);
      }
    }
    return this.#firstOf(ts.isBlock(called.body) ? returnsOf(called.body) : [called.body], bound);
  }

  #functionOf(callee: ts.Expression): ts.FunctionLikeDeclaration | undefined {
    const declaration = this.#declarationOf(callee);
    if (declaration === undefined) return undefined;
    if (ts.isFunctionDeclaration(declaration)) return declaration;
    const value = ts.isVariableDeclaration(declaration) ? declaration.initializer : undefined;
    return value !== undefined && isFunction(value) ? value : undefined;
  }

  #inMember(
    node: ts.PropertyAccessExpression | ts.ElementAccessExpression,
    bound: Bound,
  ): ts.Node | undefined {
    const name = ts.isPropertyAccessExpression(node) ? node.name.text : undefined;
    return this.#inParts(node, partsOf(this.#literalsOf(node.expression), name), bound);
  }

  #inParts(
    node: ts.Node,
    parts: readonly ts.Expression[] | undefined,
    bound: Bound,
  ): ts.Node | undefined {
    return parts === undefined ? node : this.#firstOf(parts, bound);
  }

  /** The lists and objects of the code, one of which a constant is or has been taken from; undefined if it may be another. */
  #literalsOf(node: ts.Expression | undefined): readonly ts.Expression[] | undefined {
    const value = unwrapped(node);
    if (value === undefined || this.#depth >= maxDepth) return undefined;
    if (ts.isArrayLiteralExpression(value) || ts.isObjectLiteralExpression(value)) return [value];
    if (ts.isConditionalExpression(value)) {
      const whenTrue = this.#literalsOf(value.whenTrue);
      const whenFalse = this.#literalsOf(value.whenFalse);
      return whenTrue && whenFalse && [...whenTrue, ...whenFalse];
    }
    if (ts.isPropertyAccessExpression(value) || ts.isElementAccessExpression(value)) {
      const name = ts.isPropertyAccessExpression(value) ? value.name.text : undefined;
      return this.#literalsOfAll(partsOf(this.#literalsOf(value.expression), name));
    }
    if (!ts.isIdentifier(value)) return undefined;
    const declaration = this.#declarationOf(value);
    if (declaration === undefined || !isConstant(declaration)) return undefined;
    if (ts.isVariableDeclaration(declaration)) return this.#literalsOf(declaration.initializer);
    return ts.isBindingElement(declaration)
      ? this.#literalsOfAll(this.#partsOfBinding(declaration))
      : undefined;
  }

  #literalsOfAll(parts: readonly ts.Expression[] | undefined) {
    const found = parts?.map((part) => this.#literalsOf(part));
    return found?.every((each) => each !== undefined) === true ? found.flat() : undefined;
  }

  /** What a name in `const { name } = …` or `const [name] = …` can stand for. */
  #partsOfBinding(declaration: ts.BindingElement): readonly ts.Expression[] | undefined {
    const pattern = declaration.parent;
    const owner = pattern.parent;
    if (!ts.isVariableDeclaration(owner)) return undefined;
    const literals = this.#literalsOf(
      ts.isForOfStatement(owner.parent.parent) ? undefined : owner.initializer,
    );
    if (ts.isArrayBindingPattern(pattern)) {
      const place = pattern.elements.indexOf(declaration);
      return partsOf(literals, String(place));
    }
    return partsOf(literals, (declaration.propertyName ?? declaration.name).getText());
  }

  #inBinding(declaration: ts.BindingElement, node: ts.Node, bound: Bound): ts.Node | undefined {
    const parts = this.#partsOfBinding(declaration);
    if (parts !== undefined) return this.#firstOf(parts, bound);
    const owner = declaration.parent.parent;
    // A list that was made, rather than written: all of its elements.
    return ts.isArrayBindingPattern(declaration.parent) &&
      ts.isVariableDeclaration(owner) &&
      owner.initializer !== undefined
      ? this.foreignPart(owner.initializer, bound)
      : node;
  }

  #inName(node: ts.Identifier, bound: Bound): ts.Node | undefined {
    const symbol = this.#symbolOf(node);
    if (symbol === undefined) return node;
    const given = bound.get(symbol);
    if (given !== undefined) return given.foreignPart();
    const declaration = symbol.valueDeclaration;
    if (declaration === undefined) return node;
    if (ts.isParameter(declaration)) return this.#inCallsOf(declaration, node);
    if (ts.isBindingElement(declaration) && isConstant(declaration))
      return this.#inBinding(declaration, node, bound);
    if (!ts.isVariableDeclaration(declaration)) return node;
    // The elements of a list that the code has, one by one.
    if (ts.isForOfStatement(declaration.parent.parent))
      return this.foreignPart(declaration.parent.parent.expression, bound);
    if (declaration.initializer === undefined && isConstant(declaration)) return node;
    const later = this.#laterValuesOf(symbol, declaration);
    return this.#firstOf([declaration.initializer ?? [], later].flat(), bound);
  }

  /** What is put into a variable or a list after its declaration. */
  #laterValuesOf(symbol: ts.Symbol, declaration: ts.VariableDeclaration): ts.Node[] {
    const found: ts.Node[] = [];
    const visit = (node: ts.Node): void => {
      if (
        ts.isBinaryExpression(node) &&
        /^\+?=$/.test(node.operatorToken.getText()) &&
        this.#symbolOf(node.left) === symbol
      )
        found.push(node.right);
      if (
        ts.isCallExpression(node) &&
        ts.isPropertyAccessExpression(node.expression) &&
        added.test(node.expression.name.text) &&
        this.#symbolOf(node.expression.expression) === symbol
      )
        found.push(...node.arguments);
      ts.forEachChild(node, visit);
    };
    visit(declaration.getSourceFile());
    return found;
  }

  /** A parameter of a function that only its own file can call: what all its calls give. */
  #inCallsOf(parameter: ts.ParameterDeclaration, node: ts.Node): ts.Node | undefined {
    const owner = parameter.parent;
    const named = ts.isFunctionDeclaration(owner)
      ? owner
      : isFunction(owner) && ts.isVariableDeclaration(owner.parent)
        ? owner.parent
        : undefined;
    if (named?.name === undefined || !isFunctionLike(owner)) return node;
    const symbol = this.#checker.getSymbolAtLocation(named.name);
    if (symbol === undefined || isExported(named)) return node;
    const place = owner.parameters.indexOf(parameter);
    const given: ts.Node[] = [];
    let isOnlyCalled = true;
    const visit = (each: ts.Node): void => {
      if (ts.isIdentifier(each) && each !== named.name && this.#symbolOf(each) === symbol) {
        const call = each.parent;
        if (ts.isCallExpression(call) && call.expression === each) {
          const argument = call.arguments[place] ?? parameter.initializer;
          if (argument !== undefined) given.push(argument);
        } else isOnlyCalled = false;
      }
      ts.forEachChild(each, visit);
    };
    visit(parameter.getSourceFile());
    return isOnlyCalled ? this.#firstOf(given, new Map()) : node;
  }

  #symbolOf(node: ts.Node): ts.Symbol | undefined {
    const symbol =
      ts.isShorthandPropertyAssignment(node.parent) && node.parent.name === node
        ? this.#checker.getShorthandAssignmentValueSymbol(node.parent)
        : this.#checker.getSymbolAtLocation(node);
    return symbol !== undefined && (symbol.flags & ts.SymbolFlags.Alias) !== 0
      ? this.#checker.getAliasedSymbol(symbol)
      : symbol;
  }

  #declarationOf(node: ts.Node): ts.Declaration | undefined {
    return this.#symbolOf(node)?.valueDeclaration;
  }
}

/** The names of a parameter, also of one that is taken apart. */
function namesIn(name: ts.BindingName): ts.Identifier[] {
  return ts.isIdentifier(name)
    ? [name]
    : name.elements.flatMap((element) =>
        ts.isBindingElement(element) ? namesIn(element.name) : [],
      );
}

function isFunction(node: ts.Node): node is ts.ArrowFunction | ts.FunctionExpression {
  return ts.isArrowFunction(node) || ts.isFunctionExpression(node);
}

function isFunctionLike(node: ts.Node): node is ts.FunctionLikeDeclaration {
  return ts.isFunctionDeclaration(node) || isFunction(node);
}

function unwrapped(node: ts.Expression | undefined): ts.Expression | undefined {
  return node !== undefined && (ts.isAsExpression(node) || ts.isSatisfiesExpression(node))
    ? unwrapped(node.expression)
    : node;
}

function isConstant(node: ts.Declaration): boolean {
  return (ts.getCombinedNodeFlags(node) & ts.NodeFlags.Const) !== 0;
}

/** Of lists and objects, what has this name or place, or everything; undefined if something of it is not written there. */
function partsOf(
  literals: readonly ts.Expression[] | undefined,
  name: string | undefined,
): readonly ts.Expression[] | undefined {
  const found: ts.Expression[] = [];
  for (const literal of literals ?? []) {
    if (ts.isArrayLiteralExpression(literal)) {
      if (literal.elements.some(ts.isSpreadElement)) return undefined;
      const element = name === undefined ? undefined : literal.elements[Number(name)];
      found.push(...(element === undefined ? literal.elements : [element]));
    } else if (ts.isObjectLiteralExpression(literal)) {
      for (const property of literal.properties) {
        if (!ts.isPropertyAssignment(property)) return undefined;
        const own = ts.isStringLiteral(property.name)
          ? property.name.text
          : property.name.getText();
        if (name === undefined || own === name) found.push(property.initializer);
      }
    } else return undefined;
  }
  return literals === undefined ? undefined : found;
}

function isExported(node: ts.Declaration): boolean {
  return (ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Export) !== 0;
}

function returnsOf(body: ts.Block): ts.Expression[] {
  const found: ts.Expression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isReturnStatement(node) && node.expression !== undefined) found.push(node.expression);
    if (!isFunctionLike(node)) ts.forEachChild(node, visit);
  };
  visit(body);
  return found;
}
