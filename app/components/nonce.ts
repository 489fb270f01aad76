import { createContext } from 'react';

/** What the document's policy lets scripts run by; known to the server alone, since browsers hide it from the page. */
export const NonceContext = createContext<string | undefined>(undefined);
