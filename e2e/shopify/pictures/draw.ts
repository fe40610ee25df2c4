// Draws the demo shop's product pictures: `node e2e/shopify/pictures/draw.ts` writes one WebP beside this file for each.
// The pictures are committed, so only who changes a drawing runs it; it needs a Chromium (CHROMIUM_PATH or Playwright's).
import { writeFileSync } from 'node:fs';
import { chromium } from '@playwright/test';

const SIZE = 480;
const QUALITY = 0.78;

interface Scene {
  handle: string;
  /** The wall behind, and the table. */
  wall: string;
  table: string;
  art: string;
}

const text = (x: number, y: number, size: number, words: string, color: string): string =>
  `<text x="${x}" y="${y}" font-family="Georgia, 'DejaVu Serif', serif" font-size="${size}" fill="${color}" text-anchor="middle" letter-spacing="1">${words}</text>`;
const shadow = (cx: number, cy: number, rx: number, ry: number): string =>
  `<ellipse cx="${cx}" cy="${cy}" rx="${rx}" ry="${ry}" fill="#2b1d12" opacity=".34" filter="url(#soft)"/>`;
/** Lit from the left: what is round is darker on its right. */
const round = (id: string, light: string, mid: string, dark: string): string =>
  `<linearGradient id="${id}" x1="0" x2="1"><stop offset="0" stop-color="${mid}"/><stop offset=".28" stop-color="${light}"/><stop offset=".62" stop-color="${mid}"/><stop offset="1" stop-color="${dark}"/></linearGradient>`;

function bag(
  light: string,
  mid: string,
  dark: string,
  label: string,
  name: readonly [string, string],
): string {
  return `<defs>${round('bag', light, mid, dark)}</defs>${shadow(330, 520, 160, 26)}
<path d="M205 178 L435 178 L452 508 Q452 522 438 522 L202 522 Q188 522 188 508 Z" fill="url(#bag)"/>
<path d="M205 178 L435 178 L438 214 L202 214 Z" fill="${dark}" opacity=".45"/>
<path d="M209 150 L431 150 L435 180 L205 180 Z" fill="url(#bag)"/><path d="M212 158 H428" stroke="${dark}" stroke-width="2" stroke-dasharray="5 5" opacity=".6"/>
<path d="M224 214 Q216 360 226 518 M414 214 Q426 360 414 518" stroke="${dark}" stroke-width="3" fill="none" opacity=".3"/>
<circle cx="320" cy="240" r="7" fill="${dark}" opacity=".6"/><rect x="238" y="286" width="164" height="156" rx="4" fill="${label}"/>
<rect x="246" y="294" width="148" height="140" rx="2" fill="none" stroke="${mid}" stroke-width="1.6"/>
<path d="M320 312c-14 0-20 10-20 21s8 19 20 19 20-8 20-19-6-21-20-21zm2 4c-8 8 6 20-3 32" fill="none" stroke="${mid}" stroke-width="3"/>
${text(320, 384, 24, name[0], dark)}${text(320, 408, 16, name[1], dark)}${text(320, 427, 10, '250 g', dark)}`;
}

function jar(
  light: string,
  mid: string,
  dark: string,
  lid: string,
  name: readonly [string, string],
  extra = '',
): string {
  return `<defs>${round('jar', light, mid, dark)}${round('lid', '#fff6e4', lid, '#6b4a1e')}</defs>${shadow(336, 512, 150, 24)}
<path d="M218 236 Q208 248 208 268 V484 Q208 514 238 514 H402 Q432 514 432 484 V268 Q432 248 422 236 Z" fill="url(#jar)"/>
<path d="M226 262 Q222 380 230 500" stroke="#fff" stroke-width="9" opacity=".38" fill="none" stroke-linecap="round"/>
<rect x="214" y="184" width="212" height="52" rx="9" fill="url(#lid)"/><path d="M214 198h212M214 222h212" stroke="#5d3f17" opacity=".28" stroke-width="2"/>
<rect x="236" y="312" width="168" height="130" rx="6" fill="#fffaf0"/><path d="M252 332h136M252 424h136" stroke="${mid}" stroke-width="2"/>
${text(320, 374, 25, name[0], '#5a3a14')}${text(320, 402, 18, name[1], '#5a3a14')}${extra}`;
}

