import { textOf, type Json } from '../shared/stored-json.rules.ts';
import type { MessageType } from '#vocabulary/messages.ts';

/** What the database knows of an event beside its payload; null where it is about something else. */
export interface EventFacts {
  readonly event_id: string;
  readonly kind: string;
  readonly payload: Json;
  readonly created_at: Date;
  readonly entry_type: string | null;
  readonly entry_source: string | null;
  readonly entry_order_id: string | null;
  readonly entry_occurred_at: Date | null;
  readonly entry_points: number | null;
  readonly gift: string | null;
  readonly from_position: number | null;
  readonly to_position: number | null;
  readonly advocate_points: number | null;
  readonly friend_points: number | null;
}

/** A message that is due to a member, before it is decided whether and how it goes out. Ids and numbers only. */
export interface MessageDraft {
  readonly type: MessageType;
  readonly customerId: string;
  /** What it is about: once written about, it is not written about again. */
  readonly key: string;
  readonly variables: Readonly<Record<string, string | number>>;
}

/** News is told while it is news: neither what a sync finds nor what a queue kept too long. */
export const NEWS_MS = 86_400_000;

/** What members are told about an event; most events concern no one. */
export function draftsOf(event: EventFacts, now: Date): MessageDraft[] {
  if (now.getTime() - event.created_at.getTime() > NEWS_MS) return [];
  const customerId = textOf(event.payload['customer_id']);
  switch (event.kind) {
    case 'points.changed':
      return earned(event, customerId, now);
    case 'points.expiring':
      return [
        {
          type: 'points_expiring',
          customerId,
          key: `event/${event.event_id}`,
          variables: {
            points: Number(event.payload['points'] ?? 0),
            expires_at: textOf(event.payload['expires_at']),
          },
        },
      ];
    case 'redemption.changed':
      return redeemed(event, customerId);
    case 'tier.changed':
      return tierChanged(event, customerId);
    case 'referral.changed':
      return referralCompleted(event);
    default:
      return [];
  }
}

function earned(event: EventFacts, customerId: string, now: Date): MessageDraft[] {
  const points = event.entry_points ?? 0;
  const at = event.entry_occurred_at?.getTime() ?? 0;
  if (event.entry_type !== 'earn' || points <= 0 || now.getTime() - at > NEWS_MS) return [];
  const key = `points/${textOf(event.payload['transaction_id'])}`;
  if (event.entry_source === 'birthday')
    return [{ type: 'birthday_reward', customerId, key, variables: { points } }];
  if (event.entry_source !== 'order') return [];
  const order = event.entry_order_id;
  return [
    {
      type: 'points_earned',
      customerId,
      key,
      variables: { points, ...(order !== null && { order_id: order }) },
    },
  ];
}

/** Gifts are told by what they are given for. */
function redeemed(event: EventFacts, customerId: string): MessageDraft[] {
  const redemptionId = textOf(event.payload['redemption_id']);
  if (event.payload['status'] !== 'completed' || event.gift !== null) return [];
  return [
    {
      type: 'reward_redeemed',
      customerId,
      key: `redemption/${redemptionId}`,
      variables: { redemption_id: redemptionId },
    },
  ];
}

function tierChanged(event: EventFacts, customerId: string): MessageDraft[] {
  const [from, to] = [textOf(event.payload['from']), textOf(event.payload['to'])];
  // Who has no tier any more has nothing to be congratulated on, and no name to be told.
  if (to === '' || from === to) return [];
  const isUp = from === '' || (event.to_position ?? 0) > (event.from_position ?? 0);
  return [
    {
      type: isUp ? 'tier_upgraded' : 'tier_change',
      customerId,
      key: `event/${event.event_id}`,
      variables: { tier_id: to, ...(!isUp && { previous_tier_id: from }) },
    },
  ];
}

function referralCompleted(event: EventFacts): MessageDraft[] {
  const { payload } = event;
  if (payload['status'] !== 'completed') return [];
  const referralId = textOf(payload['referral_id']);
  const people = {
    advocate: textOf(payload['advocate_customer_id']),
    friend: textOf(payload['friend_customer_id']),
  };
  return (['advocate', 'friend'] as const).map((side) => ({
    type: 'referral_completed',
    customerId: people[side],
    key: `referral/${referralId}/${side}`,
    variables: {
      points: event[`${side}_points`] ?? 0,
      referral_id: referralId,
      side,
      other_customer_id: people[side === 'advocate' ? 'friend' : 'advocate'],
    },
  }));
}
