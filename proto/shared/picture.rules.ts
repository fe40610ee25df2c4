const PICTURE = /^picture:([0-9a-f]{32})$/;

/**
 * A picture that the shop uploaded, as a reward or the content names it: `picture:` and 32 hexadecimal digits, without
 * the shop. It is looked up among the shop's own files alone, so it leads nowhere in another shop.
 */
export const isPicture = (text: string): boolean => PICTURE.test(text);

/** The id in what {@link isPicture}; undefined for all else. */
export const pictureId = (text: string): string | undefined => PICTURE.exec(text)?.[1];

export const pictureNamed = (id: string): string => `picture:${id}`;