const steam = `<g fill="none" stroke="#fff" stroke-width="9" stroke-linecap="round" opacity=".55" filter="url(#mist)"><path d="M282 214c-18-26 18-44 0-76"/><path d="M326 204c-18-28 20-48 2-84"/><path d="M368 214c-16-24 16-42 0-70"/></g>`;

const cup = `<defs>${round('cup', '#f4ece1', '#d9c8b4', '#a58a70')}</defs>${shadow(326, 508, 190, 26)}
<ellipse cx="318" cy="490" rx="186" ry="30" fill="#cdb9a2"/><ellipse cx="318" cy="482" rx="186" ry="29" fill="#efe4d6"/><ellipse cx="318" cy="480" rx="112" ry="16" fill="#d7c6b1"/>
<path d="M424 300q86-14 84 56t-104 68" fill="none" stroke="#c3ad95" stroke-width="25"/><path d="M204 262 Q206 420 262 472 Q318 488 374 472 Q430 420 432 262 Z" fill="url(#cup)"/>
<ellipse cx="318" cy="262" rx="114" ry="28" fill="#e9dccb"/><ellipse cx="318" cy="264" rx="99" ry="21" fill="#4a2a16"/><path d="M250 262q68 26 136 0" stroke="#8a5a34" stroke-width="5" fill="none" opacity=".7"/>
<g fill="#8a6d5a" opacity=".5">${[
  [240, 330],
  [262, 392],
  [300, 352],
  [348, 416],
  [384, 336],
  [330, 306],
  [286, 440],
  [402, 380],
  [226, 300],
]
  .map(([x, y]) => `<circle cx="${x}" cy="${y}" r="2.6"/>`)
  .join('')}</g>${steam}`;

const travelCup = `<defs>${round('steel', '#8fd0cd', '#3c8f90', '#1d5558')}${round('cap', '#565d60', '#2c3234', '#121617')}</defs>${shadow(340, 522, 128, 22)}
<path d="M236 222 H404 L388 504 Q386 520 370 520 H270 Q254 520 252 504 Z" fill="url(#steel)"/><path d="M243 330h154l-4 66H247z" fill="#1b4a4c" opacity=".5"/>
<path d="M256 232l14 280" stroke="#fff" stroke-width="8" opacity=".35"/><rect x="226" y="186" width="188" height="40" rx="10" fill="url(#cap)"/><path d="M256 186l10-34h108l10 34z" fill="url(#cap)"/><rect x="296" y="142" width="48" height="12" rx="6" fill="#191e20"/>
${text(320, 372, 24, 'to go', '#d7efec')}`;

const kettle = `<defs>${round('kettle', '#8f84bb', '#574d80', '#2c2548')}</defs>${shadow(310, 520, 196, 26)}
<path d="M406 262q92-34 106 52t-62 148" fill="none" stroke="#201b30" stroke-width="22" stroke-linecap="round"/>
<path d="M214 430 Q128 430 128 316 Q128 240 96 226" fill="none" stroke="#473e6c" stroke-width="19" stroke-linecap="round"/><path d="M84 230l24-12" stroke="#2c2548" stroke-width="15" stroke-linecap="round"/>
<path d="M236 246 H396 Q440 400 452 500 Q452 518 434 518 H198 Q180 518 180 500 Q192 400 236 246 Z" fill="url(#kettle)"/><path d="M250 262q-36 110-44 236" stroke="#fff" stroke-width="9" opacity=".3" fill="none" stroke-linecap="round"/>
<path d="M244 246q72-40 144 0z" fill="#3b3360"/><circle cx="316" cy="208" r="15" fill="#201b30"/>`;

const moka = `<defs>${round('pot', '#f4f5f6', '#a9adb2', '#5f646a')}</defs>${shadow(330, 526, 146, 24)}
<path d="M250 366h140l34 146q2 14-12 14H228q-14 0-12-14z" fill="url(#pot)"/><path d="M288 366l-18 160M352 366l18 160" stroke="#5f646a" stroke-width="3" opacity=".55"/>
<rect x="240" y="338" width="160" height="30" rx="5" fill="#84898e"/><path d="M222 190h176l-8 148H250z" fill="url(#pot)"/><path d="M222 190l-28-6 22 38z" fill="#8f9499"/><path d="M278 190l8 148M342 190l-6 148" stroke="#5f646a" stroke-width="3" opacity=".5"/>
<path d="M228 190q82-52 164 0z" fill="#8f9499"/><circle cx="310" cy="150" r="13" fill="#23262a"/><path d="M398 210h54q18 0 17 20l-6 94" fill="none" stroke="#23262a" stroke-width="22" stroke-linecap="round"/><circle cx="320" cy="440" r="9" fill="#c9a24a"/>`;

