import { spawn } from 'node:child_process';
import { root } from './paths.ts';
import { Problem, withPrograms } from './process.ts';

/**
 * The environment of the web process when Shopify's command line starts it: that names the public address of its tunnel
 * `HOST` (and `APP_URL`), which on other machines is the name of the machine. What is not given stays as it is.
 */
export function webEnvironment(
  given: Readonly<Record<string, string | undefined>>,
): NodeJS.ProcessEnv {
  const address = [given.HOST, given.APP_URL, given.SHOPIFY_APP_URL].find((text) =>
    /^https?:\/\//.test(text ?? ''),
  );
  // Remix's server takes HOST for the address to listen on.
  const { HOST: _, ...rest } = given;
  return {
    ...rest,
    NODE_ENV: 'development',
    ...(address === undefined ? {} : { SHOPIFY_APP_URL: address }),
  };
}

/** `npm run dev:web`: the web process with hot reload, as shopify.web.toml has it started. */
export async function devWeb(): Promise<void> {
  const env = webEnvironment(process.env);
  const missing = ['DATABASE_URL', 'CORE_SIGNING_KEY', 'SHOPIFY_API_KEY', 'SHOPIFY_APP_URL'].filter(
    (name) => (env[name] ?? '') === '',
  );
  if (missing.length > 0)
    throw new Problem(
      `${missing.join(', ')}: missing. This is what \`shopify app dev\` starts; \`npm run dev\` starts that with all it needs.`,
    );
  const web = spawn('remix', ['vite:dev', '--port', env.PORT ?? '3000'], {
    cwd: root,
    stdio: 'inherit',
    env: withPrograms(env),
    shell: process.platform === 'win32',
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => web.kill(signal));
  const code = await new Promise<number>((resolve) => {
    web.once('error', () => resolve(127));
    web.once('exit', (status) => resolve(status ?? 0));
  });
  if (code !== 0) throw new Problem(`The web process ended (exit code ${code}).`);
}
