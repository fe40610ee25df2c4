import type { Language } from '../../i18n/languages.ts';

export interface PublicWords {
  readonly title: string;
  readonly lead: string;
  readonly points: string[];
  readonly installTitle: string;
  readonly install: string;
}

export const publicWords: Readonly<Record<Language, PublicWords>> = {
  en: {
    title: 'Points your customers understand',
    lead: 'LoyalNest is a points programme for Shopify shops. Customers earn points on what they buy, and every point comes with its reason.',
    points: [
      'Points arrive when an order is paid, and go back when it is refunded.',
      'Customers see their balance and its history in your theme.',
      'You see each customer’s points line by line, and can correct and undo.',
    ],
    installTitle: 'Install it from Shopify',
    install:
      'Find LoyalNest in the Shopify App Store and choose Install. It then opens inside your Shopify admin, under Apps; there is no other account to create.',
  },
  es: {
    title: 'Puntos que tus clientes entienden',
    lead: 'LoyalNest es un programa de puntos para tiendas Shopify. Los clientes ganan puntos con sus compras y cada punto viene con su motivo.',
    points: [
      'Los puntos llegan cuando se paga un pedido y se devuelven cuando se reembolsa.',
      'Los clientes ven su saldo y su historial en tu tema.',
      'Tú ves los puntos de cada cliente línea por línea y puedes corregir y deshacer.',
    ],
    installTitle: 'Instálala desde Shopify',
    install:
      'Busca LoyalNest en la Shopify App Store y elige Instalar. Se abre dentro de tu panel de Shopify, en Aplicaciones; no hay que crear otra cuenta.',
  },
  fr: {
    title: 'Des points que vos clients comprennent',
    lead: 'LoyalNest est un programme de points pour les boutiques Shopify. Les clients gagnent des points sur leurs achats, et chaque point a sa raison.',
    points: [
      'Les points arrivent quand une commande est payée et repartent quand elle est remboursée.',
      'Les clients voient leur solde et son historique dans votre thème.',
      'Vous voyez les points de chaque client ligne par ligne, et pouvez corriger et annuler.',
    ],
    installTitle: 'Installez-la depuis Shopify',
    install:
      'Cherchez LoyalNest dans le Shopify App Store et choisissez Installer. Elle s’ouvre ensuite dans votre interface Shopify, sous Applications ; il n’y a pas d’autre compte à créer.',
  },
};
