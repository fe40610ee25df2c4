import { isPicture } from '../picture.rules.ts';
import { MESSAGE_VARIABLES, type MessageType, type VariableKind } from '../vocabulary/messages.ts';
import {
  BLOCK_FIELDS,
  blockOf,
  MESSAGE_LIMITS,
  REQUIRED_VARIABLES,
  writeMailDocument,
  type MessageBlock,
  type MessageWords,
} from './blocks.ts';
import { linksIn } from './markup.ts';
import { textParts, variableProblem, variablesIn } from './variables.ts';

export const MESSAGE_PROBLEMS = [
  'required',
  'too_long',
  'too_many_blocks',
  'not_a_block',
  'unbalanced_braces',
  'unknown_variable',
  'missing_variable',
  'unsafe_address',
  'not_a_picture',
] as const;
export type MessageProblem = (typeof MESSAGE_PROBLEMS)[number];

/** Which field is wrong (`subject`, `blocks.2.text`) and how. */
export interface MessageFault {
  readonly field: string;
  readonly problem: MessageProblem;
}

/** The kinds of the variables that messages of a type have. */
export const variableKinds = (type: MessageType): Readonly<Record<string, VariableKind>> =>
  MESSAGE_VARIABLES[type];

/** Everything that is wrong with a message's words, from top to bottom; nothing when it can be sent. */
export function messageFaults(type: MessageType, words: MessageWords): MessageFault[] {
  const known = new Set(Object.keys(variableKinds(type)));
  const line = (field: string, text: string, most: number, mayBeEmpty = false): MessageFault[] => {
    const problem = textProblem(text, most, mayBeEmpty, known);
    return problem === undefined ? [] : [{ field, problem }];
  };
  return [
    ...line('subject', words.subject, MESSAGE_LIMITS.subject),
    ...line('preheader', words.preheader, MESSAGE_LIMITS.preheader, true),
    ...blockFaults(type, words, known),
    ...line('text', words.text, MESSAGE_LIMITS.text),
    ...missing(type, 'text', variablesIn(words.text)),
  ];
}

function blockFaults(
  type: MessageType,
  words: MessageWords,
  known: ReadonlySet<string>,
): MessageFault[] {
  const { blocks } = words;
  if (blocks.length === 0) return [{ field: 'blocks', problem: 'required' }];
  if (blocks.length > MESSAGE_LIMITS.blocks)
    return [{ field: 'blocks', problem: 'too_many_blocks' }];
  if (new TextEncoder().encode(writeMailDocument(words)).length > MESSAGE_LIMITS.bytes)
    return [{ field: 'blocks', problem: 'too_long' }];
  return [
    ...blocks.flatMap((block, place) =>
      faultsOfBlock(type, block, known).map(({ field, problem }) => ({
        field: field === '' ? `blocks.${place}` : `blocks.${place}.${field}`,
        problem,
      })),
    ),
    ...missing(type, 'blocks', blocks.flatMap(variablesOfBlock)),
  ];
}

function faultsOfBlock(
  type: MessageType,
  block: MessageBlock,
  known: ReadonlySet<string>,
): MessageFault[] {
  if (blockOf(block) === undefined) return [{ field: '', problem: 'not_a_block' }];
  if (block.type === 'code' && !known.has('code'))
    return [{ field: '', problem: 'unknown_variable' }];
  return Object.entries(BLOCK_FIELDS[block.type]).flatMap(([field, most]): MessageFault[] => {
    const text = (block as unknown as Record<string, string>)[field] ?? '';
    const problem =
      textProblem(text, most, mayBeEmpty.has(`${block.type}.${field}`), known) ??
      addressProblem(type, block, field, text);
    return problem === undefined ? [] : [{ field, problem }];
  });
}

const mayBeEmpty = new Set(['figure.label', 'code.label', 'image.alt', 'image.href']);

function textProblem(
  text: string,
  most: number,
  isOptional: boolean,
  known: ReadonlySet<string>,
): MessageProblem | undefined {
  if (text.trim() === '') return isOptional ? undefined : 'required';
  if ([...text].length > most) return 'too_long';
  return variableProblem(text, known);
}

function addressProblem(
  type: MessageType,
  block: MessageBlock,
  field: string,
  text: string,
): MessageProblem | undefined {
  if (field === 'picture') return isPicture(text) ? undefined : 'not_a_picture';
  if (field === 'href') return text === '' || isSafeHref(type, text) ? undefined : 'unsafe_address';
  if (block.type === 'text')
    return linksIn(text).every((href) => isSafeHref(type, href)) ? undefined : 'unsafe_address';
  return undefined;
}

/** A variable that holds an address and nothing beside it, or an address of the web over https. */
function isSafeHref(type: MessageType, href: string): boolean {
  const [part, ...others] = textParts(href.trim());
  if (part !== undefined && 'variable' in part)
    return others.length === 0 && variableKinds(type)[part.variable] === 'url';
  return others.length === 0 && isWebAddress(href);
}

/** An address over https with a host and without a name or a password in it. */
export function isWebAddress(text: string): boolean {
  if (!URL.canParse(text.trim())) return false;
  const { protocol, hostname, username, password } = new URL(text.trim());
  return protocol === 'https:' && hostname !== '' && username === '' && password === '';
}

const variablesOfBlock = (block: MessageBlock): string[] =>
  block.type === 'code'
    ? ['code']
    : Object.values(block).flatMap((text) => variablesIn(String(text)));

function missing(type: MessageType, field: string, named: readonly string[]): MessageFault[] {
  const lacks = REQUIRED_VARIABLES[type]?.some((name) => !named.includes(name)) ?? false;
  return lacks ? [{ field, problem: 'missing_variable' }] : [];
}
