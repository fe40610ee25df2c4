import { createHash } from 'node:crypto';
import { encryptCustomer } from '#core/members/customer-encryption.ts';
import type { BlindIndex } from '#core/shared/blind-index.ts';
import type { Encryption } from '#core/shared/encryption.ts';

const firstNames = (
  'Ada Amara Anna Aria Aurel Bea Ben Camille Carl Chloe Clara Dana David Diego Elif Elena Emil Emma Enzo Eva Felix Fatima ' +
  'Finn Gina Hana Hugo Ida Ines Iris Ivan Jana Jonas Jules Kai Karim Lara Lea Leo Lina Luca Lucia Mara Marco Maya Mila ' +
  'Mateo Nadia Nils Noah Nora Olga Omar Oscar Paula Pia Priya Rafael Rosa Sami Sara Sofia Theo Tom Vera Yara Yusuf Zoe'
).split(' ');
const lastNames = (
  'Abbott Adler Almeida Baker Bauer Bianchi Blanc Brandt Castro Chen Costa Cruz Dubois Duarte Eriksen Fabre Ferrari ' +
  'Fischer Flores Garnier Gomez Hansen Hart Haas Iqbal Ito Jensen Joshi Keller Khan Kim Kovacs Laurent Lind Lopez Marin ' +
  'Mendes Meyer Moreau Morris Nair Novak Ochoa Okafor Olsen Ortiz Park Perez Petit Quinn Ramos Reyes Rossi Roux Ruiz ' +
  'Santos Sato Silva Singh Stone Torres Vega Vidal Wagner Weber Young'
).split(' ');
const locales = ['en', 'en', 'en', 'es', 'es', 'fr'];

/**
 * The same text gives the same id, here and in SQL (`seedId`): a hash in a UUID of version 8, which is for ids of one's
 * own making. A bare hash is none in nine of ten cases.
 */
export function idOf(text: string): string {
  return createHash('md5')
    .update(text)
    .digest('hex')
    .replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-8$3-8$4-$5');
}

/** As the statements take it: binary values in base64. */
export interface SeedCustomer {
  readonly n: number;
  readonly customer_id: string;
  readonly shopify_customer_id: string;
  readonly email: string | null;
  readonly email_hash: string | null;
  readonly first_name: string | null;
  readonly last_name: string | null;
  readonly locale: string;
  readonly state: string;
}

export interface People {
  /** What each name is found by: computed once a name, since the hashes of a name repeat within a shop. */
  readonly tokensOf: (name: string) => readonly string[];
  readonly customer: (n: number) => SeedCustomer & { readonly name_tokens: readonly string[] };
}

/** Made-up people of one shop: the n-th is always the same person. About two in three have an account. */
export function peopleOf(
  merchantId: string,
  key: string,
  { encryption, blindIndex }: { encryption: Encryption; blindIndex: BlindIndex },
): People {
  const kept = new Map<string, readonly string[]>();
  const tokensOf = (name: string): readonly string[] => {
    const known = kept.get(name);
    if (known !== undefined) return known;
    const tokens = blindIndex.nameTokens(merchantId, name).map((token) => token.toString('base64'));
    kept.set(name, tokens);
    return tokens;
  };
  // The names' hashes are the slow part of encrypting and come from the map above.
  const encryptionDeps = { encryption, blindIndex: { ...blindIndex, nameTokens: () => [] } };
  return {
    tokensOf,
    customer(n) {
      const dice = createHash('md5').update(`${key}/person/${n}`).digest();
      const firstName = firstNames[dice.readUInt16LE(0) % firstNames.length] ?? '';
      const lastName = lastNames[dice.readUInt16LE(2) % lastNames.length] ?? '';
      const hasAccount = dice.readUInt8(4) % 3 !== 0;
      const encrypted = encryptCustomer(
        encryptionDeps,
        merchantId,
        idOf(`${key}/customer/${n}`),
        String(7_000_000_000_000 + n),
        {
          email: `${firstName}.${lastName}.${n}@shopper.example`.toLowerCase(),
          firstName,
          lastName,
          locale: locales[dice.readUInt8(5) % locales.length] ?? 'en',
          state: hasAccount ? 'enabled' : 'disabled',
          hasAccount,
          sourceUpdatedAt: null,
        },
      );
      return {
        n,
        customer_id: encrypted.customer_id,
        shopify_customer_id: encrypted.shopify_customer_id,
        email: encrypted.email,
        email_hash: encrypted.email_hash,
        first_name: encrypted.first_name,
        last_name: encrypted.last_name,
        locale: encrypted.locale,
        state: hasAccount ? 'enabled' : 'disabled',
        name_tokens: [...new Set([...tokensOf(firstName), ...tokensOf(lastName)])],
      };
    },
  };
}
