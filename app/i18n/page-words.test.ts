import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import dashboard from './locales/en/dashboard.json' with { type: 'json' };
import { EVERYWHERE, PAGE_SECTIONS, pageAt, showsField } from './page-words.ts';

const app = path.join(import.meta.dirname, '..');
const routes = path.join(app, 'routes');
const sections = Object.keys(dashboard);

/** The files of a page that browsers load: those that it imports, and those in turn. */
function filesOf(start: string): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [start];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (found.has(file)) continue;
    found.add(file);
    const source = readFileSync(file, 'utf8');
    for (const [, isType, from = '', lazily = ''] of source.matchAll(
      /(?:^|\n)(?:import|export)\s+(type\s+)?[^;]*?from\s+'(\.[^']+)'|import\(\s*'(\.[^']+)'/g,
    )) {
      const spec = from || lazily;
      if (isType !== undefined || !/(?<!\.server)\.tsx?$/.test(spec)) continue;
      const imported = path.resolve(path.dirname(file), spec);
      if (existsSync(imported)) open.push(imported);
    }
  }
  return found;
}

const sectionsUsed = (route: string) =>
  sections.filter((section) =>
    [...filesOf(path.join(routes, route))].some((file) =>
      new RegExp(`['\`]${section}\\.[a-zA-Z$]`).test(readFileSync(file, 'utf8')),
    ),
  );

/** `app.customers.$id.tsx` is at /app/customers/… */
const addressOf = (route: string) =>
  `/${route
    .replace(/\.tsx$/, '')
    .replaceAll('_.', '.')
    .replace(/\._index$/, '')
    .replaceAll('.', '/')}`;

const pages = readdirSync(routes).filter((name) => /^app\.(_index|[a-z].*)\.?.*tsx$/.test(name));

it.each(pages)('%s has all words that it shows in what browsers load for it', (route) => {
  const page = pageAt(addressOf(route));
  if (page === undefined) return;
  const loaded: readonly string[] = [...EVERYWHERE, ...PAGE_SECTIONS[page]];
  expect(sectionsUsed(route).filter((section) => !loaded.includes(section))).toEqual([]);
});

it('a page is known by its address, and all others have all words', () => {
  expect(pageAt('/app')).toBe('home');
  expect(pageAt('/app/')).toBe('home');
  expect(pageAt('/app/customers/123')).toBe('customers');
  expect(pageAt('/app/program')).toBe('program');
  expect(pageAt('/app/program/earn/purchase')).toBe('rules');
  expect(pageAt('/app/elsewhere')).toBeUndefined();
  expect(pageAt('/app/constructor')).toBeUndefined();
});

it('what is said beside a field goes to the pages whose forms have it', () => {
  expect(showsField('campaigns', 'campaign_name')).toBe(true);
  expect(showsField('home', 'campaign_name')).toBe(false);
  expect(showsField('home', 'required')).toBe(true);
  // Forms name their messages in the feature of their page alone.
  const features = path.join(app, 'features');
  const saysOf = (folder: string) =>
    readdirSync(path.join(features, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.schema\.ts$/.test(file))
      .map((file) => readFileSync(path.join(features, folder, file), 'utf8'))
      .join();
  const owners: Readonly<Record<string, string>> = { 'vip-tiers': 'tiers' };
  for (const folder of readdirSync(features)) {
    const page = owners[folder] ?? folder;
    if (!Object.hasOwn(PAGE_SECTIONS, page)) continue;
    const said = saysOf(folder);
    for (const key of Object.keys(dashboard.fields))
      if (said.includes(`'${key}'`))
        expect({ folder, key, shown: showsField(page, key) }).toEqual({ folder, key, shown: true });
  }
});
