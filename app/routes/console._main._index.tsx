import { useLoaderData } from '@remix-run/react';
import { consoleLoader } from '../features/console/console-request.server.ts';
import { HomePage } from '../features/console/home-page.tsx';
import { loadHome } from '../features/console/queues.server.ts';

export const loader = consoleLoader(loadHome, { scope: 'admin:overview' });

export default function Home() {
  return <HomePage {...useLoaderData<typeof loader>()} />;
}
