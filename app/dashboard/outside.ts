/** Whether a URL leaves the app: any with a scheme or host. */
export const isOutside = (address: string): boolean =>
  /^([a-z][a-z\d+.-]*:|[/\\]{2})/i.test(address);
