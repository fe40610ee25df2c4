import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fromRoot } from '#infra/local/paths.ts';
import { behindSignedLinks, dashboardPages, layouts, openedByJourneys } from './pages.ts';

const routes = readdirSync(fromRoot('app/routes'))
  .filter((name) => name.endsWith('.tsx'))
  .map((name) => name.replace(/\.tsx$/, ''));
const pages = routes.filter((route) =>
  /^export default|default \}/m.test(readFileSync(fromRoot('app/routes', `${route}.tsx`), 'utf8')),
);
const pictured = [...Object.keys(dashboardPages), ...openedByJourneys, ...behindSignedLinks];

describe('the pictures', () => {
  it('show every page of the app', () => {
    expect(pages.filter((page) => ![...pictured, ...layouts].includes(page))).toEqual([]);
  });

  it('name no page that is gone', () => {
    expect([...pictured, ...layouts].filter((page) => !routes.includes(page))).toEqual([]);
  });

  it('have a name each', () => {
    const names = Object.values(dashboardPages).flatMap((one) => Object.keys(one));
    expect(new Set(names).size).toBe(names.length);
  });
});
