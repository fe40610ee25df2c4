import { describe, expect, test } from 'vitest';
import { pointsWords } from '../i18n/format.ts';
import { LANGUAGES } from '../i18n/languages.ts';
import { explainEntry } from './explain-entry.ts';
import type { Explained } from './explain-entry.ts';
import { explanations } from './explanations.server.ts';
import { REASON_CODES } from '#vocabulary/ledger.ts';

const plain: Explained = {
  reasonCode: 'order_paid',
  rate: '',
  multiplier: '1',
  awardPoints: 0,
  debtRepaid: 0,
  debtIncurred: 0,
};
const say = (
  explanation: Partial<Explained>,
  entry: { points?: number; orderName?: string; reason?: string } = {},
  language: 'en' | 'es' | 'fr' = 'en',
) =>
  explainEntry(
    {
      points: 120,
      orderName: '#1001',
      reason: '',
      ...entry,
      explanation: { ...plain, ...explanation },
    },
    {
      language,
      sentences: explanations[language],
      words: pointsWords({}, language),
      withReason: true,
    },
  );

describe('the explanation of an entry', () => {
  test('for an order states the amount and the rate', () => {
    const paid = { base: { amount: '120.00', currency: 'USD' }, rate: '10' };
    expect(say(paid)).toBe('Purchase, order #1001: $120.00 × 10 points.');
    expect(say(paid, {}, 'es')).toContain('Compra, pedido #1001: 120,00');
    expect(say(paid, {}, 'fr')).toContain('Achat, commande #1001\u00a0: 120,00');
  });

  test('for a refund states the refund and its order', () => {
    expect(
      say(
        {
          reasonCode: 'order_refunded',
          refunded: { amount: '60', currency: 'USD' },
          awardPoints: 120,
        },
        { points: -60 },
      ),
    ).toBe('Refund of $60.00 on order #1001: that part of its 120 points is deducted.');
  });

  test('for a reward, a tier and a campaign states its name, to shoppers too', () => {
    const reward = { en: '$5 off', fr: '5 $ de remise' };
    expect(say({ reasonCode: 'redeemed', subject: reward })).toBe('Redeemed: $5 off.');
    expect(say({ reasonCode: 'redeemed', subject: reward }, {}, 'fr')).toBe(
      'Échangés\u00a0: 5 $ de remise.',
    );
    expect(say({ reasonCode: 'tier_entered', subject: { en: 'Gold', es: 'Oro' } }, {}, 'es')).toBe(
      'Bono por alcanzar un nivel VIP: Oro.',
    );
    const campaign = { '': 'Black Friday' };
    expect(say({ reasonCode: 'campaign_gift', subject: campaign }, {}, 'es')).toBe(
      'Puntos de la campaña «Black Friday».',
    );
    expect(
      say({ multiplier: '2', multiplierSource: 'campaign', subject: campaign }, { orderName: '' }),
    ).toBe('Purchase. Multiplied by 2: bonus campaign “Black Friday”.');
    // Text from merchants is never treated as a template.
    expect(say({ reasonCode: 'redeemed', subject: { en: '{points} [x]' } })).toBe(
      'Redeemed: {points} [x].',
    );
  });

  test('is shorter when less is known, and never has a gap', () => {
    expect(say({}, { orderName: '' })).toBe('Purchase.');
    for (const language of LANGUAGES) {
      for (const reasonCode of REASON_CODES) {
        const sentence = say({ reasonCode }, { orderName: '' }, language);
        expect(sentence).not.toMatch(/[{}[\]]|undefined| {2}| [.,]|^\s|\s$/);
      }
    }
  });

  test('states a multiplier and a repaid debt', () => {
    expect(say({ multiplier: '2' })).toContain('Multiplied by 2.');
    expect(say({ multiplier: '1.5', multiplierSource: 'rfm_champion' })).toContain(
      'Multiplied by 1.5: Champions.',
    );
    expect(say({ multiplier: '3', multiplierSource: 'tier+campaign' }, {}, 'fr')).toContain(
      'Multipliés par 3\u00a0: palier VIP et campagne bonus.',
    );
    expect(say({ debtRepaid: 40 })).toContain('40 covered');
    expect(say({ debtIncurred: 15 })).toContain('15 were already spent');
  });

  test('hides notes by staff from shoppers', () => {
    const entry = {
      points: 10,
      orderName: '',
      reason: 'Late parcel.',
      explanation: { ...plain, reasonCode: 'adjusted' },
    };
    const words = pointsWords({}, 'en');
    expect(
      explainEntry(entry, { language: 'en', sentences: explanations.en, words, withReason: true }),
    ).toBe('Adjusted by the store: Late parcel.');
    expect(
      explainEntry(entry, { language: 'en', sentences: explanations.en, words, withReason: false }),
    ).toBe('Adjusted by the store.');
  });

  test('an unknown reason reads as a gift from the shop', () => {
    expect(say({ reasonCode: 'something_new' }, { orderName: '' })).toBe('Awarded by the store.');
  });
});

test('has every sentence with the same placeholders in every language', () => {
  const placeholders = (text: string) =>
    [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
  for (const words of [explanations.es, explanations.fr]) {
    for (const reason of REASON_CODES)
      expect(placeholders(words.reasons[reason])).toEqual(
        placeholders(explanations.en.reasons[reason]),
      );
  }
});
