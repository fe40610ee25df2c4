import { Link, useNavigate } from '@remix-run/react';
import { AppProvider, type AppProviderProps } from '@shopify/polaris';
import english from '@shopify/polaris/locales/en.json';
import { forwardRef, useEffect, type ComponentPropsWithoutRef, type ReactNode } from 'react';
import { isOutside } from './outside.ts';

type LinkProps = Omit<ComponentPropsWithoutRef<'a'>, 'href' | 'target'> & {
  readonly url: string;
  readonly external?: boolean;
  readonly target?: '_blank' | '_self' | '_parent' | '_top';
};

/**
 * Polaris's link component. Links outside the app open in the top window: Shopify's pages refuse to be shown in
 * the frame that the app is in. Shopify's own component drops `external` and opens everything in the frame.
 */
const DashboardLink = forwardRef<HTMLAnchorElement, LinkProps>(function DashboardLink(
  { url, external, target, rel, children, ...rest },
  ref,
) {
  if (!isOutside(url) && external !== true)
    return (
      <Link {...rest} ref={ref} to={url} {...(target !== undefined && { target })}>
        {children}
      </Link>
    );
  return (
    <a
      {...rest}
      ref={ref}
      href={url}
      target={external === true || target === '_blank' ? '_blank' : '_top'}
      rel={rel ?? 'noopener noreferrer'}
    >
      {children}
    </a>
  );
});

interface DashboardProviderProps {
  /** Polaris's own words; absent for English. */
  words: AppProviderProps['i18n'] | undefined;
  children: ReactNode;
}

/** Polaris with our links, and navigation events from the menu in Shopify's admin. */
export function DashboardProvider({ words = english, children }: DashboardProviderProps) {
  const navigate = useNavigate();
  useEffect(() => {
    const follow = ({ target }: Event) => {
      const address = target instanceof Element ? target.getAttribute('href') : null;
      if (address !== null) void navigate(address);
    };
    addEventListener('shopify:navigate', follow);
    return () => removeEventListener('shopify:navigate', follow);
  }, [navigate]);
  return (
    <AppProvider i18n={words} linkComponent={DashboardLink}>
      {children}
    </AppProvider>
  );
}
