import { createContext } from 'react';

/** The word by which a page's own scripts are known to its policy; undefined where there is no such policy. */
export const NonceContext = createContext<string | undefined>(undefined);
