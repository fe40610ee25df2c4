/** Asks the endpoint's page to do something, by its intent. */
export type Send = (intent: string, more?: Readonly<Record<string, string>>) => void;
