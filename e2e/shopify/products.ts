// The demo shop's goods, with the pictures that pictures/draw.ts has drawn of them.
import { existsSync, readFileSync } from 'node:fs';
import { type Reply, text } from './http.ts';
import type { Product } from './state.ts';

type Words = readonly [en: string, es: string, fr: string];
interface Good {
  handle: string;
  title: Words;
  text: Words;
  price: number;
  type: string;
}

const GOODS: readonly Good[] = [
  {
    handle: 'morning-blend',
    title: ['Morning blend, 250 g', 'Mezcla de la mañana, 250 g', 'Mélange du matin, 250 g'],
    text: [
      'Cocoa, orange and a long, soft finish. Roasted on Tuesdays.',
      'Cacao, naranja y un final largo y suave. Se tuesta los martes.',
      'Cacao, orange et une longue finale douce. Torréfié le mardi.',
    ],
    price: 1450,
    type: 'Coffee',
  },
  {
    handle: 'highland-single-origin',
    title: [
      'Highland single origin, 250 g',
      'Origen único de altura, 250 g',
      'Pure origine des hauts plateaux, 250 g',
    ],
    text: [
      'Bright and floral, grown at 1,900 metres.',
      'Brillante y floral, cultivado a 1.900 metros.',
      'Vif et floral, cultivé à 1 900 mètres.',
    ],
    price: 1890,
    type: 'Coffee',
  },
  {
    handle: 'night-decaf',
    title: ['Night decaf, 250 g', 'Descafeinado de noche, 250 g', 'Décaféiné du soir, 250 g'],
    text: [
      'All of the taste, none of the ceiling-staring.',
      'Todo el sabor y nada de insomnio.',
      "Tout le goût, sans l'insomnie.",
    ],
    price: 1550,
    type: 'Coffee',
  },
  {
    handle: 'stoneware-cup',
    title: ['Stoneware cup', 'Taza de gres', 'Tasse en grès'],
    text: [
      'Thrown by hand, 220 ml, dishwasher-proof.',
      'Hecha a mano, 220 ml, apta para lavavajillas.',
      'Tournée à la main, 220 ml, passe au lave-vaisselle.',
    ],
    price: 2400,
    type: 'Tableware',
  },
  {
    handle: 'travel-cup',
    title: ['Travel cup', 'Taza de viaje', 'Tasse de voyage'],
    text: [
      'Steel, 350 ml, warm for four hours.',
      'Acero, 350 ml, caliente durante cuatro horas.',
      'Acier, 350 ml, chaud pendant quatre heures.',
    ],
    price: 2900,
    type: 'Tableware',
  },
  {
    handle: 'pour-over-kettle',
    title: ['Pour-over kettle', 'Hervidor de cuello fino', 'Bouilloire à bec fin'],
    text: [
      'A thin spout for a slow pour, 900 ml.',
      'Pico fino para verter despacio, 900 ml.',
      'Bec fin pour verser lentement, 900 ml.',
    ],
    price: 6800,
    type: 'Brewing',
  },
  {
    handle: 'moka-pot',
    title: ['Moka pot, 6 cups', 'Cafetera moka, 6 tazas', 'Cafetière moka, 6 tasses'],
    text: ['The Sunday sound.', 'El sonido del domingo.', 'Le bruit du dimanche.'],
    price: 4200,
    type: 'Brewing',
  },
  {
    handle: 'brewing-notebook',
    title: ['Brewing notebook', 'Cuaderno de catas', 'Carnet de dégustation'],
    text: [
      'Ninety pages for what worked, and what did not.',
      'Noventa páginas para lo que salió bien y lo que no.',
      'Quatre-vingt-dix pages pour ce qui a marché ou non.',
    ],
    price: 1200,
    type: 'Paper',
  },
  {
    handle: 'orange-marmalade',
    title: ['Orange marmalade', 'Mermelada de naranja', "Marmelade d'orange"],
    text: [
      'Thick cut, with a little cardamom.',
      'Corte grueso, con un poco de cardamomo.',
      'Écorces épaisses et un peu de cardamome.',
    ],
    price: 850,
    type: 'Pantry',
  },
  {
    handle: 'wildflower-honey',
    title: ['Wildflower honey', 'Miel de flores silvestres', 'Miel de fleurs sauvages'],
    text: [
      'From the hills behind the roastery.',
      'De las colinas detrás del tostadero.',
      'Des collines derrière la brûlerie.',
    ],
    price: 1100,
    type: 'Pantry',
  },
  {
    handle: 'mint-tea',
    title: ['Mint and verbena tea', 'Té de menta y verbena', 'Infusion menthe et verveine'],
    text: ['Loose leaves, 80 g.', 'Hojas sueltas, 80 g.', 'Feuilles en vrac, 80 g.'],
    price: 980,
    type: 'Tea',
  },
  {
    handle: 'gift-box',
    title: ['Tasting box', 'Caja de degustación', 'Coffret dégustation'],
    text: [
      'Four coffees, four cards, one ribbon.',
      'Cuatro cafés, cuatro tarjetas y un lazo.',
      'Quatre cafés, quatre cartes, un ruban.',
    ],
    price: 10000,
    type: 'Gifts',
  },
];

/** Where Shopify serves a shop's files, on the shop's own host. */
export const FILES = '/cdn/shop/files/';

const FIRST_PRODUCT = 8_200_000_001_000;
const FIRST_VARIANT = 45_300_000_001_000;

export function demoProducts(): Product[] {
  return GOODS.map((good, index) => {
    const words = ([en, es, fr]: Words): Record<string, string> => ({ en, es, fr });
    return {
      id: FIRST_PRODUCT + index + 1,
      variantId: FIRST_VARIANT + index + 1,
      handle: good.handle,
      title: good.title[0],
      titles: words(good.title),
      description: words(good.text),
      price: good.price,
      type: good.type,
      sku: good.handle.toUpperCase().slice(0, 12),
      picture: `<img src="${FILES}${good.handle}.webp" alt="" width="480" height="480" decoding="async">`,
    };
  });
}

/** A product's picture by its address. */
export function pictureFile(pathname: string): Reply {
  const name = /^[a-z-]+\.webp$/.exec(pathname.slice(FILES.length))?.[0],
    file = new URL(`pictures/${name ?? ''}`, import.meta.url);
  return name !== undefined && existsSync(file)
    ? {
        status: 200,
        type: 'image/webp',
        body: readFileSync(file),
        headers: { 'cache-control': 'public, max-age=3600' },
      }
    : text('not found', 404);
}
