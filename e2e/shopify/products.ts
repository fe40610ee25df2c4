// The demo shop's goods, with pictures drawn here.
import type { Product } from './state.ts';

type Words = readonly [en: string, es: string, fr: string];
interface Good {
  handle: string;
  title: Words;
  text: Words;
  price: number;
  type: string;
  colors: readonly [string, string];
  shape: string;
}

const CUP =
  '<path d="M58 62h72v48a30 30 0 0 1-30 30H88a30 30 0 0 1-30-30z" fill="B"/><path d="M130 74h12a18 18 0 0 1 0 36h-12" fill="none" stroke="B" stroke-width="10"/>';
const BAG =
  '<path d="M60 60h80l8 84a8 8 0 0 1-8 8H60a8 8 0 0 1-8-8z" fill="B"/><path d="M82 60c0-30 36-30 36 0" fill="none" stroke="B" stroke-width="8"/><rect x="72" y="92" width="56" height="34" rx="4" fill="A"/>';
const POT =
  '<path d="M56 78h76a4 4 0 0 1 4 4v36a34 34 0 0 1-34 34H86a34 34 0 0 1-34-34V82a4 4 0 0 1 4-4z" fill="B"/><path d="M136 92l24-14" stroke="B" stroke-width="10" stroke-linecap="round"/><path d="M80 78c0-14 28-14 28 0" fill="B"/><circle cx="94" cy="62" r="6" fill="B"/>';
const BOOK =
  '<rect x="58" y="52" width="84" height="100" rx="6" fill="B"/><path d="M72 78h56M72 96h56M72 114h32" stroke="A" stroke-width="6" stroke-linecap="round"/>';
const JAR =
  '<rect x="66" y="70" width="68" height="82" rx="14" fill="B"/><rect x="74" y="48" width="52" height="18" rx="5" fill="B"/><rect x="76" y="94" width="48" height="32" rx="4" fill="A"/>';
const LEAF =
  '<path d="M100 150V92" stroke="B" stroke-width="8" stroke-linecap="round"/><path d="M100 104c-44 0-46-40-46-48 38 0 46 24 46 48zM100 92c0-34 24-46 48-46 0 30-16 46-48 46z" fill="B"/>';

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
    colors: ['#f3e3d3', '#7a4a2b'],
    shape: BAG,
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
    colors: ['#e6eee0', '#3f6b4a'],
    shape: BAG,
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
    colors: ['#dfe4f0', '#3c4a78'],
    shape: BAG,
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
    colors: ['#f0ebe4', '#8a6d5a'],
    shape: CUP,
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
    colors: ['#dcebea', '#2f6f73'],
    shape: CUP,
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
    colors: ['#e9e6f2', '#4d4470'],
    shape: POT,
  },
  {
    handle: 'moka-pot',
    title: ['Moka pot, 6 cups', 'Cafetera moka, 6 tazas', 'Cafetière moka, 6 tasses'],
    text: ['The Sunday sound.', 'El sonido del domingo.', 'Le bruit du dimanche.'],
    price: 4200,
    type: 'Brewing',
    colors: ['#ece9e6', '#5b5b60'],
    shape: POT,
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
    colors: ['#f6e7dd', '#b5533c'],
    shape: BOOK,
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
    colors: ['#fdeccc', '#d07c1c'],
    shape: JAR,
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
    colors: ['#fbf0d0', '#b58416'],
    shape: JAR,
  },
  {
    handle: 'mint-tea',
    title: ['Mint and verbena tea', 'Té de menta y verbena', 'Infusion menthe et verveine'],
    text: ['Loose leaves, 80 g.', 'Hojas sueltas, 80 g.', 'Feuilles en vrac, 80 g.'],
    price: 980,
    type: 'Tea',
    colors: ['#e1f0e3', '#3d8356'],
    shape: LEAF,
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
    colors: ['#f5dfe2', '#a3394d'],
    shape: BAG,
  },
];

const FIRST_PRODUCT = 8_200_000_001_000;
const FIRST_VARIANT = 45_300_000_001_000;

export function demoProducts(): Product[] {
  return GOODS.map((good, index) => {
    const [light, dark] = good.colors,
      words = ([en, es, fr]: Words): Record<string, string> => ({ en, es, fr });
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
      picture: `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 200" role="img" aria-hidden="true"><rect width="200" height="200" fill="${light}"/>${good.shape.replaceAll('"B"', `"${dark}"`).replaceAll('"A"', `"${light}"`)}</svg>`,
    };
  });
}
