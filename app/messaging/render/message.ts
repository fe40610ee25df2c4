import type { MessageContent } from '#proto/admin/v1/message_templates.ts';
import type { MessageChannel, MessageType } from '#vocabulary/messages.ts';
import type { PointsWords } from '../../i18n/format.ts';
import type { Language } from '../../i18n/languages.ts';

/** What every message of a shop needs of it. */
export interface MessageShop {
  readonly name: string;
  readonly url: string;
  /** Its postal address on one line, which the law asks for in a mail; empty where none is known. */
  readonly address: string;
  readonly timeZone: string;
  readonly currency: string;
  /** By language. */
  readonly pointsNames: Readonly<Record<string, PointsWords>>;
  /** `#rrggbb`, of buttons; ours when it is none. */
  readonly color?: string;
  /** A picture of the shop's own, `picture:<id>`, above the mail. */
  readonly logo?: string;
  /** Where the shop's pictures are: `https://app.example/pictures/<merchant>`. */
  readonly picturesUrl: string;
}

export interface MessageRequest {
  readonly type: MessageType;
  readonly channel: MessageChannel;
  readonly language: Language;
  readonly content: Pick<MessageContent, 'subject' | 'blocks' | 'text'>;
  /** Integers, ISO 8601 dates and decimals as text; what is empty or absent is not known. */
  readonly variables: Readonly<Record<string, string>>;
  readonly shop: MessageShop;
  /** A link in the mail's foot, and of its List-Unsubscribe header; empty where the reader has no choice to make. */
  readonly unsubscribeUrl: string;
}

export interface RenderedMessage {
  /** On one line; empty for a text message. */
  readonly subject: string;
  /** A whole document; empty for a text message. */
  readonly html: string;
  /** A mail's plain text, or the text message. */
  readonly text: string;
}
