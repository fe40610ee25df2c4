import type { MessageType } from '../vocabulary/messages.ts';

/** What a mail is made of, from top to bottom. Texts name variables in braces; no field is HTML. */
export type MessageBlock =
  | { readonly type: 'heading'; readonly text: string }
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'button'; readonly label: string; readonly href: string }
  | { readonly type: 'figure'; readonly value: string; readonly label: string }
  | { readonly type: 'code'; readonly label: string }
  | {
      readonly type: 'image';
      /** One of the shop's own pictures: `picture:<id>`. */
      readonly picture: string;
      readonly alt: string;
      readonly href: string;
    }
  | { readonly type: 'divider' };
export type MessageBlockType = MessageBlock['type'];

/** A mail as its merchant wrote it. The shop's name, its address and the way out stand below it, always. */
export interface MailDocument {
  /** What mailboxes show beside the subject. */
  readonly preheader: string;
  readonly blocks: readonly MessageBlock[];
}

/** One type of message in one language. */
export interface MessageWords extends MailDocument {
  readonly subject: string;
  /** Of a text message. */
  readonly text: string;
}

/** The fields of each block, and the characters that each takes. */
export const BLOCK_FIELDS = {
  heading: { text: 120 },
  text: { text: 2_000 },
  button: { label: 40, href: 500 },
  figure: { value: 60, label: 80 },
  code: { label: 120 },
  image: { picture: 100, alt: 200, href: 500 },
  divider: {},
} as const satisfies Record<MessageBlockType, Readonly<Record<string, number>>>;

export const BLOCK_TYPES = Object.keys(BLOCK_FIELDS) as readonly MessageBlockType[];

/** Without these, a message of the type would not do what it is for. */
export const REQUIRED_VARIABLES: Readonly<Partial<Record<MessageType, readonly string[]>>> = {
  reward_redeemed: ['code'],
  referral_invite: ['referral_url'],
  nudge: ['message'],
};

export const MESSAGE_LIMITS = {
  subject: 150,
  preheader: 150,
  text: 480,
  blocks: 30,
  /** Of a mail's blocks as JSON. */
  bytes: 24_000,
} as const;

/**
 * A stored mail. Whatever is no block of ours is left out, so that what an older or newer release wrote can be shown.
 * @returns undefined for what is no mail at all
 */
export function parseMailDocument(json: string): MailDocument | undefined {
  const read = parsed(json);
  if (!isRecord(read) || !Array.isArray(read['blocks'])) return undefined;
  const { preheader } = read;
  return {
    preheader: typeof preheader === 'string' ? preheader : '',
    blocks: read['blocks'].flatMap((block: unknown) => blockOf(block) ?? []),
  };
}

export const writeMailDocument = ({ preheader, blocks }: MailDocument): string =>
  JSON.stringify({ preheader, blocks });

/** A block with each of its fields a text and no other; undefined for what is none. */
export function blockOf(read: unknown): MessageBlock | undefined {
  if (!isRecord(read)) return undefined;
  const type = BLOCK_TYPES.find((each) => each === read['type']);
  if (type === undefined) return undefined;
  const fields = Object.keys(BLOCK_FIELDS[type]);
  if (fields.some((field) => typeof read[field] !== 'string')) return undefined;
  const block: unknown = Object.fromEntries([
    ['type', type],
    ...fields.map((field) => [field, read[field]]),
  ]);
  return block as MessageBlock;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