const notebook = `<defs>${round('book', '#d97a5c', '#b5533c', '#7d3323')}</defs>${shadow(344, 520, 170, 24)}
<g transform="rotate(-7 320 350)"><rect x="216" y="168" width="232" height="336" rx="10" fill="#e9dfcf"/><path d="M446 178v318M441 176v322" stroke="#b9a98f" stroke-width="2"/><rect x="204" y="162" width="230" height="336" rx="10" fill="url(#book)"/><path d="M232 162v336" stroke="#5d2417" stroke-width="4" opacity=".5"/>
<rect x="262" y="228" width="142" height="84" rx="4" fill="#f8eadc"/>${text(333, 266, 20, 'Tasting', '#7d3323')}${text(333, 292, 20, 'notes', '#7d3323')}<rect x="408" y="162" width="11" height="336" fill="#3a1b13" opacity=".75"/></g>
<g transform="rotate(24 470 420)"><rect x="462" y="262" width="17" height="212" rx="7" fill="#2e3338"/><path d="M462 474h17l-8.500 30z" fill="#c9a24a"/><rect x="462" y="282" width="17" height="9" fill="#c9a24a"/></g>`;

const tea = `<defs>${round('tin', '#7cc795', '#3d8356', '#1d4e31')}</defs>${shadow(322, 516, 150, 24)}
<rect x="220" y="228" width="200" height="286" rx="12" fill="url(#tin)"/><rect x="214" y="186" width="212" height="58" rx="12" fill="#2d6643"/><path d="M214 232h212" stroke="#163d27" stroke-width="3" opacity=".6"/><rect x="236" y="296" width="168" height="150" rx="75" fill="#f2faf1"/>
<path d="M320 424v-62M320 384c-32 0-38-26-38-34 28 0 38 16 38 34zM320 372c0-28 18-38 40-38 0 24-14 38-40 38z" fill="#3d8356" stroke="#2d6643" stroke-width="4"/>${text(320, 330, 19, 'mint', '#1d4e31')}
<g fill="#4f9d68"><path d="M462 506c-8-34 18-54 50-54 4 32-16 56-50 54z"/><path d="M156 512c34 4 50-20 46-50-30 0-52 18-46 50z"/></g>`;

const giftBox = `<defs>${round('box', '#c95d70', '#a3394d', '#6f2031')}</defs>${shadow(326, 520, 190, 26)}
<rect x="164" y="300" width="312" height="218" rx="8" fill="url(#box)"/><rect x="150" y="252" width="340" height="62" rx="8" fill="#b44559"/><path d="M150 308h340" stroke="#6f2031" stroke-width="5" opacity=".5"/>
<rect x="296" y="252" width="48" height="266" fill="#f3dca6"/><rect x="296" y="252" width="12" height="266" fill="#fff3d0" opacity=".7"/>
<path d="M320 252c-20-70-118-92-122-40-3 36 70 40 122 40zM320 252c20-70 118-92 122-40 3 36-70 40-122 40z" fill="#f3dca6" stroke="#c9a860" stroke-width="4"/><ellipse cx="320" cy="248" rx="24" ry="19" fill="#e6c981"/>`;

const dipper = `<g transform="rotate(28 500 430)"><rect x="492" y="250" width="12" height="180" rx="6" fill="#b88a4a"/><g fill="#a87637">${[0, 1, 2, 3, 4].map((nth) => `<rect x="${476 - (nth % 4 === 0 ? -6 : 0)}" y="${418 + nth * 17}" width="${nth % 4 === 0 ? 32 : 44}" height="12" rx="6"/>`).join('')}</g></g>`;
const orange = `<g><circle cx="488" cy="466" r="50" fill="#ef9a3d"/><circle cx="488" cy="466" r="42" fill="#fbd9a0"/><g stroke="#ef9a3d" stroke-width="4">${[0, 45, 90, 135].map((turn) => `<path d="M488 426v80" transform="rotate(${turn} 488 466)"/>`).join('')}</g></g>`;

