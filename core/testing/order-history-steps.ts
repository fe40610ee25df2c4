import type { RecordOrderRequest } from '#proto/points/v1/points.ts';
import {
  orderMessage,
  stateText,
  type History,
  type MergeTruth,
  type OrderTruth,
  type Random,
  type Setting,
  type State,
} from './order-history-truth.ts';

/** How a history is reported: in order and once, or with readings in between and with repetitions. */

/** One report. */
export interface Step {
  readonly order?: RecordOrderRequest;
  readonly merge?: MergeTruth;
  readonly text: string;
  readonly at: number;
}

export function readingOf(order: OrderTruth, nth: number): Step {
  const state = order.states[nth] as State;
  const next = order.states[nth + 1];
  // Asked for after this state and before the next.
  const asked = next === undefined ? state.moment + 5_000 : state.moment;
  return {
    order: {
      order: orderMessage(order, state, 'reading', asked),
      refund: undefined,
      trigger: 'reconciled',
      deliveryId: '',
    },
    at: state.moment,
    text: `order ${order.orderId} read ${stateText(state)}`,
  };
}

const syncOf = (order: OrderTruth, state: State): Step => ({
  order: {
    order: orderMessage(order, state, 'partial', state.moment),
    refund: undefined,
    trigger: 'synced',
    deliveryId: '',
  },
  at: state.moment,
  text: `order ${order.orderId} found by the first sync ${stateText(state)}`,
});

const mergeStep = (merge: MergeTruth): Step => ({
  merge,
  at: merge.at,
  text: `${merge.removed} merged into ${merge.kept}, ${merge.status}`,
});

export function stepsInOrder({ orders, merges }: History): Step[] {
  return [
    ...orders.flatMap(({ orderId, deliveries }) =>
      deliveries.map(({ request, at, text }): Step => ({
        order: request,
        at,
        text: `order ${orderId} ${text}`,
      })),
    ),
    ...merges.map(mergeStep),
  ].sort((a, b) => a.at - b.at);
}

/** Readings, and repeated reports. */
export function extras(random: Random, { orders, merges }: History): Step[] {
  return [
    ...merges.filter(() => random.chance(0.5)).map(mergeStep),
    ...orders.flatMap((order): Step[] => {
      const nth = random.below(order.states.length);
      return [
        ...(random.chance(0.4) ? [readingOf(order, nth)] : []),
        ...(random.chance(0.4) ? [syncOf(order, order.states[nth] as State)] : []),
        ...(random.chance(0.5)
          ? order.deliveries.map(({ request, at, text }) => ({
              order: request,
              at,
              text: `order ${order.orderId} ${text}`,
            }))
          : []),
      ];
    }),
  ];
}

/** What is reported before an act may be repeated after it; nothing is reported before it happened. */
export function phasesOf(steps: readonly Step[], { cuts }: History, { isCut }: Setting): Step[][] {
  const [first, second] = isCut
    ? cuts
    : [steps.length / 2, steps.length].map((at) => Math.floor(at));
  const place = (step: Step, nth: number): number => (isCut ? step.at : nth);
  return [
    steps.filter((step, nth) => place(step, nth) <= (first ?? 0)),
    steps.filter(
      (step, nth) => place(step, nth) > (first ?? 0) && place(step, nth) <= (second ?? 0),
    ),
    steps.filter((step, nth) => place(step, nth) > (second ?? 0)),
  ];
}
