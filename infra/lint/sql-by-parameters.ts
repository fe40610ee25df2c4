import type { Rule } from 'eslint';
import type ts from 'typescript';
import { WrittenText } from './written-text.ts';

/** Methods that run the text they are given: of node-postgres, and Prisma's that take any text. */
const runs = /^(query|\$queryRawUnsafe|\$executeRawUnsafe|raw)$/;

interface Services {
  readonly program?: ts.Program;
  readonly esTreeNodeToTSNodeMap?: { get(node: unknown): ts.Node };
}

interface Options {
  /** Text that is not written where it is run, by file, with the reason why it may be. */
  readonly allowed?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Functions that pass on what they are given: the place of the text, or of an object and the names of its texts. */
  readonly passing?: Readonly<
    Record<string, { readonly place: number; readonly names?: readonly string[] }>
  >;
}

/**
 * SQL is text that the code has; values go beside it as parameters. A text that holds a value from elsewhere is reported,
 * wherever it was put together.
 */
export const sqlByParameters: Rule.RuleModule = {
  meta: {
    type: 'problem',
    messages: {
      foreign:
        '"{{part}}" becomes part of SQL and is not written in the code: pass it as a parameter, or quote a name by escapeIdentifier.',
      unused: 'Nothing here needs to be allowed for "{{part}}" any more.',
    },
    schema: [
      {
        type: 'object',
        properties: {
          allowed: {
            type: 'object',
            additionalProperties: { type: 'object', additionalProperties: { type: 'string' } },
          },
          passing: { type: 'object' },
        },
        additionalProperties: false,
      },
    ],
  },
  create(context) {
    const { program, esTreeNodeToTSNodeMap: nodes } = context.sourceCode.parserServices as Services;
    if (program === undefined || nodes === undefined)
      throw new Error('sql-by-parameters follows texts by their types: it needs typed linting');
    const { allowed = {}, passing = {} } = (context.options[0] ?? {}) as Options;
    const file = Object.keys(allowed).find((name) =>
      context.filename.replaceAll('\\', '/').endsWith(`/${name}`),
    );
    const mayBe = new Set(file === undefined ? [] : Object.keys(allowed[file] ?? {}));
    const used = new Set<string>();
    const nameOf = (part: ts.Node) => part.getText().replace(/\s+/g, ' ').slice(0, 80);
    const written = new WrittenText(program.getTypeChecker(), (part) => {
      const name = nameOf(part);
      if (mayBe.has(name)) used.add(name);
      return mayBe.has(name);
    });
    const look = (given: ts.Node, node: Rule.Node) => {
      const foreign = written.foreignPart(given);
      if (foreign !== undefined)
        context.report({ node, messageId: 'foreign', data: { part: nameOf(foreign) } });
    };
    return {
      CallExpression(node) {
        const { callee } = node;
        const called =
          callee.type === 'MemberExpression' && callee.property.type === 'Identifier'
            ? callee.property.name
            : undefined;
        const passed =
          callee.type === 'Identifier' && Object.hasOwn(passing, callee.name)
            ? passing[callee.name]
            : undefined;
        if (passed === undefined && (called === undefined || !runs.test(called))) return;
        const text = node.arguments[passed?.place ?? 0];
        if (text === undefined || text.type === 'SpreadElement') return;
        for (const given of written.textsOf(nodes.get(text), passed?.names ?? ['text']))
          look(given, node);
      },
      'Program:exit'(node) {
        for (const part of mayBe)
          if (!used.has(part)) context.report({ node, messageId: 'unused', data: { part } });
      },
    };
  },
};
