import { createContext } from 'react';

/** The nonce of a page's own scripts; undefined without such a policy. */
export const NonceContext = createContext<string | undefined>(undefined);