const scenes: readonly Scene[] = [
  {
    handle: 'morning-blend',
    wall: '#f6e8d8',
    table: '#d9b48c',
    art: bag('#b98257', '#7a4a2b', '#4a2a16', '#fbf3e6', ['Morning', 'blend']),
  },
  {
    handle: 'highland-single-origin',
    wall: '#e8f0e1',
    table: '#b9c7a4',
    art: bag('#7aa884', '#3f6b4a', '#1f3f29', '#f6f8ee', ['Highland', 'single origin']),
  },
  {
    handle: 'night-decaf',
    wall: '#dfe4f0',
    table: '#a9b3cf',
    art: bag('#7585bd', '#3c4a78', '#1e2748', '#f0f2fa', ['Night', 'decaf']),
  },
  { handle: 'stoneware-cup', wall: '#efe8df', table: '#c9b299', art: cup },
  { handle: 'travel-cup', wall: '#dcebea', table: '#9fc0bf', art: travelCup },
  { handle: 'pour-over-kettle', wall: '#ece9f5', table: '#b9b0d3', art: kettle },
  { handle: 'moka-pot', wall: '#eeebe7', table: '#c6beb3', art: moka },
  { handle: 'brewing-notebook', wall: '#f8eae1', table: '#deb8a2', art: notebook },
  {
    handle: 'orange-marmalade',
    wall: '#fdf0d8',
    table: '#e3bd83',
    art: jar('#f9b24d', '#e08a1e', '#a9580d', '#d8b97c', ['Orange', 'marmalade'], orange),
  },
  {
    handle: 'wildflower-honey',
    wall: '#fbf3da',
    table: '#dcc07e',
    art: jar('#f8d46a', '#d69a1f', '#8f5f0c', '#cfae68', ['Wildflower', 'honey'], dipper),
  },
  { handle: 'mint-tea', wall: '#e6f3e7', table: '#abcdb1', art: tea },
  { handle: 'gift-box', wall: '#f8e4e7', table: '#dfaeb6', art: giftBox },
];

const drawing = ({ wall, table, art }: Scene): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${SIZE}" height="${SIZE}" viewBox="0 0 640 640"><defs><linearGradient id="wall" y2="1" x2=".6"><stop stop-color="#fff"/><stop offset=".55" stop-color="${wall}"/><stop offset="1" stop-color="${wall}"/></linearGradient><linearGradient id="table" x2="0" y2="1"><stop stop-color="${table}"/><stop offset="1" stop-color="${table}" stop-opacity=".72"/></linearGradient><filter id="soft" x="-30%" y="-90%" width="160%" height="280%"><feGaussianBlur stdDeviation="13"/></filter><filter id="mist" x="-40%" y="-40%" width="180%" height="180%"><feGaussianBlur stdDeviation="7"/></filter></defs><rect width="640" height="640" fill="url(#wall)"/><path d="M0 448 H640 V640 H0 Z" fill="url(#table)"/><path d="M0 448 H640" stroke="#fff" stroke-width="3" opacity=".5"/>${art}</svg>`;

const executablePath = process.env['CHROMIUM_PATH'];
const browser = await chromium.launch(executablePath === undefined ? {} : { executablePath });
const page = await browser.newPage();
for (const scene of scenes) {
  const url: string = await page.evaluate(
    async ([svg, size, quality]) => {
      const picture = new Image();
      picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
      await picture.decode();
      const canvas = document.createElement('canvas');
      canvas.width = canvas.height = size;
      canvas.getContext('2d')?.drawImage(picture, 0, 0, size, size);
      return canvas.toDataURL('image/webp', quality);
    },
    [drawing(scene), SIZE, QUALITY] as const,
  );
  const bytes = Buffer.from(url.split(',')[1] ?? '', 'base64');
  writeFileSync(new URL(`${scene.handle}.webp`, import.meta.url), bytes);
  console.log(`${scene.handle}.webp, ${(bytes.length / 1024).toFixed(1)} kB`);
}
await browser.close();
