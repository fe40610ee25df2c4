interface Choice {
  readonly value: string;
  readonly label: string;
}

/** One of a few values, under its name in the address. */
export interface ChoiceFilter {
  readonly key: string;
  readonly label: string;
  readonly value: string;
  readonly choices: readonly Choice[];
}

/** Days from and to, as `from` and `to` in the address. */
export interface DateFilter {
  readonly key: string;
  readonly label: string;
  readonly from: string;
  readonly to: string;
  /** The days that are chosen, in words. */
  readonly said: string;
}

export interface ListFiltersProps {
  /** Absent where there is nothing to type. */
  readonly search?: { readonly name: string; readonly label: string; readonly value: string };
  /** Tabs over the list, each one value of a name in the address. */
  readonly views?: {
    readonly name: string;
    readonly value: string;
    readonly choices: readonly Choice[];
  };
  readonly filters: readonly (ChoiceFilter | DateFilter)[];
  readonly sort?: {
    readonly name: string;
    readonly value: string;
    readonly choices: readonly (Choice & { readonly direction: string })[];
  };
  /** Changes the address; an empty value takes its name out. */
  readonly onChange: (changes: Readonly<Record<string, string>>) => void;
}
