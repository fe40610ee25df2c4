import { OutcomeReason } from '#proto/common/v1/common.ts';

/** How rules and the database spell a reason: the closed list of the proto in lower case. */
export type Reason = Lowercase<Exclude<keyof typeof OutcomeReason, 'UNSPECIFIED' | 'UNRECOGNIZED'>>;

const messages: ReadonlyMap<string | null, OutcomeReason> = new Map(
  Object.entries(OutcomeReason).map(([name, message]) => [name.toLowerCase(), message]),
);
const reasons = new Map(
  Object.entries(OutcomeReason)
    .filter(([name]) => name !== 'UNSPECIFIED' && name !== 'UNRECOGNIZED')
    .map(([name, message]) => [message, name.toLowerCase() as Reason]),
);

/** What is stored by another release and not known here says nothing rather than something wrong. */
export const reasonMessage = (stored: string | null): OutcomeReason =>
  messages.get(stored) ?? OutcomeReason.UNSPECIFIED;

export const reasonOf = (message: OutcomeReason): Reason | '' => reasons.get(message) ?? '';
